package org.flowline.neuralode.training.flow;

import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.Vectors;

/// Mirror descent: the duals of the parameters, `ζ = ∇ψ(θ)`, are the state and descend:
///
///     dζ/dτ = −∇L(θ)        θ = ∇ψ*(ζ)
///
/// It is natural-gradient flow with the metric `∇²ψ` and stays where `ψ` is defined. Euler
/// with `h = η` is mirror descent, `∇ψ(θ⁺) = ∇ψ(θ) − η ∇L(θ)`. Nemirovski & Yudin (1983); Beck &
/// Teboulle (2003), Oper. Res. Lett. 31, 167–175.
///
/// Not thread-safe.
public final class MirrorFlow implements TrainingFlow {
  private final Objective objective;
  private final MirrorMap map;
  private final double[] theta;

  /// The mirror flow of `objective` with the duals of `map`.
  public MirrorFlow(Objective objective, MirrorMap map) {
    this.objective = objective;
    this.map = map;
    this.theta = new double[objective.dimension()];
  }

  @Override
  public Objective objective() {
    return objective;
  }

  /// @throws IllegalArgumentException if the map is not defined there
  @Override
  public double[] initialState(double[] theta) {
    double[] zeta = new double[theta.length];
    map.gradient().accept(theta, zeta);
    return zeta;
  }

  @Override
  public void copyParameters(double[] zeta, double[] theta) {
    map.inverse().accept(zeta, theta);
  }

  @Override
  public void evaluate(double tau, double[] zeta, double[] rate) {
    map.inverse().accept(zeta, theta);
    objective.gradient(tau, theta, rate);
    Vectors.negate(rate);
  }
}
