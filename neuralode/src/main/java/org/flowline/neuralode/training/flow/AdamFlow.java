package org.flowline.neuralode.training.flow;

import static org.flowline.neuralode.training.flow.SplitState.require;

import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Descent by running averages of the gradient and its square, in the state `(m, v, θ)`:
///
///     dm/dτ = (1 − β₁)/η (∇L − m)        dv/dτ = (1 − β₂)/η (∇L² − v)
///     dθ/dτ = −m̂ / (√v̂ + ε)        m̂ = m / (1 − β₁^(τ/η)),   v̂ = v / (1 − β₂^(τ/η))
///
/// Semi-implicit Euler with `h = η` is Adam, up to rounding: the averages move first, then θ with
/// the new averages, at the end of the step, where `τ/η` is the textbook's iteration number. At `τ
/// = 0` the averages are empty and θ rests. Kingma & Ba (2015), algorithm 1.
public final class AdamFlow implements SplitFlow {
  private final SplitState layout;
  private final double eta;
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /// The flow from `m = v = 0`.
  ///
  /// @param eta the learning rate that fixes the averages' time scale
  /// @param beta1 decay of the average gradient, in `[0, 1)`
  /// @param beta2 decay of the average square, in `[0, 1)`
  /// @param epsilon bounds the division, `> 0`
  /// @throws IllegalArgumentException if one is outside its range
  public AdamFlow(Objective objective, double eta, double beta1, double beta2, double epsilon) {
    this.layout = new SplitState(objective, 2);
    require("adam: eta", eta, eta > 0 && Double.isFinite(eta), "η > 0");
    require("adam: beta1", beta1, beta1 >= 0 && beta1 < 1, "0 ≤ β₁ < 1");
    require("adam: beta2", beta2, beta2 >= 0 && beta2 < 1, "0 ≤ β₂ < 1");
    require("adam: epsilon", epsilon, epsilon > 0, "ε > 0");
    this.eta = eta;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  /// The flow with `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public AdamFlow(Objective objective, double eta) {
    this(objective, eta, 0.9, 0.999, 1e-8);
  }

  @Override
  public SplitState layout() {
    return layout;
  }

  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    double[] gradient = layout.gradient(tau, state);
    int p = gradient.length;
    for (int i = 0; i < p; i++) {
      rate[i] = (1 - beta1) / eta * (gradient[i] - state[i]);
      rate[p + i] = (1 - beta2) / eta * (gradient[i] * gradient[i] - state[p + i]);
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    int p = split() / 2;
    double weight1 = 1 - Math.pow(beta1, tau / eta);
    double weight2 = 1 - Math.pow(beta2, tau / eta);
    for (int i = 0; i < p; i++) {
      double mean = state[i] / weight1;
      double square = state[p + i] / weight2;
      rate[2 * p + i] = tau == 0 ? 0 : -mean / (Math.sqrt(square) + epsilon);
    }
  }

  /// `(1 − β₁^(τ/η)) (√v̂ + ε)`; ones at `τ = 0`, where θ rests.
  @Override
  public void preconditioner(double tau, double[] state, double[] diagonal) {
    int p = split() / 2;
    double weight1 = 1 - Math.pow(beta1, tau / eta);
    double weight2 = 1 - Math.pow(beta2, tau / eta);
    for (int i = 0; i < p; i++) {
      diagonal[i] = tau == 0 ? 1 : weight1 * (Math.sqrt(state[p + i] / weight2) + epsilon);
    }
  }

  /// `(2 + 2β₁)/((1 − β₁) η)` of semi-implicit Euler, usually `38/η`. Cohen et al. (2022), eq. 4.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    // The average's own decay in a step, β₁ where h = η.
    double decay = 1 - (1 - beta1) * h / eta;
    return method == Methods.SEMI_IMPLICIT_EULER && decay > -1
        ? OptionalDouble.of((2 + 2 * decay) / ((1 - decay) * h))
        : OptionalDouble.empty();
  }
}
