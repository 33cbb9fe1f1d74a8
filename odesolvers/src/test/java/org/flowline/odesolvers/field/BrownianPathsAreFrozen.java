package org.flowline.odesolvers.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// The seed alone determines the value at a time, to the bit.
class BrownianPathsAreFrozen {

  /// One reader for many times in any order equals a new reader for each time.
  @Property(tries = 200)
  void inAnyOrderOfCalls(
      @ForAll long seed,
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -3, max = 5) Double> times) {
    var path = BrownianPath.of(seed, 3, -3, 5);
    var reader = path.reader();
    double[] w = new double[3];
    for (int round = 0; round < 2; round++) {
      for (double time : times) {
        reader.value(time, w);
        assertArrayEquals(path.at(time), w);
      }
    }
  }

  @Test
  void atEveryStepSize() {
    var path = BrownianPath.of(11, 1, 0, 3);
    double[] w = new double[1];
    for (int n = 1; n <= 4096; n *= 2) {
      var reader = path.reader();
      for (int i = 0; i <= n; i++) {
        reader.value(3.0 * i / n, w);
        assertEquals(path.at(3.0 * i / n)[0], w[0]);
      }
    }
    assertEquals(0, path.at(0)[0]);
    assertNotEquals(path.at(3)[0], BrownianPath.of(12, 1, 0, 3).at(3)[0]);
  }

  /// Increments are additive up to the rounding of values below 10.
  @Property(tries = 200)
  void andIncrementsAddUp(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double a,
      @ForAll @DoubleRange(min = 0, max = 1) double b,
      @ForAll @DoubleRange(min = 0, max = 1) double c) {
    var path = BrownianPath.of(seed, 1, 0, 1);
    double ab = path.at(b)[0] - path.at(a)[0];
    double bc = path.at(c)[0] - path.at(b)[0];
    assertEquals(path.at(c)[0] - path.at(a)[0], ab + bc, 1e-14);
  }

  /// The mean of a node's neighbours and the node differ by a bridge of their distance: the path is
  /// continuous, and rough.
  @Test
  void andThePathIsContinuous() {
    var reader = BrownianPath.of(5, 1, 0, 1).reader();
    double[] w = new double[1];
    double[] near = new double[1];
    for (int i = 1; i < 1000; i++) {
      double t = i / 1000.0;
      reader.value(t, w);
      reader.value(t + 1e-14, near);
      assertEquals(w[0], near[0], 1e-6); // ten deviations of √1e-14
    }
  }
}
