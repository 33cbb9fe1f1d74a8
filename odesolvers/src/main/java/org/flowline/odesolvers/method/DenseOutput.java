package org.flowline.odesolvers.method;

/// The weights of a dense output as polynomials, `b_i(θ) = Σ_m p_im θ^{m+1}`, of the given order.
record DenseOutput(int order, double[][] p) {

  /// Returns the straight line to `y1`: `b_i(θ) = θ b_i`.
  static DenseOutput linear(double[] b) {
    double[][] p = new double[b.length][];
    for (int i = 0; i < b.length; i++) {
      p[i] = new double[] {b[i]};
    }
    return new DenseOutput(1, p);
  }

  /// Overwrites `weights` with `b_i(θ)`.
  void weights(double theta, double[] weights) {
    for (int i = 0; i < p.length; i++) {
      double sum = 0;
      for (int m = p[i].length - 1; m >= 0; m--) {
        sum = theta * (p[i][m] + sum);
      }
      weights[i] = sum;
    }
  }

  /// Overwrites `rates` with `b_i'(θ)`.
  void rates(double theta, double[] rates) {
    for (int i = 0; i < p.length; i++) {
      double sum = 0;
      for (int m = p[i].length - 1; m >= 0; m--) {
        sum = theta * sum + (m + 1) * p[i][m];
      }
      rates[i] = sum;
    }
  }
}
