package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.odesolvers.Status;

/// An objective that remembers the loss at the start of the step being made, so that those who
/// watch the solve need not compute it again.
///
/// The objective is asked at the time of the step's start, so that it does not change within a
/// step. A loss that is not finite makes the gradient NaN, so that the solve ends there.
final class LossRecord implements Objective {
  private final Objective objective;
  private final double[] scratch;
  private double start;
  private boolean atStart = true;
  private double startLoss = Double.NaN;
  private double lastTau = Double.NaN;
  private double lastLoss = Double.NaN;

  LossRecord(Objective objective) {
    this.objective = objective;
    this.scratch = new double[objective.dimension()];
  }

  /// The next step starts here. Its first evaluation is there, unless the last stage of the step
  /// before was.
  void startAt(double tau) {
    start = tau;
    atStart = true;
    startLoss = lastTau == tau ? lastLoss : Double.NaN;
  }

  /// The loss where the current step starts, NaN until it is computed.
  double atStart() {
    return startLoss;
  }

  /// The loss at `theta`, computed aside.
  double lossOf(double tau, double[] theta) {
    return objective.gradient(tau, theta, scratch);
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss = objective.gradient(start, theta, gradient);
    lastTau = tau;
    lastLoss = loss;
    if (atStart && tau == start) {
      startLoss = loss;
    }
    atStart = false;
    if (!Double.isFinite(loss)) {
      Arrays.fill(gradient, Double.NaN);
    }
    return loss;
  }

  @Override
  public int phase(double tau) {
    return objective.phase(tau);
  }

  @Override
  public Optional<Status> failure() {
    return objective.failure();
  }
}
