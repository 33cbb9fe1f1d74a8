package org.flowline.odesolvers;

import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Stability;

/// An upper estimate of the spectral radius of `∂f/∂y`, by the power method with differences of
/// size `δ` in place of the Jacobian:
///
///     v ← y + δ d/‖d‖        d ← f(t, v) − f(t, y)        ρ ≈ 1.2 ‖d‖/δ
///
/// until two values of `ρ` differ by less than 1 %, starting from the last direction found.
/// Directions in which the field is not finite are skipped; if all are, `ρ` is 0. Sommeijer,
/// Shampine & Verwer (1998), section 3.2.
final class SpectralRadius {

  private static final int MOST_ITERATIONS = 50;

  /// The ratio of the estimate and the last value.
  private static final double SAFETY = 1.2;

  /// The part of the limit of stability from which on it restricts the steps, whose sizes swing
  /// about it.
  private static final double NEAR_LIMIT = 0.7;

  private static final double ROOT_OF_ROUNDING = Math.sqrt(Math.ulp(1.0));

  /// The bounds between which sums of squares neither underflow nor overflow.
  private static final double SMALLEST_SQUARE = 1e-290;

  private static final double LARGEST_SQUARE = 1e290;

  private final CountedField field;
  final double[] direction;
  private final double[] v;
  private final double[] slope;
  double value;

  SpectralRadius(CountedField field) {
    int n = field.dimension();
    this.field = field;
    this.direction = new double[n];
    this.v = new double[n];
    this.slope = new double[n];
  }

  /// Estimates the radius at `(t, y)`, where the field is `f`.
  ///
  /// @param length length of the step; a radius far below its inverse does not matter
  void estimate(double t, double[] y, double[] f, double length) {
    double size = norm(y) > 0 ? norm(y) : length * norm(f);
    double delta = size == 0 ? ROOT_OF_ROUNDING : size * ROOT_OF_ROUNDING;
    if (norm(direction) == 0) {
      begin(f);
    }
    double rho = 0;
    boolean settled = false;
    for (int i = 0; i < MOST_ITERATIONS && !settled; i++) {
      double scale = delta / norm(direction);
      for (int j = 0; j < v.length; j++) {
        v[j] = y[j] + scale * direction[j];
      }
      field.evaluate(t, v, slope);
      for (int j = 0; j < v.length; j++) {
        slope[j] -= f[j];
      }
      double before = rho;
      double change = norm(slope);
      rho = Double.isFinite(change) ? change / delta : before;
      settled =
          i > 0
              && Double.isFinite(change)
              && Math.abs(rho - before) <= 0.01 * Math.max(rho, 1 / length);
      turn(change, i);
    }
    value = SAFETY * rho;
  }

  /// Sets a direction with a part along most eigenvectors: the field's, or all components with
  /// alternating signs if the field is zero.
  private void begin(double[] f) {
    boolean zero = norm(f) == 0;
    for (int j = 0; j < f.length; j++) {
      direction[j] = zero ? (j % 2 == 0 ? 1 : -1) : f[j];
    }
  }

  /// Turns to the change of the field, or to another component if that is zero or not finite.
  private void turn(double change, int iteration) {
    boolean useful = change > 0 && Double.isFinite(change);
    for (int j = 0; j < v.length; j++) {
      direction[j] = useful ? slope[j] : j == iteration % v.length ? 1 : 0;
    }
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double component : x) {
      sum += component * component;
    }
    return sum > SMALLEST_SQUARE && sum < LARGEST_SQUARE ? Math.sqrt(sum) : scaledNorm(x);
  }

  private static double scaledNorm(double[] x) {
    double norm = 0;
    for (double component : x) {
      norm = Math.hypot(norm, component);
    }
    return norm;
  }

  /// Returns `h ρ` at the start of `step`, for steps of size `h`, without the safety factor; NaN
  /// for methods that are not explicit.
  static double stiffness(Method method, CountedField field, Step step, double h) {
    if (!(method instanceof ButcherTableau tableau) || !tableau.explicit()) {
      return Double.NaN;
    }
    double[] f = new double[field.dimension()];
    field.evaluate(step.stageTime(0), step.y0, f);
    var radius = new SpectralRadius(field);
    radius.estimate(step.stageTime(0), step.y0, f, h);
    return h * radius.value / SAFETY;
  }

  /// Returns the advice for a stiff field; empty where [#stiffness] is not near the limit of
  /// stability.
  static String remedy(Method method, double stiffness) {
    return stiffness > 0 && stiffness > NEAR_LIMIT * Stability.realLimit(method)
        ? "the field is stiff there; try RODAS5P or KVAERNO5, or "
        : "";
  }
}
