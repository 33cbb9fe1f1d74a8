package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowline.autodiff.fixtures.PlainJava;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;

/// Every operation gives the values of [PlainJava], on both kernels.
///
/// Sums and products of the catalogue's arguments (eighths) are exact, so only functions round:
/// by at most 16 half units, `power 7` the most.
class EveryValueMatchesPlainJava {
  private static final double ULPS = 16 * 0x1p-53;

  @Provide
  Arbitrary<OpCase> cases() {
    return OpCase.all();
  }

  @Property(tries = 4000)
  void programsMatch(@ForAll("cases") OpCase each, @ForAll long seed) {
    double[][] in = each.arguments(seed);
    double[] want = PlainJava.run(each.tape(), in)[0];
    double[] came = Running.run(each.tape(), in)[0];
    double[] scalar = Running.run(JvmBackend.scalar().compile(each.tape()), in)[0];
    for (int i = 0; i < want.length; i++) {
      if (!(Math.abs(want[i] - came[i]) <= ULPS * Math.abs(want[i]))) {
        assertArrayEquals(want, came);
      }
    }
    assertArrayEquals(scalar, came);
  }

  @Example
  void meanOfNothingIsNaN() {
    Tape mean = Tape.record(Shape.of(0), Var::mean);
    assertEquals(Double.NaN, Running.run(mean, Running.array())[0][0]);
  }
}
