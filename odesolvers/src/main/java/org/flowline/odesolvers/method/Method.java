package org.flowline.odesolvers.method;

/// A one-step method `(t, y0, h) ↦ y1` as immutable data. [Methods] lists the named ones.
///
/// A step computes `stages()` slopes `k_i`, which determine its dense output:
///
///     y(t + θh) = y0 + h Σ b_i(θ) k_i        dy/dt(t + θh) = Σ b_i'(θ) k_i        0 ≤ θ ≤ 1
public sealed interface Method
    permits ButcherTableau,
        HipparchusMethod,
        Reversible,
        Rosenbrock,
        Stabilised,
        Stochastic,
        Symplectic {

  /// The name in [Methods#named] and in messages.
  String name();

  /// The order `p`: the global error is O(hᵖ).
  int order();

  /// The number of slopes `k_i` of a step.
  int stages();

  /// The order of the embedded solution that estimates the error; 0 if there is none.
  default int embeddedOrder() {
    return 0;
  }

  /// Returns whether steps of given sizes are possible, as
  /// [org.flowline.odesolvers.StepSize.Constant] requires.
  default boolean fixedSteps() {
    return true;
  }

  /// Returns whether steps estimate their error, as [org.flowline.odesolvers.StepSize.Adaptive]
  /// requires.
  default boolean embedded() {
    return embeddedOrder() > 0;
  }

  /// The order `k` of the error estimate, which is O(hᵏ) for one step; 0 if there is none.
  default int errorOrder() {
    return embedded() ? Math.min(order(), embeddedOrder()) + 1 : 0;
  }

  /// The order `q` of the dense output: its error within a step is O(h^{q+1}).
  int denseOrder();

  /// Overwrites `weights[i]` with `b_i`, where `y1 = y0 + h Σ b_i k_i`: the dense output's weights
  /// at the end, to the last bit.
  default void endWeights(double[] weights) {
    denseWeights(1, weights);
  }

  /// Overwrites `weights[i]` with `b_i(θ)` for every slope.
  void denseWeights(double theta, double[] weights);

  /// Overwrites `rates[i]` with `b_i'(θ)` for every slope.
  void denseRates(double theta, double[] rates);

  /// Prints name, orders and stages, such as `DOPRI5, order 5(4), 7 stages`.
  static String print(Method method, int stages) {
    String embedded = method.embedded() ? "(" + method.embeddedOrder() + ")" : "";
    return "%s, order %s%s, %s stages".formatted(method.name(), method.order(), embedded, stages);
  }
}
