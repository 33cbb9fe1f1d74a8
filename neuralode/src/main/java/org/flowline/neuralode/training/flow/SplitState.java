package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import org.flowline.neuralode.Objective;

/// The layout of the state `(u, θ)` of a [SplitFlow], and the gradient of its objective at θ.
///
/// Caches the last `∇L`. Not thread-safe; allocates nothing beyond what the objective does.
public final class SplitState {
  private final Objective objective;
  private final int blocks;
  private final double[] theta;
  private final double[] gradient;

  /// The layout with this many blocks of θ's length before θ.
  public SplitState(Objective objective, int blocks) {
    this.objective = objective;
    this.blocks = blocks;
    this.theta = new double[objective.dimension()];
    this.gradient = new double[objective.dimension()];
    Arrays.fill(theta, Double.NaN);
  }

  /// @throws IllegalArgumentException unless the condition holds
  static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(what + " " + came + "; want " + wanted);
    }
  }

  Objective objective() {
    return objective;
  }

  int dimension() {
    return (blocks + 1) * theta.length;
  }

  /// The length of `u`.
  public int split() {
    return blocks * theta.length;
  }

  /// `∇L` at the θ of a state; the array is reused.
  public double[] gradient(double tau, double[] state) {
    System.arraycopy(state, split(), theta, 0, theta.length);
    objective.gradient(tau, theta, gradient);
    return gradient;
  }

  /// The last `∇L` if θ has not moved since, else a new one.
  public double[] sameGradient(double tau, double[] state) {
    int from = split();
    return Arrays.equals(theta, 0, theta.length, state, from, from + theta.length)
        ? gradient
        : gradient(tau, state);
  }
}
