package org.flowline.autodiff;

import static org.flowline.autodiff.OpCase.Domain.ANY;
import static org.flowline.autodiff.fixtures.Running.array;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `⟨v, J u⟩ = ⟨Jᵀ v, u⟩` for every operation, and both modes compute the program's own value.
class ReverseIsTheAdjointOfForward {

  @Provide
  Arbitrary<OpCase> cases() {
    return OpCase.all();
  }

  /// Sums and products of the catalogue's numbers (eighths) are exact. What rounds is the
  /// derivative of a function, a dozen operations in either mode, and the two scalar products:
  /// `(n + 16)·ε` relative to the sum of all `|vᵢ Jᵢⱼ uⱼ|`, for which stand here `⟨|v|, |J u|⟩`,
  /// operand by operand, and `⟨|Jᵀ v|, |u|⟩`. `1 − tanh²` at 2 has lost a factor 14 more.
  @Property(tries = 6000)
  void scalarProductsAgree(@ForAll("cases") OpCase each, @ForAll long seed) {
    Tape tape = each.tape();
    double[][] x = each.arguments(seed);
    double[][] u = OpCase.draw(seed + 1, ANY, tape.inputShapes());
    double[] v = OpCase.draw(seed + 2, ANY, tape.outputShapes())[0];
    Program forward = JvmBackend.best().compile(Derivative.jvp(tape));
    double[][] tangents = Running.run(forward, Running.join(x, u));
    double[][] cotangents = Running.run(Derivative.vjp(tape), Running.join(x, v));
    double scale = 0;
    double right = 0;
    int terms = v.length;
    for (int i = 0; i < u.length; i++) {
      right += Running.dot(cotangents[i + 1], u[i]);
      scale += Running.absoluteDot(v, Running.run(forward, Running.join(x, only(i, u)))[1]);
      scale += Running.absoluteDot(cotangents[i + 1], u[i]);
      terms += u[i].length;
    }
    double left = Running.dot(v, tangents[1]);
    double tolerance = (terms + 16 * 14) * Math.ulp(1.0) * scale;
    assertTrue(Math.abs(left - right) <= tolerance, left + " is not " + right);
    double[] value = Running.run(tape, x)[0];
    assertArrayEquals(value, tangents[0]);
    assertArrayEquals(value, cotangents[0]);
  }

  /// Arguments in the tails as well, where a derivative is tiny or huge, to a relative error: a
  /// dozen roundings of the first derivative and, forward over reverse against reverse over
  /// forward, of the second.
  @ParameterizedTest
  @EnumSource
  void inTheTails(Op.Unary op) {
    double[] tails = {1e-300, 1e-20, 1e-5, 3, 12, 19, 36, 100, 300, 700};
    Tape tape = Tape.record(Shape.scalar(), x -> x.recorder.emit(op, x));
    Tape push =
        Tape.record(
            Shape.scalar(), x -> Derivative.jvp(tape).apply(List.of(x, x.constant(1))).getLast());
    Tape pull = Derivative.gradient(tape).select(1);
    for (double x : tails) {
      for (double at : new double[] {x, -x}) {
        double reverse = Running.run(pull, array(at))[0][0];
        double forward = Running.run(push, array(at))[0][0];
        same(reverse, forward, 12, op + " at " + at);
        Tape pullThenPush = Derivative.hvp(tape).select(2);
        double second = Running.run(Derivative.gradient(push), array(at))[1][0];
        double other = Running.run(pullThenPush, array(at), array(1))[0][0];
        same(second, other, 24, op + " twice at " + at);
      }
    }
  }

  private static void same(double reverse, double forward, int units, String what) {
    boolean finite = Double.isFinite(reverse);
    double tolerance = finite ? units * Math.ulp(1.0) * Math.abs(reverse) : 0;
    assertEquals(reverse, forward, tolerance, what);
  }

  private static double[][] only(int chosen, double[][] u) {
    double[][] alone = new double[u.length][];
    Arrays.setAll(alone, i -> i == chosen ? u[i] : new double[u[i].length]);
    return alone;
  }
}
