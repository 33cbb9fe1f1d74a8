package org.flowline.neuralode.training.objective;

import org.flowline.neuralode.ForwardingObjective;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.Vectors;

/// Gradient clipping: an objective whose gradient is shortened to a largest length, with its
/// direction kept:
///
///     g ← g · min(1, c/‖g‖)
///
/// Pascanu, Mikolov & Bengio (2013), algorithm 1. The clipped vector is no longer a gradient, but
/// bounds the speed of training where the loss has cliffs. The loss is unchanged.
///
/// There is no Hessian: where `‖g‖ > c` the derivative of the clipped gradient is `c/‖g‖ (I − ĝĝᵀ)
/// ∇²L` with `ĝ = g/‖g‖`, which is not symmetric, and an implicit step with `∇²L` would be wrong.
/// A sharpness is the one of the `objective`; its stability limit holds where `‖g‖ ≤ c`.
///
/// @param largest the bound `c > 0` on `‖g‖`
public record ClippedObjective(Objective objective, double largest) implements ForwardingObjective {

  /// @throws IllegalArgumentException if the bound is not positive
  public ClippedObjective {
    requireBound(largest);
  }

  /// Checks a bound.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public static void requireBound(double largest) {
    if (!(largest > 0)) {
      throw new IllegalArgumentException("clipping: norm " + largest + "; want a number above 0");
    }
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    double loss = objective.gradient(tau, theta, gradient);
    double norm = Vectors.norm(gradient);
    if (norm > largest) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = gradient[i] / norm * largest;
      }
    }
    return loss;
  }

  @Override
  public boolean hasHessian() {
    return false;
  }
}
