package org.flowline.neuralode.training.flow;

import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField;

/// Langevin dynamics: gradient flow with noise, the limit of noisy gradients and small steps:
///
///     dθ = −∇L(θ) dτ + √(2/β) dW
///
/// After a long time θ has the Gibbs density, `e^(−βL)` over its integral. `EULER_MARUYAMA` with `h
/// = η` is Langevin Monte Carlo, `θ ← θ − η ∇L + √(2η/β) ξ` with normal `ξ`, whose distribution is
/// off by `O(η)`. The noise is additive, so that all stochastic methods apply. Welling & Teh
/// (2011).
///
/// @param objective the loss
/// @param beta the inverse temperature `β > 0`
/// @param path the noise, a process for each parameter, as long as the training
public record LangevinFlow(Objective objective, double beta, BrownianPath path)
    implements TrainingFlow, StochasticField {

  /// @throws IllegalArgumentException if `beta` is not positive and finite, or the path has not a
  ///     process for each parameter
  public LangevinFlow {
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw new IllegalArgumentException("langevin: beta " + beta + "; want β > 0");
    }
    if (path.dimension() != objective.dimension()) {
      throw new IllegalArgumentException(
          "langevin: %s processes for %s parameters; want a process for each"
              .formatted(path.dimension(), objective.dimension()));
    }
  }

  @Override
  public void evaluate(double tau, double[] theta, double[] rate) {
    objective.gradient(tau, theta, rate);
    Vectors.negate(rate);
  }

  @Override
  public Noise noise() {
    return Noise.ADDITIVE;
  }

  @Override
  public void diffusion(double tau, double[] theta, double[] dw, double[] out) {
    double size = Math.sqrt(2 / beta);
    for (int i = 0; i < out.length; i++) {
      out[i] = size * dw[i];
    }
  }
}
