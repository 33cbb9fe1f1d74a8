package org.flowline.neuralode.training.flow;

import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;

/// The modified flow, which gradient descent with a step of `η` follows to second order:
///
///     dθ/dτ = −∇(L + η/4 ‖∇L‖²) = −(∇L + η/2 ∇²L ∇L)
///
/// A finite step adds a preference for small gradients. Barrett & Dherin (2021), theorem 3.1;
/// Hairer, Lubich & Wanner (2006), IX.
///
/// Costs a gradient and a Hessian product. Not thread-safe.
public final class ModifiedFlow implements TrainingFlow {
  private final TwiceDifferentiableObjective objective;
  private final double eta;
  private final double[] gradient;

  /// The modified flow of `objective`.
  ///
  /// @param eta the step of descent, `η ≥ 0`
  /// @throws IllegalArgumentException if it is negative or not finite
  public ModifiedFlow(TwiceDifferentiableObjective objective, double eta) {
    if (!(eta >= 0) || Double.isInfinite(eta)) {
      throw new IllegalArgumentException("modified flow: eta " + eta + "; want η ≥ 0");
    }
    this.objective = objective;
    this.eta = eta;
    this.gradient = new double[objective.dimension()];
  }

  @Override
  public TwiceDifferentiableObjective objective() {
    return objective;
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    objective.gradient(tau, theta, gradient);
    Curvature hessian = objective.hessian(tau, theta);
    hessian.times(gradient, rate);
    for (int i = 0; i < rate.length; i++) {
      rate[i] = -(gradient[i] + eta / 2 * rate[i]);
    }
  }
}
