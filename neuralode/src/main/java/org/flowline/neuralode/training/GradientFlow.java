package org.flowline.neuralode.training;

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
}
