package org.flowline.neuralode.gradient;

import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;

/// A loss along a trajectory and its gradient. Where a solve fails, or loss, cotangents or gradient
/// are not finite, `status` says why and the numbers are NaN, except a loss that was computed.
///
/// @param loss the loss
/// @param theta `∂L/∂θ`
/// @param y0 `∂L/∂y0`
/// @param times `∂L/∂tᵢ` for every observation time, the first and the last included
/// @param status the status of the solves
/// @param forward the cost of the forward solve
/// @param backwardEvaluations pullbacks of `f`, each about three evaluations
/// @param drift the distance of `y`, as solved backwards by [Backsolve], from the forward solution,
///     relative to the largest number observed; infinite where that solve failed, NaN for methods
///     that do not solve `y` backwards
/// @param separation the largest distance between the two states of [ReversibleAdjoint], relative
/// to
///     the largest number observed; NaN for other methods
public record TrajectoryGradient(
    double loss,
    double[] theta,
    double[] y0,
    double[] times,
    Status status,
    Stats forward,
    long backwardEvaluations,
    double drift,
    double separation) {

  /// The gradient of a method that cannot drift.
  public TrajectoryGradient(
      double loss,
      double[] theta,
      double[] y0,
      double[] times,
      Status status,
      Stats forward,
      long backwardEvaluations) {
    this(loss, theta, y0, times, status, forward, backwardEvaluations, Double.NaN, Double.NaN);
  }

  /// This gradient, or a failed one where `theta` or `y0` is not finite although all solves
  /// succeeded, as for the continuous adjoints, whose solves fail then.
  TrajectoryGradient orNotFinite() {
    if (!status.succeeded() || areFinite(theta) && areFinite(y0)) {
      return this;
    }
    String message =
        "gradient: not finite, though loss and states are; the field's pullback gives NaN or"
            + " infinity there, or its derivatives grow beyond all numbers";
    return new TrajectoryGradient(
        loss,
        ForwardPass.nan(theta.length),
        ForwardPass.nan(y0.length),
        ForwardPass.nan(times.length),
        new Status(Reason.NON_FINITE_STATE, status.t(), status.h(), status.steps(), -1, message),
        forward,
        backwardEvaluations,
        drift,
        separation);
  }

  private static boolean areFinite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /// This gradient with its derivatives multiplied, in place, by `2ᵏ`, `k = exponent`.
  TrajectoryGradient scaled(int exponent) {
    for (double[] bars : List.of(theta, y0, times)) {
      Vectors.scale(Math.scalb(1.0, exponent), bars, bars, 0, bars.length);
    }
    return this;
  }

  /// This gradient with another cost and drift.
  TrajectoryGradient with(long backwardEvaluations, double drift) {
    return new TrajectoryGradient(
        loss, theta, y0, times, status, forward, backwardEvaluations, drift, separation);
  }

  @Override
  public String toString() {
    return "loss %s, gradient of %s parameters, %s components and %s times: %s"
        .formatted(loss, theta.length, y0.length, times.length, status);
  }
}
