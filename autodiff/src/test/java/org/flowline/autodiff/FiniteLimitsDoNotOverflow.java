package org.flowline.autodiff;

import static org.flowline.autodiff.fixtures.Running.array;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A value or a derivative with a finite limit is computed where a direct formula overflows: no ∞ −
/// ∞, no 0·∞, no NaN from the branch that is not chosen.
class FiniteLimitsDoNotOverflow {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NaN = Double.NaN;
  private static final double LARGEST = Double.MAX_VALUE;

  /// A function of one number with its value and slope far to the right (as multiples of `x` or
  /// numbers) and far to the left.
  enum Function {
    SOFTPLUS(Var::softplus, 1, 0, 0),
    SILU(Var::silu, 1, 0, 0),
    GELU(Var::gelu, 1, 0, 0),
    ELU(x -> x.elu(2), 1, 0, -2),
    RELU(Var::relu, 1, 0, 0),
    LEAKY_RELU(x -> x.leakyRelu(0.01), 1, 0.01, 0),
    SIGMOID(Var::sigmoid, 0, 0, 0),
    TANH(Var::tanh, 0, 0, -1),
    ERF(Var::erf, 0, 0, -1),
    ERFC(Var::erfc, -0.0, 0, 2),
    EXP(x -> x.clampMax(0).exp(), 0, 0, 0),
    EXPM1(x -> x.clampMax(0).expm1(), 0, 0, -1),
    CLAMP(x -> x.clamp(-3, 5), 0, 0, -3),
    LOG_SUM_EXP(x -> Var.stack(0, List.of(x, x.mul(0))).logSumExp(0), 1, 0, 0);

    final UnaryOperator<Var> program;
    final double slopeRight;
    final double slopeLeft;
    final double left;

    Function(UnaryOperator<Var> program, double slopeRight, double slopeLeft, double left) {
      this.program = program;
      this.slopeRight = slopeRight;
      this.slopeLeft = slopeLeft;
      this.left = left;
    }
  }

  /// The value and the derivative of `f` at each of `x`, in reverse mode; forward mode agrees.
  private static double[][] at(UnaryOperator<Var> f, double... x) {
    Tape tape = Tape.record(Shape.of(x.length), f);
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    double[][] reverse = Running.run(Derivative.vjp(tape), x, ones);
    double[][] forward = Running.run(Derivative.jvp(tape), x, ones);
    assertArrayEquals(reverse[1], forward[1], 1e-15, "forward mode");
    return reverse;
  }

  @ParameterizedTest
  @EnumSource
  void farOut(Function function) {
    double[] x = {800, 1000, 1e200, LARGEST};
    double[][] right = at(function.program, x);
    double[][] left = at(function.program, -800, -1000, -1e200, -LARGEST);
    for (int i = 0; i < x.length; i++) {
      if (function.slopeRight == 1) {
        assertEquals(x[i], right[0][i]);
      }
      assertEquals(function.slopeRight, right[1][i]);
      assertEquals(function.left - function.slopeLeft * x[i], left[0][i] + 0.0);
      assertEquals(function.slopeLeft, left[1][i] + 0.0);
    }
  }

  /// The limits at ±∞, except the logarithm of a sum, which mixes them with finite numbers.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOG_SUM_EXP")
  void atInfinity(Function function) {
    double[][] came = at(function.program, INFINITY, -INFINITY);
    if (function.slopeRight == 1) {
      assertEquals(INFINITY, came[0][0]);
    }
    double left = function.slopeLeft == 0 ? function.left : -INFINITY;
    assertEquals(left, came[0][1] + 0.0);
    assertEquals(function.slopeRight, came[1][0]);
    assertEquals(function.slopeLeft, came[1][1] + 0.0);
  }

  @ParameterizedTest
  @EnumSource
  void notANumberStaysOne(Function function) {
    assertEquals(NaN, at(function.program, NaN)[0][0]);
  }

  @Test
  void whatOverflowsIsInfiniteAndItsDerivativeToo() {
    double[][] exp = at(Var::exp, 710, 1000, INFINITY);
    assertArrayEquals(array(INFINITY, INFINITY, INFINITY), exp[0]);
    assertArrayEquals(array(INFINITY, INFINITY, INFINITY), exp[1]);
    double[][] expm1 = at(Var::expm1, 710, 1000, INFINITY);
    assertArrayEquals(array(INFINITY, INFINITY, INFINITY), expm1[0]);
    assertArrayEquals(array(INFINITY, INFINITY, INFINITY), expm1[1]);
    assertArrayEquals(array(0, 0), at(Var::exp, -1000, -INFINITY)[1]);
  }

