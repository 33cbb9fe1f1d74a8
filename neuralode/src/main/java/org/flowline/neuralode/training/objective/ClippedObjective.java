package org.flowline.neuralode.training.objective;

import java.util.Optional;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Status;

/// An objective whose gradient is shortened to a largest length, its direction kept:
///
///     g ← g · min(1, c/‖g‖)
///
/// Pascanu, Mikolov & Bengio (2013), algorithm 1. What descends along it is no longer a gradient,
/// but the speed of training is bounded where the loss has cliffs.
///
/// The loss itself is not changed, nor is its curvature; but the derivative of what is descended is
/// that only where `‖g‖ ≤ c`. Beyond, it is `c/‖g‖ (I − ĝĝᵀ) ∇²L` with `ĝ = g/‖g‖`, which is not
/// symmetric: no loss has it for a Hessian, and an implicit step that took `∇²L` for it would be
/// wrong. Hence this has none. A sharpness is that of the `objective`, and its limit holds inside.
///
/// @param largest the bound `c > 0` on `‖g‖`
public record ClippedObjective(Objective objective, double largest) implements Objective {

  /// @throws IllegalArgumentException if the bound is not positive
  public ClippedObjective {
    requireBound(largest);
  }

  public static void requireBound(double largest) {
    if (!(largest > 0)) {
      throw new IllegalArgumentException("clipping: norm " + largest + "; want a number above 0");
    }
  }

  @Override
  public boolean varies() {
    return objective.varies();
  }

  @Override
  public int dimension() {
    return objective.dimension();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss = objective.gradient(tau, theta, gradient);
    double norm = norm(gradient);
    if (norm > largest) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = gradient[i] / norm * largest;
      }
    }
    return loss;
  }

  /// The Euclidean length, free of overflow; NaN if a component is not a number.
  private static double norm(double[] x) {
    double scale = 0;
    for (double value : x) {
      scale = Math.max(scale, Math.abs(value));
    }
    if (scale == 0 || !Double.isFinite(scale)) {
      return scale;
    }
    double sum = 0;
    for (double value : x) {
      sum += value / scale * (value / scale);
    }
    return scale * Math.sqrt(sum);
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
