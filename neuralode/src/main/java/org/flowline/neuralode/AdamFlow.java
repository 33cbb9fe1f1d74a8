package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.PartitionedField;

/// Descent by running averages of the gradient and its square, in the state `(m, v, θ)`:
///
///     dm/dτ = (1 − β₁)/η (∇L − m)        dv/dτ = (1 − β₂)/η (∇L² − v)
///     dθ/dτ = −m̂ / (√v̂ + ε)        m̂ = m / (1 − β₁^(τ/η)),   v̂ = v / (1 − β₂^(τ/η))
///
/// Semi-implicit Euler with `h = η` is Adam, up to rounding: the averages move first, then θ with
/// the new averages, at the end of the step, where `τ/η` is the textbook's iteration number. At `τ
/// = 0` θ rests: nothing has been averaged. Kingma & Ba (2015), algorithm 1.
///
/// @param eta the learning rate that fixes the averages' time scale
/// @param beta1 decay of the average gradient, in `[0, 1)`
/// @param beta2 decay of the average square, in `[0, 1)`
/// @param epsilon keeps the division from blowing up, `> 0`
public record AdamFlow(Objective objective, double eta, double beta1, double beta2, double epsilon)
    implements TrainingFlow, PartitionedField {

  /// `β₁ = 0.9`, `β₂ = 0.999`, `ε = 1e-8`.
  public AdamFlow(Objective objective, double eta) {
    this(objective, eta, 0.9, 0.999, 1e-8);
  }

  @Override
  public int dimension() {
    return 3 * objective.dimension();
  }

  @Override
  public int split() {
    return 2 * objective.dimension();
  }

  @Override
  public void evaluateFirst(double tau, double[] state, double[] rate) {
    int p = objective.dimension();
    double[] theta = Arrays.copyOfRange(state, 2 * p, 3 * p);
    double[] gradient = new double[p];
    objective.gradient(tau, theta, gradient);
    for (int i = 0; i < p; i++) {
      rate[i] = (1 - beta1) / eta * (gradient[i] - state[i]);
      rate[p + i] = (1 - beta2) / eta * (gradient[i] * gradient[i] - state[p + i]);
    }
  }

  @Override
  public void evaluateSecond(double tau, double[] state, double[] rate) {
    int p = objective.dimension();
    double iterations = tau / eta;
    double seen1 = 1 - Math.pow(beta1, iterations);
    double seen2 = 1 - Math.pow(beta2, iterations);
    for (int i = 0; i < p; i++) {
      double mean = state[i] / seen1;
      double square = state[p + i] / seen2;
      rate[2 * p + i] = tau == 0 ? 0 : -mean / (Math.sqrt(square) + epsilon);
    }
  }
}