  /// The value and the gradient of `f`, which has one result.
  private static double[][] gradient(UnaryOperator<Var> f, double... x) {
    return Running.run(Derivative.gradient(Tape.record(Shape.of(x.length), f)), x);
  }

  @Test
  void logSumExpOfFarNumbers() {
    for (double far : new double[] {-1e300, -1000, 1000, 1e300}) {
      double[][] same = gradient(Var::logSumExp, far, far);
      assertEquals(far + Math.log(2), same[0][0], Math.ulp(far));
      assertArrayEquals(array(0.5, 0.5), same[1]);
    }
    double[][] apart = gradient(Var::logSumExp, -1000, 1000, -INFINITY, -LARGEST);
    assertEquals(1000, apart[0][0]);
    assertArrayEquals(array(0, 1, 0, 0), apart[1]);
    assertEquals(INFINITY, gradient(Var::logSumExp, 3, INFINITY)[0][0]);
    assertEquals(NaN, gradient(Var::logSumExp, 3, NaN)[0][0]);
    Tape ofNothing = Tape.record(Shape.of(0), Var::logSumExp);
    assertEquals(-INFINITY, Running.run(ofNothing, array())[0][0]);
  }

  /// A row of −∞ alone, as of a mask, shares the gradient as at ∞.
  @Test
  void logSumExpOfInfiniteNumbers() {
    for (double far : new double[] {INFINITY, -INFINITY}) {
      double[][] alone = at(Var::logSumExp, far);
      assertEquals(far, alone[0][0]);
      assertEquals(1, alone[1][0]);
      double[][] same = gradient(Var::logSumExp, far, far);
      assertEquals(far, same[0][0]);
      assertArrayEquals(array(0.5, 0.5), same[1]);
    }
    assertArrayEquals(array(0, 1), gradient(Var::logSumExp, -INFINITY, 5)[1]);
  }

  /// Two numbers `d` apart, anywhere: `−ln(1 + e⁻ᵈ)`, and `d` less, to three roundings of the sum,
  /// which is near 1, and one of the result.
  @Test
  void logSoftmaxKeepsItsDigitsFarOut() {
    Tape tape = Tape.record(Shape.of(2), x -> x.logSoftmax(0));
    for (double far : new double[] {0, 1e4, -1e8, 1e12, 0x1p51, -0x1p51}) {
      for (double d : new double[] {0, 0.5, 2, 30}) {
        double want = -Math.log1p(Math.exp(-d));
        double[] came = Running.run(tape, array(far + d, far))[0];
        double tolerance = 3 * 0x1p-52 + Math.ulp(want - d);
        assertEquals(want, came[0], tolerance);
        assertEquals(want - d, came[1], tolerance);
        double loss =
            Running.run(
                Tape.record(Shape.of(2), x -> x.crossEntropy(x.constant(Shape.of(2), 0, 1))),
                array(far + d, far))[0][0];
        assertEquals(d - want, loss, tolerance);
      }
    }
    assertArrayEquals(
        array(-Math.log(2), -Math.log(2)), Running.run(tape, array(1e308, 1e308))[0], 1e-15);
  }

  @Test
  void softmaxOfFarNumbers() {
    Tape tape = Tape.record(Shape.of(4), x -> x.softmax(0));
    double[] x = {-1000, 1000, -INFINITY, 1000};
    double[][] pulled = Running.run(Derivative.vjp(tape), x, array(1, 2, 3, 4));
    assertArrayEquals(array(0, 0.5, 0, 0.5), pulled[0]);
    // yᵢ(vᵢ − ⟨y, v⟩)
    assertArrayEquals(array(0, -0.5, 0, 0.5), positiveZeros(pulled[1]));
    double[][] log =
        Running.run(
            Derivative.vjp(Tape.record(Shape.of(4), z -> z.logSoftmax(0))), x, array(1, 0, 0, 0));
    assertArrayEquals(
        array(-2000 - Math.log(2), -Math.log(2), -INFINITY, -Math.log(2)), log[0], 1e-12);
    assertArrayEquals(array(1, -0.5, 0, -0.5), positiveZeros(log[1]));
  }

