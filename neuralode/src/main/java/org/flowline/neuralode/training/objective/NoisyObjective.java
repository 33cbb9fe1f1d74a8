package org.flowline.neuralode.training.objective;

import org.flowline.neuralode.ForwardingObjective;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.field.NoisyField;

/// An objective whose field gets new noise in each iteration, as a function of training time alone:
///
///     L(τ, θ) = loss with noise number ⌊τ/h⌋
///
/// The noise is the same within a step, and runs from the same seed get the same noise.
///
/// @param objective the loss, which solves with `field`
/// @param field the field with noise
/// @param interval `h`, usually [org.flowline.neuralode.training.Optimizer#interval]
/// @param seed of all noise
public record NoisyObjective(Objective objective, NoisyField field, double interval, long seed)
    implements ForwardingObjective {

  /// @throws IllegalArgumentException if the interval is not positive
  public NoisyObjective {
    if (!(interval > 0)) {
      throw new IllegalArgumentException(
          "noisy objective: interval " + interval + "; want a number above 0");
    }
  }

  @Override
  public boolean varies() {
    return true;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    draw(tau);
    return objective.gradient(tau, theta, gradient);
  }

  @Override
  public double loss(double tau, double[] theta) {
    draw(tau);
    return objective.loss(tau, theta);
  }

  private void draw(double tau) {
    field.draw(MiniBatches.random(seed, MiniBatches.iteration(tau, interval)));
  }

  /// The Hessian with the noise at `tau`, which is drawn again for each product.
  ///
  /// @throws IllegalArgumentException if the objective has none
  @Override
  public Curvature hessian(double tau, double[] theta) {
    var twice = TwiceDifferentiableObjective.require("noisy objective", objective);
    draw(tau);
    Curvature hessian = twice.hessian(tau, theta);
    return (v, product) -> {
      draw(tau);
      hessian.times(v, product);
    };
  }
}
