package org.flowline.neuralode.training.flow;

import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// A ball with mass on the loss, in the state `(v, θ)`:
///
///     dv/dτ = −γ v − ∇L(θ)        dθ/dτ = v
///
/// Semi-implicit Euler with `h = √η` and `γ = (1 − μ)/√η` is momentum, `b ← μ b + ∇L`, `θ ← θ − η
/// b`, with `v = −√η b`; up to rounding, since μ is not stored but comes out of `1 − γh`. Polyak
/// (1964).
///
/// Not thread-safe; evaluating allocates nothing beyond what the objective does.
public final class HeavyBallFlow implements TrainingFlow, PartitionedField {
  private final Objective objective;
  private final double friction;
  private final double[] theta;
  private final double[] gradient;

  /// The flow from rest, `v = 0`.
  ///
  /// @param friction `γ ≥ 0`
  /// @throws IllegalArgumentException if it is negative or not finite
  public HeavyBallFlow(Objective objective, double friction) {
    if (!(friction >= 0) || Double.isInfinite(friction)) {
      throw new IllegalArgumentException("heavy ball: friction " + friction + "; want γ ≥ 0");
    }
    this.objective = objective;
    this.friction = friction;
    this.theta = new double[objective.dimension()];
    this.gradient = new double[objective.dimension()];
  }

  @Override
  public Objective objective() {
    return objective;
  }

  @Override
  public int dimension() {
    return 2 * theta.length;
  }

  @Override
  public int split() {
    return theta.length;
  }

  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    int p = theta.length;
    System.arraycopy(state, p, theta, 0, p);
    objective.gradient(tau, theta, gradient);
    for (int i = 0; i < p; i++) {
      rate[i] = -friction * state[i] - gradient[i];
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    System.arraycopy(state, 0, rate, theta.length, theta.length);
  }

  /// `(2 + 2μ)/h²` with `μ = 1 − γh`, of semi-implicit Euler: of momentum `(2 + 2μ)/η`.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    double mu = 1 - friction * h;
    return method == Methods.SEMI_IMPLICIT_EULER && mu > -1
        ? OptionalDouble.of((2 + 2 * mu) / (h * h))
        : OptionalDouble.empty();
  }
}
