package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The largest element along an axis is the maximum of the JDK at any position: NaN if there is a
/// NaN, +0 of both zeros, −∞ without elements; on both kernels, along rows and down columns.
class MaximaPropagateNaN {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 100})
  void atEveryPosition(int n) {
    double[] specials = {Double.NaN, 0.0, -0.0, 7, Double.POSITIVE_INFINITY};
    for (double special : specials) {
      double[][] rows =
          IntStream.range(0, Math.max(1, n))
              .mapToObj(at -> row(n, at, special))
              .toArray(double[][]::new);
      double[] want = Arrays.stream(rows).mapToDouble(MaximaPropagateNaN::largest).toArray();
      double[] along = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
      double[] down =
          IntStream.range(0, n * rows.length)
              .mapToDouble(i -> rows[i % rows.length][i / rows.length])
              .toArray();
      Tape ofRows = Tape.record(Shape.of(rows.length, n), x -> x.max(1));
      Tape ofColumns = Tape.record(Shape.of(n, rows.length), x -> x.max(0));
      for (JvmBackend backend : new JvmBackend[] {JvmBackend.best(), JvmBackend.scalar()}) {
        assertArrayEquals(want, Running.run(backend.compile(ofRows), along)[0]);
        assertArrayEquals(want, Running.run(backend.compile(ofColumns), down)[0]);
      }
    }
  }

  /// Negative numbers around a special number, −0 if it is a zero, else zeros of both signs.
  private static double[] row(int n, int at, double special) {
    SplittableRandom random = new SplittableRandom(n + at);
    double[] row = random.doubles(n, -3, special == 0 ? -0.0 : 1).map(Math::rint).toArray();
    if (at < n) {
      row[at] = special;
    }
    return row;
  }

  private static double largest(double[] row) {
    return Arrays.stream(row).max().orElse(Double.NEGATIVE_INFINITY);
  }
}
