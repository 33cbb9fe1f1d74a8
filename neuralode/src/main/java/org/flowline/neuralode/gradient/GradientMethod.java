package org.flowline.neuralode.gradient;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;

/// A method to compute the gradient of a loss along a trajectory.
///
/// | | gradient of | memory | where wrong |
/// |---|---|---|---|
/// | [DiscreteAdjoint] | the computed trajectory, exactly | all accepted steps | nowhere |
/// | [Checkpointed] | the same, to the last bit | checkpoints | nowhere |
/// | [ReversibleAdjoint] | the computed trajectory, to rounding | two states | far back |
/// | [InterpolatedAdjoint] | the true trajectory, nearly | all accepted steps | nowhere |
/// | [Backsolve] | the true trajectory, nearly | O(1) in the steps | on contracting fields |
/// | [ForwardSensitivity] | the true trajectory, nearly | O(1) in the steps | nowhere, but slow |
///
/// All but [ReversibleAdjoint] differentiate through events: see
/// [org.flowline.neuralode.event.TracedEvents] and [org.flowline.neuralode.event.EventLoss]. An
/// event that stops or marks needs derivatives only where the loss depends on it; one that jumps
/// needs the derivatives of `g` and of the jump.
///
/// Use [DiscreteAdjoint]; where its memory does not fit, [Checkpointed].
public sealed interface GradientMethod
    permits DiscreteAdjoint,
        Checkpointed,
        ReversibleAdjoint,
        InterpolatedAdjoint,
        Backsolve,
        ForwardSensitivity {

  /// The solver for `y`.
  Integrator forward();

  /// Solves `dy/dt = f(t, y; θ)` from `y0` at `times[0]`, observes it at every one of `times`, and
  /// differentiates the loss with respect to the field's bound θ, `y0` and the times.
  ///
  /// Times after an event that stops the solve are not observed: their states are NaN, and the loss
  /// must not depend on them.
  ///
  /// A loss or a cotangent that is NaN or infinite gives NaN and the same
  /// [org.flowline.odesolvers.Status.Reason#NON_FINITE_STATE] by every method.
  ///
  /// @param times monotone in either direction, where equal ones may follow one another; the loss
  ///     need not depend on the state at any of them, the start and the end included
  /// @throws IllegalArgumentException if `y0`, `times` or the loss do not fit, if the field has a
  ///     hidden state or draws random numbers, or if the loss depends on a state after the end or
  ///     on an event without a derivative
  default TrajectoryGradient gradient(
      DifferentiableField field, double[] y0, double[] times, TrajectoryLoss loss) {
    return prepare(field).gradient(y0, times, loss);
  }

  /// Prepares this method for many gradients of one field, as in training, with reused memory.
  ///
  /// @throws IllegalArgumentException if the field lacks a derivative that the method needs
  PreparedGradient prepare(DifferentiableField field);
}
