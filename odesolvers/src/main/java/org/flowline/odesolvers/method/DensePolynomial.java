package org.flowline.odesolvers.method;

/// A weight of a dense output, `b(θ) = p_1 θ + p_2 θ² + …`, by its coefficients.
final class DensePolynomial {

  private DensePolynomial() {}

  static double value(double[] p, double theta) {
    double sum = 0;
    for (int m = p.length - 1; m >= 0; m--) {
      sum = theta * (p[m] + sum);
    }
    return sum;
  }

  /// `b'(θ)`
  static double slope(double[] p, double theta) {
    double sum = 0;
    for (int m = p.length - 1; m >= 0; m--) {
      sum = theta * sum + (m + 1) * p[m];
    }
    return sum;
  }
}
