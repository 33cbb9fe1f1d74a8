package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.PartitionedField;

/// A ball with mass on the loss, in the state `(v, θ)`:
///
///     dv/dτ = −γ v − ∇L(θ)        dθ/dτ = v
///
/// Semi-implicit Euler with `h = √η` and `γ = (1 − μ)/√η` is momentum, `b ← μ b + ∇L`, `θ ← θ − η
/// b`, with `v = −√η b`; up to rounding, since μ is not stored but comes out of `1 − γh`. Polyak
/// (1964).
///
/// @param friction `γ ≥ 0`
public record HeavyBallFlow(Objective objective, double friction)
    implements TrainingFlow, PartitionedField {

  @Override
  public int dimension() {
    return 2 * objective.dimension();
  }

  @Override
  public int split() {
    return objective.dimension();
  }

  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    int p = split();
    double[] theta = Arrays.copyOfRange(state, p, 2 * p);
    double[] gradient = new double[p];
    objective.gradient(tau, theta, gradient);
    for (int i = 0; i < p; i++) {
      rate[i] = -friction * state[i] - gradient[i];
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    System.arraycopy(state, 0, rate, split(), split());
  }
}
