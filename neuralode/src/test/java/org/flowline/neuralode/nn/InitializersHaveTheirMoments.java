package org.flowline.neuralode.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.stat.StatUtils;
import org.junit.jupiter.api.Test;

class InitializersHaveTheirMoments {
  private static final int IN = 300;
  private static final int OUT = 200;

  @Test
  void glorotIsUniform() {
    double[] weights = weights(Initializer.glorot());
    double limit = Math.sqrt(6.0 / (IN + OUT));
    assertTrue(Arrays.stream(weights).allMatch(w -> -limit <= w && w < limit));
    // A uniform variable's fourth moment is 9/5 of its variance squared.
    check(weights, limit * limit / 3, 1.8);
  }

  @Test
  void heIsNormal() {
    check(weights(Initializer.he()), 2.0 / IN, 3);
  }

  @Test
  void normalHasTheGivenDeviation() {
    check(weights(Initializer.normal(0.3)), 0.09, 3);
  }

  private static double[] weights(Initializer initializer) {
    double[] weights = initializer.matrix(IN, OUT, new SplittableRandom(8));
    assertEquals(IN * OUT, weights.length);
    return weights;
  }

  /// Within four standard errors, of `N` draws from a fixed seed: `σ/√N` of the mean, `σ²√((κ −
  /// 1)/N)` of the variance, with kurtosis κ.
  private static void check(double[] weights, double variance, double kurtosis) {
    double n = weights.length;
    assertEquals(0, StatUtils.mean(weights), 4 * Math.sqrt(variance / n));
    assertEquals(
        variance, StatUtils.variance(weights), 4 * variance * Math.sqrt((kurtosis - 1) / n));
    double fourth = Arrays.stream(weights).map(w -> w * w * w * w).average().orElseThrow();
    // The kurtosis itself, within a tenth: uniform and normal are far apart.
    assertEquals(kurtosis, fourth / (variance * variance), 0.1);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    Mlp mlp = Mlp.of(Activation.TANH, 3, 4, 2);
    double[] theta = mlp.initial(new SplittableRandom(1));
    assertArrayEquals(theta, mlp.initial(new SplittableRandom(1)));
    assertTrue(!Arrays.equals(theta, mlp.initial(new SplittableRandom(2))));
  }

  @Test
  void biasesStartAtZero() {
    double[] theta = new Linear(3, 4, Initializer.normal(1)).initial(new SplittableRandom(1));
    assertEquals(16, theta.length);
    assertArrayEquals(new double[4], Arrays.copyOfRange(theta, 12, 16));
    assertTrue(Arrays.stream(theta, 0, 12).allMatch(w -> w != 0));
  }
}
