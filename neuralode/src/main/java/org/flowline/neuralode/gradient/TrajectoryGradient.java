package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;

/// A loss along a trajectory and its gradient. Where a solve fails, or loss, cotangents or gradient
/// are not finite, `status` says why and the numbers are NaN, but for a loss that was computed.
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

  /// This gradient, or where θ's or the start's is not finite although all solves succeeded, one
  /// that says so: as the continuous adjoints, whose solves then fail.
  TrajectoryGradient orNotFinite() {
    if (!status.succeeded() || areFinite(theta) && areFinite(y0)) {
      return this;
    }
    String message =
        "gradient: not finite, though loss and states are; the field's pullback gives NaN or"
            + " infinity there, or its derivatives grow beyond all numbers";
    double[] nan = new double[Math.max(Math.max(theta.length, y0.length), times.length)];
    Arrays.fill(nan, Double.NaN);
    return new TrajectoryGradient(
        loss,
        Arrays.copyOf(nan, theta.length),
        Arrays.copyOf(nan, y0.length),
        Arrays.copyOf(nan, times.length),
        new Status(Reason.NON_FINITE_STATE, status.t(), status.h(), status.steps(), -1, message),
        forward,
        backwardEvaluations,
        drift);
  }

  private static boolean areFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /// The same numbers, at this cost and with this drift.
  TrajectoryGradient with(long backwardEvaluations, double drift) {
    return new TrajectoryGradient(
        loss, theta, y0, times, status, forward, backwardEvaluations, drift);
  }
}
