package org.flowline.neuralode;

/// How the gradient of a loss along a trajectory is computed.
///
/// | | gradient of | memory | where wrong |
/// |---|---|---|---|
/// | [DiscreteAdjoint] | the computed trajectory, exactly | all accepted steps | nowhere |
/// | [Backsolve] | the true trajectory, nearly | O(1) in the steps | contracting fields |
///
/// Use [DiscreteAdjoint] unless its memory does not fit.
public sealed interface GradientMethod permits DiscreteAdjoint, Backsolve {

  /// Solves `dy/dt = f(t, y; θ)` from `y0` at `times[0]`, observes it at every one of `times`, and
  /// differentiates the loss with respect to the field's bound θ, `y0` and the times.
  ///
  /// @param times strictly monotone, in either direction
  TrajectoryGradient gradient(
      DifferentiableField field, double[] y0, double[] times, TrajectoryLoss loss);
}
