package org.flowline.odesolvers.method;

import java.util.Arrays;
import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.LegendreRuleFactory;

/// The polynomial through `y0` whose derivative takes the values `k_i` at the `m` nodes of Gauss
/// and Legendre:
///
///     b_i(θ) = ∫_0^θ ℓ_i        ℓ_i(x) = w_i Σ_{n<m} (n + ½) P_n(x_i) P_n(x)        x = 2 θ − 1
///
/// with `∫_{−1}^x P_n = (P_{n+1}(x) − P_{n−1}(x))/(2n + 1)`. It is exact for polynomials up to
/// degree `m`, and at `θ = 1` up to `2m`.
final class GaussCollocation {

  private final int m;
  private final double[] x;
  private final double[] w;

  /// `P_n(x_i)`.
  private final double[][] p;

  GaussCollocation(int m) {
    // A GaussIntegratorFactory would compute constants to 40 digits first, in 0.1 s.
    GaussIntegrator rule = new GaussIntegrator(new LegendreRuleFactory().getRule(m));
    this.m = m;
    this.x = new double[m];
    this.w = new double[m];
    this.p = new double[m][m];
    for (int i = 0; i < m; i++) {
      x[i] = rule.getPoint(i);
      w[i] = rule.getWeight(i);
      double before = 0;
      double now = 1;
      for (int n = 0; n < m; n++) {
        p[n][i] = now;
        double next = next(n, x[i], now, before);
        before = now;
        now = next;
      }
    }
  }

  /// `P_{n+1}`.
  private static double next(int n, double x, double now, double before) {
    return ((2 * n + 1) * x * now - n * before) / (n + 1);
  }

  /// The node `θ_i`, from 0 to 1.
  double node(int i) {
    return (1 + x[i]) / 2;
  }

  /// Overwrites `weights` with `b_i(θ)`.
  void weights(double theta, double[] weights) {
    double at = 2 * theta - 1;
    Arrays.fill(weights, 0, m, theta);
    double before = 1;
    double now = at;
    for (int n = 1; n < m; n++) {
      double next = next(n, at, now, before);
      for (int i = 0; i < m; i++) {
        weights[i] += p[n][i] * (next - before) / 2;
      }
      before = now;
      now = next;
    }
    for (int i = 0; i < m; i++) {
      weights[i] *= w[i] / 2;
    }
  }

  /// Overwrites `rates` with `b_i'(θ) = ℓ_i`.
  void rates(double theta, double[] rates) {
    double at = 2 * theta - 1;
    Arrays.fill(rates, 0, m, 0);
    double before = 0;
    double now = 1;
    for (int n = 0; n < m; n++) {
      for (int i = 0; i < m; i++) {
        rates[i] += (n + 0.5) * p[n][i] * now;
      }
      double next = next(n, at, now, before);
      before = now;
      now = next;
    }
    for (int i = 0; i < m; i++) {
      rates[i] *= w[i];
    }
  }
}
