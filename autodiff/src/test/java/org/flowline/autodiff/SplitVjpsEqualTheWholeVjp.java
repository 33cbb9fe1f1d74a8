package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.autodiff.fixtures.RandomExpression;
import org.flowline.autodiff.fixtures.Running;

/// A split vector–Jacobian product gives the bits of the whole one, and keeps only costly values.
class SplitVjpsEqualTheWholeVjp {

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void ofAnyProgram(@ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int size) {
    Tape tape = RandomExpression.any(seed, size);
    double[] x = RandomExpression.point(seed);
    double[] one = {1.5};
    double[][] whole = Running.run(Derivative.vjp(tape), x, one);
    SplitVjp split = SplitVjp.of(tape);
    double[][] first = Running.run(split.forward(), x);
    assertEquals(1 + split.kept().size(), first.length);
    double[][] kept = Arrays.copyOfRange(first, 1, first.length);
    double[][] in = Running.join(Running.join(new double[][] {x}, kept), one);
    assertArrayEquals(whole[0], first[0]);
    assertArrayEquals(whole[1], Running.run(split.backward(), in)[0]);
  }

  @Example
  void ofANetworkKeepTheActivationsAndNoMore() {
    Tape network =
        Tape.record(
            List.of(Shape.of(7, 3), Shape.of(3, 5), Shape.of(5, 2)),
            in -> List.of(in.get(0).matmul(in.get(1)).tanh().matmul(in.get(2))));
    SplitVjp split = SplitVjp.of(network);
    assertEquals(List.of(Shape.of(7, 5)), split.kept());
    assertFalse(split.backward().nodes().stream().anyMatch(node -> node.op() == Op.Unary.TANH));
  }
}
