package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollocationIsExactForPolynomials {

  /// `θ^{n+1} = (n + 1) Σ b_i(θ) θ_i^n` for `n < m` everywhere, and for `n < 2m` at the end; sums
  /// of at most 18 terms near 1, each rounded some twenty times.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 12, 18})
  void upToItsDegreeInsideAndTwiceThatAtTheEnd(int m) {
    var collocation = new GaussCollocation(m);
    double[] weights = new double[m];
    double[] rates = new double[m];
    for (double theta : new double[] {0, 0.1, 0.37, 0.5, 0.93, 1}) {
      collocation.weights(theta, weights);
      collocation.rates(theta, rates);
      for (int n = 0; n < (theta == 1 ? 2 * m : m); n++) {
        double value = 0;
        double rate = 0;
        for (int i = 0; i < m; i++) {
          double power = Math.pow(collocation.node(i), n);
          value += weights[i] * power;
          rate += rates[i] * power;
        }
        assertEquals(Math.pow(theta, n + 1), (n + 1) * value, 1e-11, m + " nodes, degree " + n);
        if (n < m) {
          assertEquals(Math.pow(theta, n), rate, 1e-11, m + " nodes, degree " + n);
        }
      }
    }
  }
}
