package org.flowline.neuralode.gradient;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;

/// A loss by one forward solve, which records no steps.
///
/// @param value the loss, to the bits of [TrajectoryGradient#loss]; NaN where the solve fails or
///     the loss or one of its cotangents is not finite
/// @param status how the solve ended, or why there is no loss
/// @param evaluations of the field
public record ForwardLoss(double value, Status status, long evaluations) {

  /// Solves the field with its bound θ from `y0` and evaluates the loss at `times`.
  ///
  /// @throws IllegalArgumentException if the loss depends on a state after the end
  public static ForwardLoss of(
      Integrator solver,
      DifferentiableField field,
      double[] y0,
      double[] times,
      TrajectoryLoss loss) {
    Solution solution = solver.solve(field, y0, times);
    long evaluations = solution.stats().evaluations();
    if (!solution.status().succeeded()) {
      return new ForwardLoss(Double.NaN, solution.status(), evaluations);
    }
    LossCotangents found = LossCotangents.of(loss, times, solution, field.dimension());
    double value = found.status().succeeded() ? found.value() : Double.NaN;
    return new ForwardLoss(value, found.status(), evaluations);
  }
}
