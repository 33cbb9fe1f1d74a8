package org.flowline.neuralode;

import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;

/// A loss along a trajectory and its gradient. Where a solve fails, `status` says why and the
/// numbers are NaN.
///
/// @param loss the loss
/// @param theta `∂L/∂θ`
/// @param y0 `∂L/∂y0`
/// @param times `∂L/∂tᵢ` for every observation time, the first and the last included
/// @param status how the solves ended
/// @param forward the cost of the forward solve
/// @param backwardEvaluations pullbacks of `f`, each about three evaluations
/// @param drift of [Backsolve], how far its `y` came off the forward solution, in parts of the
///     largest number observed, and infinite where its solve failed; NaN of other methods
public record TrajectoryGradient(
    double loss,
    double[] theta,
    double[] y0,
    double[] times,
    Status status,
    Stats forward,
    long backwardEvaluations,
    double drift) {

  /// Of a method that solves `y` once, and cannot drift.
  public TrajectoryGradient(
      double loss,
      double[] theta,
      double[] y0,
      double[] times,
      Status status,
      Stats forward,
      long backwardEvaluations) {
    this(loss, theta, y0, times, status, forward, backwardEvaluations, Double.NaN);
  }

  /// The same numbers, at this cost and with this drift.
  TrajectoryGradient with(long backwardEvaluations, double drift) {
    return new TrajectoryGradient(
        loss, theta, y0, times, status, forward, backwardEvaluations, drift);
  }
}
