package org.flowline.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.flowline.autodiff.fixtures.Network;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;

/// Reverse mode agrees with fourth-order central differences, for every operation and for the loss
/// of a network; and [GradientCheck] finds a wrong gradient.
class EveryGradientMatchesDifferences {

  /// The differences' step, `ε^(1/5)`.
  private static final double STEP = Math.pow(Math.ulp(1.0), 0.2);

  @Provide
  Arbitrary<OpCase> cases() {
    return OpCase.all()
        .filter(each -> each.domain() != OpCase.Domain.TIES)
        .filter(each -> each.tape().inputShapes().stream().mapToInt(Shape::size).sum() <= 150);
  }

  /// The gradient of `⟨v, op(x…)⟩` for a random `v`. The truncation error of the differences is
  /// `h⁴/30` of the fifth derivative, below `2e-9` of the largest component for `x^(−2.5)` at ½,
  /// the worst of the catalogue; their rounding error is a few `ε/h` of the terms.
  @Property(tries = 1500)
  void ofEveryOperation(@ForAll("cases") OpCase each, @ForAll long seed) {
    Tape tape = each.tape();
    List<Shape> shapes = tape.inputShapes();
    double[][] x = each.arguments(seed);
    double[] v = OpCase.draw(seed + 1, OpCase.Domain.ANY, tape.outputShapes())[0];
    Program program = JvmBackend.best().compile(tape);
    double[][] pulled = Running.run(Derivative.vjp(tape), Running.join(x, v));
    double[] gradient = flat(Arrays.copyOfRange(pulled, 1, pulled.length));
    ToDoubleFunction<double[]> f = at -> Running.dot(v, Running.run(program, split(at, shapes))[0]);
    double[] differences = GradientCheck.differences(f, flat(x));
    double largest = Arrays.stream(differences).map(Math::abs).max().orElse(0);
    double rounding = 10 * Math.ulp(1.0) / STEP * Running.absoluteDot(v, pulled[0]);
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(differences[i], gradient[i], 2e-9 * largest + rounding + Double.MIN_VALUE);
    }
  }

  @Example
  void ofANetwork() {
    Check check = new Check(Network.SMALL, 1);
    GradientCheck right = check.of(check.gradient);
    assertTrue(right.maxRelativeError() < 1e-10, right::toString);
    assertEquals(2, right.taylorSlope(), 0.05);
  }

  @Example
  void aWrongGradientIsFound() {
    Check check = new Check(Network.SMALL, 2);
    double[] wrong = check.gradient.clone();
    wrong[5] *= 1.01;
    wrong[5] += 1e-3;
    GradientCheck found = check.of(wrong);
    assertEquals(5, found.worst());
    assertTrue(found.maxRelativeError() > 1e-4, found::toString);
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] *= 1.5;
    }
    assertEquals(1, check.of(wrong).taylorSlope(), 0.1);
  }

  @Example
  void aNaNIsFoundAtEveryPosition() {
    Check check = new Check(Network.SMALL, 3);
    for (int i : new int[] {0, 7, check.gradient.length - 1}) {
      double[] wrong = check.gradient.clone();
      wrong[i] = Double.NaN;
      GradientCheck found = check.of(wrong);
      assertFalse(found.maxRelativeError() < 1e300, found::toString);
      assertEquals(i, found.worst());
    }
    double[] nothing = {0, 0};
    assertTrue(
        Double.isNaN(GradientCheck.of(_ -> Double.NaN, nothing, nothing).maxRelativeError()));
  }

  @Example
  void aLinearFunctionHasNoTaylorSlope() {
    GradientCheck check =
        GradientCheck.of(x -> 3 * x[0] - x[1], new double[] {3, -1}, new double[] {1, 2});
    assertTrue(check.maxRelativeError() < 1e-11, check::toString);
    assertEquals(Double.NaN, check.taylorSlope());
  }

  @Example
  void itCostsWhatItSays() {
    int[] calls = {0};
    double[] x = {1, 2, 3};
    GradientCheck.of(
        at -> {
          calls[0]++;
          return at[0] * at[1];
        },
        new double[] {2, 1, 0},
        x);
    assertEquals(12 * x.length + 13, calls[0]);
  }

  /// The loss of a network as a function of `θ`, and its gradient.
  private record Check(Program loss, double[][] in, double[] gradient) {
    Check(Network network, long seed) {
      Tape loss = network.loss();
      double[][] in = network.arguments(seed);
      this(JvmBackend.best().compile(loss), in, Running.run(Derivative.gradient(loss, 0), in)[1]);
    }

    GradientCheck of(double[] claimed) {
      return GradientCheck.of(
          theta -> Running.run(loss, theta, in[1], in[2])[0][0], claimed, in[0]);
    }
  }

  private static double[] flat(double[][] parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][] split(double[] all, List<Shape> shapes) {
    double[][] parts = new double[shapes.size()][];
    int from = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Arrays.copyOfRange(all, from, from + shapes.get(i).size());
      from += parts[i].length;
    }
    return parts;
  }
}
