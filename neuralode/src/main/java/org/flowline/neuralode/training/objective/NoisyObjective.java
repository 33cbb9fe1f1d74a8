package org.flowline.neuralode.training.objective;

import java.util.Optional;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.field.NoisyField;
import org.flowline.odesolvers.Status;

/// An objective whose field gets new noise for each iteration, as a function of training time
/// alone,
///
///     L(τ, θ) = loss with the noise number ⌊τ/h⌋
///
/// so that it stays the same within a step, as [org.flowline.neuralode.training.Trainer] asks with
/// the step's start, and a run from
/// the same seed meets the same noise.
///
/// @param objective the loss, which solves with `field`
/// @param field whose noise it is
/// @param interval `h`; want [org.flowline.neuralode.training.Optimizer#interval]
/// @param seed of all the noise
public record NoisyObjective(Objective objective, NoisyField field, double interval, long seed)
    implements TwiceDifferentiableObjective {

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
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    draw(tau);
    return objective.gradient(tau, theta, gradient);
  }

  private void draw(double tau) {
    field.draw(MiniBatches.random(seed, MiniBatches.iteration(tau, interval)));
  }

  @Override
  public boolean hasHessian() {
    return TwiceDifferentiableObjective.known(objective).isPresent();
  }

  /// The Hessian with the noise at `tau`, which is drawn again for each product.
  ///
  /// @throws IllegalArgumentException if the objective has none
  @Override
  public Curvature hessian(double tau, double[] theta) {
    TwiceDifferentiableObjective twice =
        TwiceDifferentiableObjective.require("noisy objective", objective);
    draw(tau);
    Curvature hessian = twice.hessian(tau, theta);
    return (v, product) -> {
      draw(tau);
      hessian.times(v, product);
    };
  }

  @Override
  public int phase(double tau) {
    return objective.phase(tau);
  }

  @Override
  public Costs costs() {
    return objective.costs();
  }

  @Override
  public Optional<Status> failure() {
    return objective.failure();
  }
}
