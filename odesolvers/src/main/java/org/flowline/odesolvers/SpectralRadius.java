package org.flowline.odesolvers;

/// An upper estimate of the spectral radius of `∂f/∂y`, by the power method on the field itself,
/// with differences of size `δ` in place of the Jacobian:
///
///     v ← y + δ d/‖d‖        d ← f(t, v) − f(t, y)        ρ ≈ 1.2 ‖d‖/δ
///
/// until two values of `ρ` differ by less than 1 %. It goes on from the direction found last.
/// Directions into which the field is not finite say nothing; if all are so, `ρ` is 0.
/// Sommeijer, Shampine & Verwer (1998), section 3.2.
final class SpectralRadius {

  private static final int MOST_ITERATIONS = 50;

  /// The estimate is so many times what was seen.
  static final double SAFETY = 1.2;

  private static final double ROOT_OF_ROUNDING = Math.sqrt(Math.ulp(1.0));

  private final CountedField field;
  private final double[] direction;
  private final double[] v;
  private final double[] slope;
  private double value;

  SpectralRadius(CountedField field) {
    int n = field.dimension();
    this.field = field;
    this.direction = new double[n];
    this.v = new double[n];
    this.slope = new double[n];
  }

  double value() {
    return value;
  }

  /// Estimates it at `(t, y)`, where the field is `f`.
  ///
  /// @param length of the step; a radius that is small against its inverse does not matter
  void estimate(double t, double[] y, double[] f, double length) {
    double size = norm(y);
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

  /// From a direction that has a part along most eigenvectors: the field's own, or that of all
  /// components with changing signs.
  private void begin(double[] f) {
    boolean zero = norm(f) == 0;
    for (int j = 0; j < f.length; j++) {
      direction[j] = zero ? (j % 2 == 0 ? 1 : -1) : f[j];
    }
  }

  /// To where the field has changed; where it has not, or is not finite, to another component.
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
    return Math.sqrt(sum);
  }

  void copyDirection(double[] out, int from) {
    System.arraycopy(direction, 0, out, from, direction.length);
  }

  void recall(double[] memory, int from, double value) {
    System.arraycopy(memory, from, direction, 0, direction.length);
    this.value = value;
  }
}
