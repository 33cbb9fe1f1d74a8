package org.flowline.neuralode.training.flow;

import static org.flowline.neuralode.training.flow.SplitState.require;

import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Descent by the gradient over its running root mean square, in the state `(v, θ)`:
///
///     dv/dτ = (1 − α)/η (∇L² − v)        dθ/dτ = −∇L / (√v + ε)
///
/// Semi-implicit Euler with `h = η` is RMSprop, up to rounding: `v ← α v + (1 − α) g²`, then
/// `θ ← θ − η g / (√v + ε)`. Tieleman & Hinton (2012), lecture 6e.
///
/// Where `v ≤ 0`, as at the start, θ rests. Right after the start `θ` moves as `√τ`, which methods
/// of a higher order do not resolve.
public final class RmspropFlow implements SplitFlow {
  private final SplitState layout;
  private final double eta;
  private final double alpha;
  private final double epsilon;

  /// The flow from `v = 0`.
  ///
  /// @param eta the learning rate that fixes the average's time scale
  /// @param alpha decay of the average square, in `[0, 1)`
  /// @param epsilon bounds the division, `> 0`
  /// @throws IllegalArgumentException if one is outside its range
  public RmspropFlow(Objective objective, double eta, double alpha, double epsilon) {
    this.layout = new SplitState(objective, 1);
    require("rmsprop: eta", eta, eta > 0 && Double.isFinite(eta), "η > 0");
    require("rmsprop: alpha", alpha, alpha >= 0 && alpha < 1, "0 ≤ α < 1");
    require("rmsprop: epsilon", epsilon, epsilon > 0, "ε > 0");
    this.eta = eta;
    this.alpha = alpha;
    this.epsilon = epsilon;
  }

  /// The flow with `α = 0.99`, `ε = 1e-8`.
  public RmspropFlow(Objective objective, double eta) {
    this(objective, eta, 0.99, 1e-8);
  }

  @Override
  public SplitState layout() {
    return layout;
  }

  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    double[] gradient = layout.gradient(tau, state);
    for (int i = 0; i < gradient.length; i++) {
      rate[i] = (1 - alpha) / eta * (gradient[i] * gradient[i] - state[i]);
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    double[] gradient = layout.sameGradient(tau, state);
    int p = gradient.length;
    for (int i = 0; i < p; i++) {
      rate[p + i] = state[i] <= 0 ? 0 : -gradient[i] / (Math.sqrt(state[i]) + epsilon);
    }
  }

  /// `√v + ε`
  @Override
  public void preconditioner(double tau, double[] state, double[] diagonal) {
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = Math.sqrt(state[i]) + epsilon;
    }
  }

  /// `2/h` of semi-implicit Euler. Cohen et al. (2022).
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    return method == Methods.SEMI_IMPLICIT_EULER
        ? OptionalDouble.of(2 / h)
        : OptionalDouble.empty();
  }

  /// Returns false: `√v` has no derivative at the start, `v = 0`.
  @Override
  public boolean smooth() {
    return false;
  }
}
