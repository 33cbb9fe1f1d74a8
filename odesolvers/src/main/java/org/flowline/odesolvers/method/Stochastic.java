package org.flowline.odesolvers.method;

/// A one-step method for `dy = f(t, y) dt + g(t, y) dW` on a
/// [org.flowline.odesolvers.field.StochasticField], at steps known beforehand. With
/// `ΔW = W(t + h) − W(t)` read off the field's path:
///
/// | method            | strong order                  | drifts | diffusions | integral     |
/// |-------------------|-------------------------------|--------|------------|--------------|
/// | `EULER_MARUYAMA`  | ½; additive noise: 1          | 1      | 1          | Itô          |
/// | `MILSTEIN`        | 1                             | 1      | 4          | Itô          |
/// | `STOCHASTIC_HEUN` | 1; general noise: ½            | 2      | 2          | Stratonovich |
///
/// In a backward solve the Itô integral is taken in the direction of the solve, which is another
/// equation than forward; the Stratonovich integral is the same both ways, and a backward solve
/// along the path inverts the forward one.
///
/// A step has one slope, `k = (y1 − y0)/h`; the dense output is a straight line with an error of
/// O(√h), like any other that does not read the path: let steps end where values are wanted.
public enum Stochastic implements Method {

  /// The method of Euler and Maruyama:
  ///
  ///     y1 = y0 + h f(t, y0) + g(t, y0) ΔW
  ///
  /// Maruyama (1955); Kloeden & Platen (1992), (10.2.4).
  EULER_MARUYAMA(0.5, Calculus.ITO),

  /// Milstein's method for diagonal, separate or additive noise, or a single process, with
  /// differences in place of the derivative:
  ///
  ///     ŷ = y0 + h f(t, y0) + √|h| g(t, y0)
  ///     y1 = y0 + h f(t, y0) + g(t, y0) ΔW + (g(t, ŷ) − g(t, y0)) (ΔW² − |h|) / (2√|h|)
  ///
  /// Milstein (1974); Kloeden & Platen (1992), (11.1.3).
  MILSTEIN(1, Calculus.ITO),

  /// Heun's method, which tends to the solution in the sense of Stratonovich:
  ///
  ///     ŷ = y0 + h f(t, y0) + g(t, y0) ΔW
  ///     y1 = y0 + h/2 (f(t, y0) + f(t + h, ŷ)) + ½ (g(t, y0) + g(t + h, ŷ)) ΔW
  ///
  /// Rümelin (1982); Kloeden & Platen (1992), section 15.5.
  STOCHASTIC_HEUN(1, Calculus.STRATONOVICH);

  /// The sense of `g dW`.
  public enum Calculus {
    /// The integrand at the start of each step.
    ITO,
    /// The mean of the integrand at both ends; the ordinary rules of calculus hold.
    STRATONOVICH
  }

  private final double strongOrder;
  private final Calculus calculus;

  Stochastic(double strongOrder, Calculus calculus) {
    this.strongOrder = strongOrder;
    this.calculus = calculus;
  }

  /// The order `γ` of the mean distance to the solution on the same path,
  /// `E|y_n − y(t_n)| = O(h^γ)`, for diagonal or separate noise.
  public double strongOrder() {
    return strongOrder;
  }

  /// The sense of the equation.
  public Calculus calculus() {
    return calculus;
  }

  /// The weak order: means of smooth functions of the solution are off by O(h).
  @Override
  public int order() {
    return 1;
  }

  /// One slope, the mean one of the step.
  @Override
  public int stages() {
    return 1;
  }

  /// 0, since the dense output does not read the path.
  @Override
  public int denseOrder() {
    return 0;
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    weights[0] = theta;
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    rates[0] = 1;
  }
}
