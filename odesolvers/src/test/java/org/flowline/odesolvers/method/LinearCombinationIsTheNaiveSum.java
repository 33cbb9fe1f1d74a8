package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Compares bit for bit, for all unrolled numbers of terms and more, around vector lengths.
class LinearCombinationIsTheNaiveSum {

  @Property(tries = 500)
  void leftToRight(
      @ForAll @IntRange(min = 0, max = 20) int terms,
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll long seed) {
    var random = new SplittableRandom(seed);
    double h = random.nextDouble(-1, 1);
    double[] weights = random.doubles(terms, -1, 1).toArray();
    if (terms > 2) {
      weights[1] = 0;
    }
    double[] y = random.doubles(length, -1, 1).toArray();
    double[][] k = new double[terms][];
    for (int i = 0; i < terms; i++) {
      k[i] = random.doubles(length, -1, 1).toArray();
    }

    double[] want = new double[length];
    for (int j = 0; j < length; j++) {
      double sum = 0;
      for (int i = 0; i < terms; i++) {
        if (weights[i] != 0) {
          sum = sum + weights[i] * k[i][j];
        }
      }
      want[j] = y[j] + h * sum;
    }

    double[] out = new double[length];
    LinearCombination.of(weights).apply(y, h, k, out);
    assertArrayEquals(want, out);
  }
}
