package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Descent by the gradient over a running root mean square of itself, in the state `(v, θ)`:
///
///     dv/dτ = (1 − α)/η (∇L² − v)        dθ/dτ = −∇L / (√v + ε)
///
/// Semi-implicit Euler with `h = η` is RMSprop, up to rounding: `v ← α v + (1 − α) g²`, then
/// `θ ← θ − η g / (√v + ε)`. Tieleman & Hinton (2012), lecture 6e.
///
/// Where `v ≤ 0`, as at the start, θ rests: nothing has been averaged. Right behind, `θ` moves as
/// `√τ`, which methods of a higher order do not see.
///
/// The gradient at a θ is computed once and used in both blocks. Not thread-safe; evaluating
/// allocates nothing beyond what the objective does.
public final class RmspropFlow implements TrainingFlow, PartitionedField {
  private final Objective objective;
  private final double eta;
  private final double alpha;
  private final double epsilon;
  private final double[] theta;
  private final double[] gradient;

  /// The flow from `v = 0`.
  ///
  /// @param eta the learning rate that fixes the average's time scale
  /// @param alpha decay of the average square, in `[0, 1)`
  /// @param epsilon keeps the division from blowing up, `> 0`
  /// @throws IllegalArgumentException if one is outside its range
  public RmspropFlow(Objective objective, double eta, double alpha, double epsilon) {
    require("eta", eta, eta > 0 && Double.isFinite(eta), "η > 0");
    require("alpha", alpha, alpha >= 0 && alpha < 1, "0 ≤ α < 1");
    require("epsilon", epsilon, epsilon > 0, "ε > 0");
    this.objective = objective;
    this.eta = eta;
    this.alpha = alpha;
    this.epsilon = epsilon;
    this.theta = new double[objective.dimension()];
    this.gradient = new double[objective.dimension()];
    Arrays.fill(theta, Double.NaN);
  }

  /// `α = 0.99`, `ε = 1e-8`.
  public RmspropFlow(Objective objective, double eta) {
    this(objective, eta, 0.99, 1e-8);
  }

  private static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("rmsprop: " + what + " " + came + "; want " + wanted);
    }
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
    differentiate(tau, state);
    for (int i = 0; i < p; i++) {
      rate[i] = (1 - alpha) / eta * (gradient[i] * gradient[i] - state[i]);
    }
  }

  /// With the gradient of [#evaluateFirst] if θ has not moved since then.
  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    int p = theta.length;
    if (!Arrays.equals(theta, 0, p, state, p, 2 * p)) {
      differentiate(tau, state);
    }
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

  private void differentiate(double tau, double[] state) {
    System.arraycopy(state, theta.length, theta, 0, theta.length);
    objective.gradient(tau, theta, gradient);
  }

  /// Not at first: `√v` has none where `v = 0`.
  @Override
  public boolean smooth() {
    return false;
  }
}
