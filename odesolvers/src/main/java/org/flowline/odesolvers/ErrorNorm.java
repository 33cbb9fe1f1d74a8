package org.flowline.odesolvers;

import java.util.Arrays;

/// The size of an error `e` in units of the tolerance, over the `m` components that count:
///
///     E² = (1/m) Σ (e_i / (atol_i + rtol_i max(|y0_i|, |y1_i|)))²
final class ErrorNorm {

  private final double[] rtol;
  private final double[] atol;
  private final int count;

  /// @throws IllegalArgumentException if the tolerances do not fit `n` components
  ErrorNorm(Tolerance tolerance, int n) {
    this.rtol = each("rtol", tolerance.rtol(), n);
    this.atol = each("atol", tolerance.atol(), n);
    this.count = (int) Arrays.stream(atol).filter(Double::isFinite).count();
  }

  /// One value for each of `n` components.
  static double[] each(String what, double[] values, int n) {
    if (values.length == n) {
      return values;
    }
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "Tolerance: %d values of %s for %d components, want one or %d"
              .formatted(values.length, what, n, n));
    }
    double[] all = new double[n];
    Arrays.fill(all, values[0]);
    return all;
  }

  /// `E²` of `errors`, which may also be any other vector; NaN if `y1` or an error that counts is
  /// not finite.
  double square(double[] errors, double[] y0, double[] y1) {
    double sum = 0;
    double infinite = 0;
    for (int j = 0; j < errors.length; j++) {
      double ratio = errors[j] / (atol[j] + rtol[j] * Math.max(Math.abs(y0[j]), Math.abs(y1[j])));
      sum += ratio * ratio;
      infinite += 0 * y1[j];
    }
    return sum / count + infinite;
  }

  /// The component with the largest error, or the first whose error is NaN.
  int worst(double[] errors, double[] y0, double[] y1) {
    int worst = -1;
    double largest = -1;
    for (int j = 0; j < errors.length; j++) {
      double scale = atol[j] + rtol[j] * Math.max(Math.abs(y0[j]), Math.abs(y1[j]));
      double ratio = Math.abs(errors[j]) / scale;
      if (Double.isNaN(ratio)) {
        return j;
      }
      if (ratio > largest) {
        largest = ratio;
        worst = j;
      }
    }
    return worst;
  }
}
