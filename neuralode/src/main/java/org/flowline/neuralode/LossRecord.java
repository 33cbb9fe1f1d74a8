package org.flowline.neuralode;

import java.util.Arrays;
import java.util.Optional;
import org.flowline.odesolvers.Status;

/// An objective that remembers its latest losses by training time, so that those who watch a solve
/// need not compute them again.
///
/// A loss that is not finite makes the gradient NaN, so that the solve ends there.
final class LossRecord implements Objective {
  /// More than the stages of any method, so that the loss at a step's start is still there at its
  /// end.
  private static final int KEPT = 64;

  private final Objective objective;
  private final double[] taus = new double[KEPT];
  private final double[] losses = new double[KEPT];
  private int count;

  LossRecord(Objective objective) {
    this.objective = objective;
  }

  /// The latest loss computed at training time `tau`, NaN if there is none.
  double at(double tau) {
    for (int i = count - 1; i >= Math.max(0, count - KEPT); i--) {
      if (taus[i % KEPT] == tau) {
        return losses[i % KEPT];
      }
    }
    return Double.NaN;
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss = objective.gradient(tau, theta, gradient);
    taus[count % KEPT] = tau;
    losses[count % KEPT] = loss;
    if (!Double.isFinite(loss)) {
      Arrays.fill(gradient, Double.NaN);
    }
    count++;
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