  @Test
  void crossEntropyOfImpossibleClasses() {
    double[] x = {1000, -INFINITY, -1000};
    UnaryOperator<Var> loss = z -> z.crossEntropy(z.constant(Shape.of(3), 1, 0, 0));
    double[][] came = gradient(loss, x);
    assertEquals(0, came[0][0] + 0.0);
    assertArrayEquals(array(0, 0, 0), positiveZeros(came[1]));
    double[][] wrong = gradient(z -> z.crossEntropy(z.constant(Shape.of(3), 0, 0, 1)), x);
    assertEquals(2000, wrong[0][0]);
    assertArrayEquals(array(1, 0, -1), positiveZeros(wrong[1]));
  }

  private static double[] positiveZeros(double[] x) {
    return Arrays.stream(x).map(each -> each + 0.0).toArray();
  }

  /// The branch that is not chosen has no effect, on both kernels and in both modes.
  @Test
  void whereForgetsTheOtherBranch() {
    Shape three = Shape.of(3);
    BinaryOperator<Var> program = (a, b) -> a.constant(three, 1, 0, 1).where(a, b);
    Tape tape = Tape.record(three, three, program);
    double[] a = {1, NaN, 3};
    double[] b = {NaN, 2, INFINITY};
    for (JvmBackend backend : new JvmBackend[] {JvmBackend.best(), JvmBackend.scalar()}) {
      Program pulled = backend.compile(Derivative.vjp(tape));
      double[][] came = Running.run(pulled, a, b, array(5, 6, 7));
      assertArrayEquals(array(1, 2, 3), came[0]);
      assertArrayEquals(array(5, 0, 7), came[1]);
      assertArrayEquals(array(0, 6, 0), came[2]);
      Program pushed = backend.compile(Derivative.jvp(tape));
      double[][] tangent = Running.run(pushed, a, b, array(5, NaN, 7), array(NaN, 6, NaN));
      assertArrayEquals(array(5, 6, 7), tangent[1]);
    }
  }

  /// A cotangent of NaN reaches the chosen branch alone.
  @Test
  void whereForgetsTheOtherCotangent() {
    Shape two = Shape.of(2);
    Tape tape = Tape.record(two, two, (a, b) -> a.constant(two, 1, 0).where(a, b));
    double[][] came =
        Running.run(Derivative.vjp(tape), array(1, 2), array(3, 4), array(INFINITY, NaN));
    assertArrayEquals(array(INFINITY, 0), came[1]);
    assertArrayEquals(array(0, NaN), came[2]);
  }

  /// An infinite slope inside a branch needs a `where` before it, against `0·∞`; two of them do, as
  /// in `elu`.
  @Test
  void twoWheresKeepInfiniteSlopesOut() {
    UnaryOperator<Var> safeLog =
        x -> {
          Var positive = x.greater(0);
          Var inside = positive.where(x, x.constant(1));
          return positive.where(inside.log(), x.constant(0));
        };
    double[][] came = at(safeLog, 0, -1, 2, -INFINITY);
    assertArrayEquals(array(0, 0, Math.log(2), 0), came[0], 1e-15);
    assertArrayEquals(array(0, 0, 0.5, 0), came[1]);
  }

  @Test
  void maximaOfInfinities() {
    double[][] one = gradient(Var::max, 1, INFINITY, -INFINITY);
    assertEquals(INFINITY, one[0][0]);
    assertArrayEquals(array(0, 1, 0), one[1]);
    double[][] none = gradient(Var::max, -INFINITY, -INFINITY);
    assertEquals(-INFINITY, none[0][0]);
    assertArrayEquals(array(0.5, 0.5), none[1]);
    assertEquals(NaN, gradient(Var::max, 1, NaN)[0][0]);
    Tape ofNothing = Tape.record(Shape.of(2, 0), x -> x.max(1));
    assertArrayEquals(array(-INFINITY, -INFINITY), Running.run(ofNothing, array())[0]);
    double[][] pushed = Running.run(Derivative.jvp(ofNothing), array(), array());
    assertArrayEquals(array(0, 0), pushed[1]);
  }

  @Test
  void reluAtItsKink() {
    assertArrayEquals(array(0, 0, 1), at(Var::relu, 0, -0.0, Double.MIN_VALUE)[1]);
    double[][] abs = at(Var::abs, -0.0, INFINITY, -INFINITY, -Double.MIN_VALUE);
    assertArrayEquals(array(0, INFINITY, INFINITY, Double.MIN_VALUE), abs[0]);
    assertArrayEquals(array(0, 1, -1, -1), positiveZeros(abs[1]));
    assertTrue(Double.isNaN(at(Var::relu, NaN)[0][0]));
  }

