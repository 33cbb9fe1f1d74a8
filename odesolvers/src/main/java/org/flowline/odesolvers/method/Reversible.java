package org.flowline.odesolvers.method;

/// An explicit Runge–Kutta method made algebraically reversible by a companion state `z`, initially
/// `z = y`. With the increment `Ψ_h(t, y) = h Σ bᵢ kᵢ` of the base method and a coupling `λ`:
///
///     y1 = λ y0 + (1 − λ) z0 + Ψ_h(t, z0)        z1 = z0 − Ψ_{−h}(t + h, y1)
///
/// The inverse needs no iteration, so that a gradient needs no stored trajectory:
///
///     z0 = z1 + Ψ_{−h}(t + h, y1)        y0 = (y1 − (1 − λ) z0 − Ψ_h(t, z0)) / λ
///
/// The order is the base method's, at twice its evaluations. The error is estimated for
/// `Ψ_h(t, z0)`. The dense output has the base method's order:
///
///     y(t + θh) = y0 + h Σ bᵢ(θ) kᵢ + θ (1 − λ) (z0 − y0)
///
/// The price is stability. If the field contracts by `e^c` over the interval, in one direction, the
/// distance of `y` and `z`, which starts at the error of a step, grows by `e^c λ^N` over `N` steps:
/// **the forward solve is wrong where that product is not small**, as for `c = 10` and errors of
/// 1e-5, and for stiff fields always. A smaller `λ` keeps the pair together; but a step back
/// divides
/// by `λ`, so that rounding errors grow by `λ^{−N}`, in addition to their growth in the backward
/// field. After an event, `z = y` again. McCallum & Foster (2024), arXiv:2410.11648.
///
/// @param base an explicit method
/// @param coupling `λ`, in `(0, 1]`
public record Reversible(ButcherTableau base, double coupling) implements Method {

  /// @throws IllegalArgumentException if the base is implicit or the coupling outside its range
  public Reversible {
    if (!base.explicit()) {
      throw new IllegalArgumentException(
          "reversible: %s is implicit, want an explicit base method".formatted(base.name()));
    }
    if (!(coupling > 0 && coupling <= 1)) {
      throw new IllegalArgumentException(
          "reversible: coupling %s, want 0 < λ ≤ 1, such as 0.999".formatted(coupling));
    }
  }

  /// Returns the reversible method with `λ = 0.999`: rounding errors grow by `e` over a thousand
  /// steps back, and by `e¹⁰` over ten thousand.
  public static Reversible of(ButcherTableau base) {
    return new Reversible(base, 0.999);
  }

  @Override
  public String name() {
    return "REVERSIBLE_" + base.name();
  }

  @Override
  public int order() {
    return base.order();
  }

  /// The slopes of the base, and `(1 − λ) (z0 − y0) / h`.
  @Override
  public int stages() {
    return base.stages() + 1;
  }

  @Override
  public int embeddedOrder() {
    return base.embeddedOrder();
  }

  @Override
  public int denseOrder() {
    return base.denseOrder();
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    base.denseWeights(theta, weights);
    weights[base.stages()] = theta;
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    base.denseRates(theta, rates);
    rates[base.stages()] = 1;
  }

  @Override
  public String toString() {
    return "%s, λ = %s, order %s".formatted(name(), coupling, order());
  }
}
