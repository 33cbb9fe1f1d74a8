package org.flowline.neuralode.training;

import java.util.OptionalDouble;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.Method;
import org.flowline.odesolvers.Rosenbrock;
import org.flowline.odesolvers.Stabilised;
import org.flowline.odesolvers.Stability;

/// Steepest descent in continuous time:
///
///     dθ/dτ = −∇L(θ)
///
/// Euler with `h = η` is gradient descent, `θ ← θ − η∇L(θ)`, bit for bit. Along the flow `dL/dτ =
/// −‖∇L‖²`.
public record GradientFlow(Objective objective) implements TrainingFlow {

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    objective.gradient(tau, theta, rate);
    for (int i = 0; i < rate.length; i++) {
      rate[i] = -rate[i];
    }
  }

  /// `realLimit/h`: of gradient descent `2/η`.
  @Override
  public OptionalDouble stableUpTo(Method method, double tau, double h) {
    return method instanceof ButcherTableau
            || method instanceof Rosenbrock
            || method instanceof Stabilised
        ? OptionalDouble.of(Stability.realLimit(method) / h)
        : OptionalDouble.empty();
  }
}