  @Test
  void digitsAreKeptFarOut() {
    Tape expm1 = Tape.record(Shape.scalar(), Var::expm1);
    double slope = Running.run(Derivative.gradient(expm1), new double[] {-40})[1][0];
    assertEquals(Math.exp(-40), slope, 1e-15 * slope);
    assertEquals(
        slope, Running.run(Derivative.jvp(expm1), new double[] {-40}, new double[] {1})[1][0]);
  }

  @Test
  void maxAndMinPropagateNaN() {
    Tape larger = Tape.record(Shape.scalar(), Shape.scalar(), Var::max);
    Tape smaller = Tape.record(Shape.scalar(), Shape.scalar(), Var::min);
    for (Tape tape : List.of(larger, smaller)) {
      assertTrue(
          Double.isNaN(Running.run(tape, new double[] {Double.NaN}, new double[] {1})[0][0]));
      assertTrue(
          Double.isNaN(Running.run(tape, new double[] {1}, new double[] {Double.NaN})[0][0]));
    }
  }

  /// The slope with respect to a probability of 0 is `−ln softmax`, not 0.
  @Test
  void crossEntropyHasFiniteSlopesForImpossibleLabels() {
    Tape tape =
        Tape.record(
            List.of(Shape.of(1, 2), Shape.of(1, 2)),
            in -> List.of(in.get(0).crossEntropy(in.get(1)).sum()));
    double[][] out =
        Running.run(Derivative.gradient(tape), new double[] {0, 0}, new double[] {1, 0});
    assertEquals(Math.log(2), out[2][0], 1e-15);
    assertEquals(Math.log(2), out[2][1], 1e-15);
    double[] impossible = {0, Double.NEGATIVE_INFINITY};
    assertEquals(0, Running.run(tape, impossible, new double[] {1, 0})[0][0], 1e-15);
  }

  /// An infinite logit has the whole probability.
  @Test
  void oneInfiniteElementTakesAll() {
    double[] x = {Double.POSITIVE_INFINITY, 0};
    Tape sum = Tape.record(Shape.of(2), Var::logSumExp);
    double[][] out = Running.run(Derivative.gradient(sum), x);
    assertEquals(Double.POSITIVE_INFINITY, out[0][0]);
    assertArrayEquals(new double[] {1, 0}, out[1]);
    assertArrayEquals(
        new double[] {1, 0}, Running.run(Tape.record(Shape.of(2), y -> y.softmax(0)), x)[0]);
    assertArrayEquals(
        new double[] {0, Double.NEGATIVE_INFINITY},
        Running.run(Tape.record(Shape.of(2), y -> y.logSoftmax(0)), x)[0]);
    Tape loss = Tape.record(Shape.of(2), y -> y.softmax(0).square().sum());
    assertArrayEquals(new double[] {0, 0}, Running.run(Derivative.gradient(loss), x)[1]);
  }

  /// The softmax of a row of −∞ is NaN and the logarithm of its sum −∞; the other rows keep their
  /// values and gradients.
  @Test
  void aRowOfNothingPossibleIsNaNAlone() {
    Shape rows = Shape.of(2, 2);
    double nothing = Double.NEGATIVE_INFINITY;
    double[] x = {nothing, nothing, 0, 0};
    assertArrayEquals(
        array(Double.NaN, Double.NaN, 0.5, 0.5),
        Running.run(Tape.record(rows, y -> y.softmax(1)), x)[0]);
    assertArrayEquals(
        array(Double.NaN, Double.NaN, -Math.log(2), -Math.log(2)),
        Running.run(Tape.record(rows, y -> y.logSoftmax(1)), x)[0],
        0x1p-52);
    assertArrayEquals(
        array(nothing, Math.log(2)),
        Running.run(Tape.record(rows, y -> y.logSumExp(1)), x)[0],
        0x1p-52);
    Tape loss = Tape.record(rows, y -> y.crossEntropy(y.constant(rows, 1, 0, 1, 0)));
    double[][] pulled = Running.run(Derivative.vjp(loss), x, array(1, 1));
    assertArrayEquals(array(Double.NaN, Math.log(2)), pulled[0], 0x1p-52);
    assertArrayEquals(array(-0.5, 0.5), Arrays.copyOfRange(pulled[1], 2, 4), 0x1p-52);
  }
}
