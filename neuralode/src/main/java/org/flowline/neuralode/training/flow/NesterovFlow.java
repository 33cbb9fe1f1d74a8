package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Nesterov's accelerated descent in continuous time, in the state `(v, θ)`:
///
///     dv/dτ = −γ(τ) v − ∇L(θ)        dθ/dτ = (1 − δ γ(τ)) v − δ ∇L(θ)
///
/// Semi-implicit Euler with `h = δ = √η` is Nesterov's method up to rounding, where θ is the point
/// at which the gradient is taken, the one that looks ahead, and `v = (xₖ − xₖ₋₁)/h`:
///
///     xₖ₊₁ = θₖ − η ∇L(θₖ)        θₖ₊₁ = xₖ₊₁ + μₖ₊₁ (xₖ₊₁ − xₖ)        μₖ = 1 − h γ(kh)
///
/// With `δ = 0` it is the limit of small steps, `θ'' + γ θ' + ∇L = 0`, whose friction [#vanishing]
/// lets the loss fall as `2‖θ₀ − θ*‖²/τ²` where it is convex. Nesterov (1983); Su, Boyd & Candès
/// (2016), J. Mach. Learn. Res. 17(153), eqs. 1–3.
///
/// The gradient at a θ is computed once and used in both blocks. Not thread-safe; evaluating
/// allocates nothing beyond what the objective does.
public final class NesterovFlow implements TrainingFlow, PartitionedField {

  /// How friction depends on training time.
  ///
  /// @param constant `γ`, or 0
  /// @param inverse `r` of `γ = r/(τ + 2δ)`, or 0
  public record Friction(double constant, double inverse) {

    /// @throws IllegalArgumentException if one is negative or not finite
    public Friction {
      if (!(constant >= 0 && inverse >= 0 && Double.isFinite(constant + inverse))) {
        throw new IllegalArgumentException(
            "friction: constant " + constant + ", inverse " + inverse + "; want numbers ≥ 0");
      }
    }

    private double at(double tau, double lookAhead) {
      return inverse == 0 ? constant : constant + inverse / (tau + 2 * lookAhead);
    }
  }

  private final Objective objective;
  private final Friction friction;
  private final double lookAhead;
  private final double[] theta;
  private final double[] gradient;

  /// The flow from rest, `v = 0`.
  ///
  /// @param lookAhead `δ`, the step of the textbook's method or 0
  /// @throws IllegalArgumentException if it is negative or not finite
  public NesterovFlow(Objective objective, Friction friction, double lookAhead) {
    if (!(lookAhead >= 0) || Double.isInfinite(lookAhead)) {
      throw new IllegalArgumentException("nesterov: look-ahead " + lookAhead + "; want δ ≥ 0");
    }
    this.objective = objective;
    this.friction = friction;
    this.lookAhead = lookAhead;
    this.theta = new double[objective.dimension()];
    this.gradient = new double[objective.dimension()];
    Arrays.fill(theta, Double.NaN);
  }

  /// `γ = 3/(τ + 2δ)`: in the k-th step of `h = δ` it is `μₖ = (k − 1)/(k + 2)`.
  public static Friction vanishing() {
    return new Friction(0, 3);
  }

  /// `γ` always.
  public static Friction constant(double gamma) {
    return new Friction(gamma, 0);
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

  /// The point `x = θ − δ (1 − δγ) v` that does not look ahead, which the textbook's bounds are of.
  public double[] main(double tau, double[] state) {
    int p = theta.length;
    double ahead = lookAhead == 0 ? 0 : lookAhead * (1 - lookAhead * friction.at(tau, lookAhead));
    double[] x = new double[p];
    for (int i = 0; i < p; i++) {
      x[i] = state[p + i] - ahead * state[i];
    }
    return x;
  }

  /// Where friction is infinite, at `τ = 0` with `δ = 0`, the ball rests, and `θ'' = −∇L/(1 + r)`
  /// continues the only smooth solution.
  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    differentiate(tau, state);
    double gamma = friction.at(tau, lookAhead);
    for (int i = 0; i < theta.length; i++) {
      rate[i] =
          Double.isInfinite(gamma)
              ? -gradient[i] / (1 + friction.inverse())
              : -gamma * state[i] - gradient[i];
    }
  }

  /// With the gradient of [#evaluateFirst] if θ has not moved since then.
  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    int p = theta.length;
    if (lookAhead == 0) {
      System.arraycopy(state, 0, rate, p, p);
      return;
    }
    if (!Arrays.equals(theta, 0, p, state, p, 2 * p)) {
      differentiate(tau, state);
    }
    double mu = 1 - lookAhead * friction.at(tau, lookAhead);
    for (int i = 0; i < p; i++) {
      rate[p + i] = mu * state[i] - lookAhead * gradient[i];
    }
  }

  /// `(2 + 2μ)/((1 + 2μ) h²)` with `μ = 1 − γh`, of semi-implicit Euler with `h = δ`. Cohen et al.
  /// (2021), appendix A.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    double mu = 1 - h * friction.at(tau, lookAhead);
    return method == Methods.SEMI_IMPLICIT_EULER && h == lookAhead && mu >= 0
        ? OptionalDouble.of((2 + 2 * mu) / ((1 + 2 * mu) * h * h))
        : OptionalDouble.empty();
  }

  private void differentiate(double tau, double[] state) {
    System.arraycopy(state, theta.length, theta, 0, theta.length);
    objective.gradient(tau, theta, gradient);
  }

  /// Not with friction that is infinite at `τ = 0`.
  @Override
  public boolean smooth() {
    return friction.inverse() == 0 || lookAhead > 0;
  }
}
