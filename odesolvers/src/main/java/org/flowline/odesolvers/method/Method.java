package org.flowline.odesolvers.method;

/// A one-step method `(t, y0, h) ↦ y1` as data. [Methods] lists the named ones.
///
/// A step leaves behind `stages()` slopes `k_i`, from which its dense output is made, always as
///
///     y(t + θh) = y0 + h Σ b_i(θ) k_i        dy/dt(t + θh) = Σ b_i'(θ) k_i        0 ≤ θ ≤ 1
///
/// A method is immutable; what computes with it lives in a stepper made per solve.
public sealed interface Method
    permits ButcherTableau,
        HipparchusMethod,
        Reversible,
        Rosenbrock,
        Stabilised,
        Stochastic,
        Symplectic {

  /// The name by which [Methods#named] finds it and messages call it.
  String name();

  /// Order `p`: the global error is O(hᵖ).
  int order();

  /// Number of slopes `k_i` a step leaves behind.
  int stages();

  /// Order of the embedded solution that estimates the error; 0 if there is none.
  int embeddedOrder();

  /// Whether steps estimate their error, as [org.flowline.odesolvers.StepSize.Adaptive] needs.
  default boolean embedded() {
    return embeddedOrder() > 0;
  }

  /// Order `k` of the error estimate, which is O(hᵏ) for one step; 0 if there is none.
  default int errorOrder() {
    return embedded() ? Math.min(order(), embeddedOrder()) + 1 : 0;
  }

  /// Order `q` of the dense output: its error within a step is O(h^{q+1}).
  int denseOrder();

  /// Overwrites `weights[i]` with `b_i`, where `y1 = y0 + h Σ b_i k_i`: the dense output's weights
  /// at the end, to the last bit.
  default void endWeights(double[] weights) {
    denseWeights(1, weights);
  }

  /// Overwrites `weights[i]` with `b_i(θ)` for every stage.
  void denseWeights(double theta, double[] weights);

  /// Overwrites `rates[i]` with `b_i'(θ)` for every stage.
  void denseRates(double theta, double[] rates);
}
