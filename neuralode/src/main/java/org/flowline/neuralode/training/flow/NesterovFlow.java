package org.flowline.neuralode.training.flow;

import static org.flowline.neuralode.training.flow.SplitState.require;

import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Momentum in continuous time, in the state `(v, θ)`:
///
///     dv/dτ = −γ(τ) v − ∇L(θ)        dθ/dτ = (1 − δ γ(τ)) v − δ ∇L(θ)
///
/// With `δ = 0` and constant friction it is the heavy ball, a ball with mass on the loss.
/// Semi-implicit Euler with `h = √η` and `γ = (1 − μ)/√η` is then momentum, `b ← μ b + ∇L`, `θ ← θ
/// − η b`, with `v = −√η b`, up to the rounding of `μ = 1 − γh`. Polyak (1964).
///
/// With `h = δ = √η` it is Nesterov's method up to rounding, where θ is the look-ahead point, at
/// which the gradient is taken, and `v = (xₖ − xₖ₋₁)/h`:
///
///     xₖ₊₁ = θₖ − η ∇L(θₖ)        θₖ₊₁ = xₖ₊₁ + μₖ₊₁ (xₖ₊₁ − xₖ)        μₖ = 1 − h γ(kh)
///
/// The limit of small steps is `δ = 0`, `θ'' + γ θ' + ∇L = 0`, whose friction [#vanishing] lets a
/// convex loss fall as `2‖θ₀ − θ*‖²/τ²`. Nesterov (1983); Su, Boyd & Candès (2016), J. Mach. Learn.
/// Res. 17(153), eqs. 1–3.
public final class NesterovFlow implements SplitFlow {

  /// Friction as a function of training time.
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

  private final SplitState layout;
  private final Friction friction;
  private final double lookAhead;

  /// The flow from rest, `v = 0`.
  ///
  /// @param lookAhead `δ`, the step of the textbook's method or 0
  /// @throws IllegalArgumentException if it is negative or not finite
  public NesterovFlow(Objective objective, Friction friction, double lookAhead) {
    this.layout = new SplitState(objective, 1);
    boolean holds = lookAhead >= 0 && Double.isFinite(lookAhead);
    require("nesterov: look-ahead", lookAhead, holds, "δ ≥ 0");
    this.friction = friction;
    this.lookAhead = lookAhead;
  }

  /// The heavy ball with friction `γ ≥ 0`, from rest.
  ///
  /// @throws IllegalArgumentException if it is negative or not finite
  public static NesterovFlow heavyBall(Objective objective, double gamma) {
    return new NesterovFlow(objective, constant(gamma), 0);
  }

  /// `γ = 3/(τ + 2δ)`, which is `μₖ = (k − 1)/(k + 2)` in the k-th step of `h = δ`.
  public static Friction vanishing() {
    return new Friction(0, 3);
  }

  /// Constant friction `γ`.
  public static Friction constant(double gamma) {
    return new Friction(gamma, 0);
  }

  /// The main point `x = θ − δ (1 − δγ) v`, without the look-ahead, for which the textbook's bounds
  /// hold.
  public double[] main(double tau, double[] state) {
    int p = split();
    double ahead = lookAhead == 0 ? 0 : lookAhead * (1 - lookAhead * friction.at(tau, lookAhead));
    double[] x = new double[p];
    for (int i = 0; i < p; i++) {
      x[i] = state[p + i] - ahead * state[i];
    }
    return x;
  }

  @Override
  public SplitState layout() {
    return layout;
  }

  /// Vanishing friction is infinite at `τ = 0` with `δ = 0`: the ball rests there, and `θ'' =
  /// −∇L/(1 + r)` continues the only smooth solution.
  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    double[] gradient = layout.gradient(tau, state);
    double gamma = friction.at(tau, lookAhead);
    for (int i = 0; i < gradient.length; i++) {
      rate[i] =
          Double.isInfinite(gamma)
              ? -gradient[i] / (1 + friction.inverse())
              : -gamma * state[i] - gradient[i];
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    int p = split();
    if (lookAhead == 0) {
      System.arraycopy(state, 0, rate, p, p);
      return;
    }
    double[] gradient = layout.sameGradient(tau, state);
    double mu = 1 - lookAhead * friction.at(tau, lookAhead);
    for (int i = 0; i < p; i++) {
      rate[p + i] = mu * state[i] - lookAhead * gradient[i];
    }
  }

  /// For semi-implicit Euler, `μ = 1 − γh`: `(2 + 2μ)/((1 + 2μ) h²)` with `h = δ`, Cohen et al.
  /// (2021), appendix A; `(2 + 2μ)/h²` of the heavy ball, for momentum `(2 + 2μ)/η`.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    double mu = 1 - h * friction.at(tau, lookAhead);
    if (method != Methods.SEMI_IMPLICIT_EULER || Double.isInfinite(mu)) {
      return OptionalDouble.empty();
    }
    if (lookAhead == 0 && mu > -1) {
      return OptionalDouble.of((2 + 2 * mu) / (h * h));
    }
    return h == lookAhead && mu >= 0
        ? OptionalDouble.of((2 + 2 * mu) / ((1 + 2 * mu) * h * h))
        : OptionalDouble.empty();
  }

  /// Returns false where friction is infinite at `τ = 0`.
  @Override
  public boolean smooth() {
    return friction.inverse() == 0 || lookAhead > 0;
  }
}
