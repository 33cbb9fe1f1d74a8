package org.flowline.neuralode.training.flow;

import java.util.Arrays;
import java.util.function.BiConsumer;

/// A mirror map for [MirrorFlow]: parameters θ and their duals `ζ = ∇ψ(θ)` of a strictly convex
/// `ψ`.
///
/// @param gradient overwrites its second argument with `∇ψ` of the first; throws an
///     [IllegalArgumentException] outside the domain of `ψ`
/// @param inverse overwrites its second argument with `∇ψ*` of the first, the θ where `⟨ζ, θ⟩ −
///     ψ(θ)` is largest
public record MirrorMap(
    BiConsumer<double[], double[]> gradient, BiConsumer<double[], double[]> inverse) {

  /// `ψ = ½ ‖θ‖²`: duals are the parameters, and the flow is [org.flowline.neuralode.GradientFlow].
  public static MirrorMap euclidean() {
    return new MirrorMap(
        (theta, zeta) -> System.arraycopy(theta, 0, zeta, 0, zeta.length),
        (zeta, theta) -> System.arraycopy(zeta, 0, theta, 0, theta.length));
  }

  /// `ψ = Σ θᵢ log θᵢ` on the simplex, `θᵢ > 0` and `Σ θᵢ = 1`:
  ///
  ///     ζᵢ = log θᵢ        θᵢ = e^ζᵢ / Σ e^ζⱼ
  ///
  /// Euler is the exponentiated gradient, or multiplicative weights, `θᵢ ← θᵢ e^(−η ∂L/∂θᵢ)` over
  /// their sum. Kivinen & Warmuth (1997).
  public static MirrorMap simplex() {
    return new MirrorMap(
        (theta, zeta) -> {
          double sum = Arrays.stream(theta).sum();
          // A sum of n numbers of size up to one rounds by up to n/2 units in the last place.
          if (!(Math.abs(sum - 1) <= theta.length * Math.ulp(1.0))) {
            throw new IllegalArgumentException(
                "simplex: parameters sum to " + sum + ", want 1; divide by their sum");
          }
          logarithms("simplex", theta, zeta);
        },
        (zeta, theta) -> {
          double largest = Arrays.stream(zeta).max().orElse(0);
          double sum = 0;
          for (int i = 0; i < theta.length; i++) {
            theta[i] = Math.exp(zeta[i] - largest);
            sum += theta[i];
          }
          for (int i = 0; i < theta.length; i++) {
            theta[i] /= sum;
          }
        });
  }

  /// `ψ = Σ θᵢ log θᵢ − θᵢ` on positive parameters: `ζᵢ = log θᵢ`, `θᵢ = e^ζᵢ`.
  public static MirrorMap positive() {
    return new MirrorMap(
        (theta, zeta) -> logarithms("positive", theta, zeta),
        (zeta, theta) -> Arrays.setAll(theta, i -> Math.exp(zeta[i])));
  }

  private static void logarithms(String name, double[] theta, double[] zeta) {
    for (int i = 0; i < theta.length; i++) {
      if (!(theta[i] > 0)) {
        throw new IllegalArgumentException(
            name + ": parameter " + i + " is " + theta[i] + ", want it above 0");
      }
      zeta[i] = Math.log(theta[i]);
    }
  }
}
