package org.flowline.odesolvers.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.descriptive.moment.Variance;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Seeds are fixed, so that each test either always passes or never does; the p-values of a true
/// sampler are uniform, and below 0.001 once in a thousand seeds.
class BrownianPathsAreBrownian {

  private static final int PATHS = 20_000;

  /// The law over seeds, at dyadic and other times.
  @ParameterizedTest
  @CsvSource({"0, 2", "0.1, 0.7", "0.5, 1", "0.3, 0.3000001", "1.999, 2", "0.1, 0.100000002"})
  void incrementsAreNormalWithTheVarianceOfTheirLength(double a, double b) {
    double[] scaled = increments(a, b, 0);
    double root = Math.sqrt(b - a);
    for (int i = 0; i < PATHS; i++) {
      scaled[i] /= root;
    }
    double p = new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(), scaled);
    assertTrue(p > 0.001, "p = " + p);
    // The variance of N samples of N(0, 1) has deviation √(2/N) = 0.01.
    assertEquals(1, new Variance().evaluate(scaled), 0.035);
  }

  /// The correlation of N independent pairs has deviation 1/√N = 0.007.
  @Test
  void disjointIncrementsAndProcessesAreUncorrelated() {
    double[] first = increments(0.1, 0.7, 0);
    assertUncorrelated(first, increments(0.7, 1.3, 0));
    assertUncorrelated(first, increments(0.700001, 0.7000011, 0));
    assertUncorrelated(first, increments(0, 0.1, 0));
    assertUncorrelated(first, increments(0.1, 0.7, 1));
    assertUncorrelated(squares(first), squares(increments(0.7, 1.3, 0)));
    assertUncorrelated(squares(first), squares(increments(0.1, 0.7, 1)));
  }

  private static void assertUncorrelated(double[] x, double[] y) {
    assertEquals(0, new PearsonsCorrelation().correlation(x, y), 0.025);
  }

  /// Cov(W(s), W(t)) = min(s, t), here 0.3: products with variance s t + s² < 1, over N.
  @Test
  void theCovarianceIsTheEarlierTime() {
    double[] early = increments(0, 0.3, 0);
    double[] late = increments(0, 1.7, 0);
    double sum = 0;
    for (int i = 0; i < PATHS; i++) {
      sum += early[i] * late[i];
    }
    assertEquals(0.3, sum / PATHS, 0.025);
  }

  /// The law within one path: ten thousand increments are independent normal numbers.
  @Test
  void andSoAreTheStepsOfOnePath() {
    int steps = 10_000;
    var reader = BrownianPath.of(3, 1, 0, 1).reader();
    double[] increments = new double[steps];
    double[] before = new double[1];
    double[] after = new double[1];
    for (int i = 0; i < steps; i++) {
      reader.value(i / (double) steps, before);
      reader.value((i + 1) / (double) steps, after);
      increments[i] = (after[0] - before[0]) * Math.sqrt(steps);
    }
    double p =
        new KolmogorovSmirnovTest().kolmogorovSmirnovTest(new NormalDistribution(), increments);
    assertTrue(p > 0.001, "p = " + p);
    double lagged = 0;
    double quadratic = 0;
    for (int i = 1; i < steps; i++) {
      lagged += increments[i] * increments[i - 1] / steps;
      quadratic += increments[i] * increments[i] / steps;
    }
    assertEquals(0, lagged, 0.035); // deviation 0.01
    assertEquals(1, quadratic, 0.05); // the quadratic variation, deviation 0.014
  }

  private static double[] increments(double a, double b, int process) {
    double[] all = new double[PATHS];
    double[] from = new double[2];
    double[] to = new double[2];
    for (int i = 0; i < PATHS; i++) {
      var reader = BrownianPath.of(i, 2, 0, 2).reader();
      reader.value(a, from);
      reader.value(b, to);
      all[i] = to[process] - from[process];
    }
    return all;
  }

  private static double[] squares(double[] x) {
    double[] squares = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      squares[i] = x[i] * x[i];
    }
    return squares;
  }
}
