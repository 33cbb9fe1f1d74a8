package org.flowline.autodiff;

import static org.flowline.autodiff.fixtures.Running.array;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.flowline.autodiff.fixtures.Running;
import org.flowline.autodiff.jvm.JvmBackend;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The compositions of [Var] equal their definitions, written as loops over an index tuple, and
/// their gradients equal the gradients of the definitions.
///
/// Values of size 1 go through about ten operations of at most three units each, gradients
/// through twice as many: 1e-14.
class CompositionsMatchTheirDefinitions {
  private static final double TOLERANCE = 1e-14;

  /// The accuracy of the differences.
  private static final double DIFFERENCES = 1e-9;

  private static double[] random(long seed, int n) {
    return new SplittableRandom(seed).doubles(n, -2, 2).toArray();
  }

  private static double[] value(Shape shape, UnaryOperator<Var> program, double[] x) {
    return Running.run(Tape.record(shape, program), x)[0];
  }

  /// The values, and the gradient of a weighted sum of them.
  private static void matches(
      Shape shape, UnaryOperator<Var> program, UnaryOperator<double[]> definition) {
    double[] x = random(shape.size(), shape.size());
    double[] want = definition.apply(x);
    Tape tape = Tape.record(shape, program);
    assertArrayEquals(want, Running.run(tape, x)[0], TOLERANCE);
    double[] v = random(7, want.length);
    double[] gradient = Running.run(Derivative.vjp(tape), x, v)[1];
    double[] differences = GradientCheck.differences(at -> Running.dot(v, definition.apply(at)), x);
    assertArrayEquals(differences, gradient, DIFFERENCES);
  }

  private static void everywhere(UnaryOperator<Var> program, DoubleUnaryOperator definition) {
    matches(Shape.of(9, 5), program, x -> Arrays.stream(x).map(definition).toArray());
  }

  @Test
  void activations() {
    everywhere(x -> x.leakyRelu(0.1), x -> x > 0 ? x : 0.1 * x);
    everywhere(x -> x.elu(1.5), x -> x > 0 ? x : 1.5 * (Math.exp(x) - 1));
    everywhere(Var::silu, x -> x / (1 + Math.exp(-x)));
    everywhere(Var::gelu, x -> x / 2 * (1 + Erf.erf(x / Math.sqrt(2))));
  }

  /// Down to −37, where the value is subnormal, relatively: rounding `x/√2` costs `x²` ulps.
  @Test
  void geluKeepsItsDigitsOnTheLeft() {
    double[] x = IntStream.rangeClosed(-37, -1).mapToDouble(i -> i).toArray();
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    double[][] came =
        Running.run(Derivative.vjp(Tape.record(Shape.of(x.length), Var::gelu)), x, ones);
    for (int i = 0; i < x.length; i++) {
      double phi = Math.exp(-x[i] * x[i] / 2) / Math.sqrt(2 * Math.PI);
      double normal = Erf.erfc(-x[i] / Math.sqrt(2)) / 2;
      assertEquals(x[i] * normal, came[0][i], 1e-12 * Math.abs(came[0][i]));
      assertEquals(normal + x[i] * phi, came[1][i], 1e-12 * Math.abs(came[1][i]));
    }
  }

  @Test
  void clamps() {
    everywhere(x -> x.clamp(-0.5, 1), x -> Math.min(Math.max(x, -0.5), 1));
    everywhere(x -> x.clampMin(-0.5), x -> Math.max(x, -0.5));
    everywhere(x -> x.clampMax(0.5), x -> Math.min(x, 0.5));
  }

  /// The derivative at a bound is 1.
  @Test
  void clampsIncludeTheirBounds() {
    Tape sum = Tape.record(Shape.of(5), x -> x.clamp(-1, 2).sum());
    double[] x = {-1.5, -1, 0, 2, 2.5};
    assertArrayEquals(array(0, 1, 1, 1, 0), Running.run(Derivative.gradient(sum), x)[1]);
  }

  @Test
  void largerAndSmallerOfTwo() {
    Shape four = Shape.of(4);
    double[] a = {1, 2, 3, -1};
    double[] b = {2, 2, 1, -3};
    Tape max = Tape.record(four, four, Var::max);
    Tape min = Tape.record(four, four, Var::min);
    double[] ones = {1, 1, 1, 1};
    double[][] larger = Running.run(Derivative.vjp(max), a, b, ones);
    double[][] smaller = Running.run(Derivative.vjp(min), a, b, ones);
    assertArrayEquals(array(2, 2, 3, -1), larger[0]);
    assertArrayEquals(array(0, 1, 1, 1), larger[1]);
    assertArrayEquals(array(1, 0, 0, 0), larger[2]);
    assertArrayEquals(array(1, 2, 1, -3), smaller[0]);
    assertArrayEquals(array(1, 1, 0, 0), smaller[1]);
    assertArrayEquals(array(0, 0, 1, 1), smaller[2]);
  }

  private interface Comparison {
    boolean of(double a, double b);
  }

  private static void compares(
      BinaryOperator<Var> program, ToDoubleVar byNumber, Comparison comparison) {
    double[] some = {-1, -0.0, 0, 2, Double.NaN, Double.POSITIVE_INFINITY};
    int n = some.length;
    Tape tape = Tape.record(Shape.of(n, 1), Shape.of(n), program);
    double[] came = Running.run(tape, some, some)[0];
    for (int i = 0; i < n; i++) {
      double b = some[i];
      double[] alone = value(Shape.of(n), x -> byNumber.of(x, b), some);
      for (int j = 0; j < n; j++) {
        assertEquals(comparison.of(some[i], some[j]) ? 1 : 0, came[i * n + j]);
        assertEquals(comparison.of(some[j], b) ? 1 : 0, alone[j]);
      }
    }
    double[][] pulled = Running.run(Derivative.vjp(tape), some, some, new double[n * n]);
    assertArrayEquals(new double[n], pulled[1]);
  }

  private interface ToDoubleVar {
    Var of(Var a, double b);
  }

  /// Comparisons with values and with numbers; only NaN is unequal to itself.
  @Test
  void comparisons() {
    compares(Var::greater, Var::greater, (a, b) -> a > b);
    compares(Var::greaterEqual, Var::greaterEqual, (a, b) -> a >= b);
    compares(Var::less, Var::less, (a, b) -> a < b);
    compares(Var::lessEqual, Var::lessEqual, (a, b) -> a <= b);
    compares(Var::equalTo, Var::equalTo, (a, b) -> a == b);
    compares(Var::notEqualTo, Var::notEqualTo, (a, b) -> a != b);
  }

  @Test
  void choicesAmongNumbers() {
    everywhere(x -> x.greater(0.5).where(x, 3), x -> x > 0.5 ? x : 3);
    everywhere(x -> x.greater(0.5).where(-2, x.square()), x -> x > 0.5 ? -2 : x * x);
    everywhere(x -> x.less(0.5).where(1, 4).mul(x), x -> (x < 0.5 ? 1 : 4) * x);
  }

  /// Powers of which base and exponent vary.
  @Test
  void powersOfVariables() {
    matches(
        Shape.of(2, 9),
        x -> x.slice(0, 0, 1).square().add(0.25).pow(x.slice(0, 1, 2)),
        x ->
            IntStream.range(0, 9)
                .mapToDouble(i -> Math.pow(x[i] * x[i] + 0.25, x[9 + i]))
                .toArray());
  }

  @Test
  void paddingWithANumber() {
    double[] x = {1, 2, 3, 4};
    Shape square = Shape.of(2, 2);
    assertArrayEquals(
        array(7, 1, 2, 7, 7, 7, 3, 4, 7, 7), value(square, z -> z.pad(1, 1, 2, 7), x));
    assertArrayEquals(array(1, 2, 3, 4, -0.0, -0.0), value(square, z -> z.pad(0, 0, 1, -0.0), x));
    assertArrayEquals(array(0, 0, 1, 2, 3, 4), value(square, z -> z.pad(-2, 1, 0, 0), x));
    assertArrayEquals(x, value(square, z -> z.pad(0, 0, 0, 7), x));
    Tape tape = Tape.record(square, z -> z.pad(1, 1, 1, Double.NEGATIVE_INFINITY));
    assertArrayEquals(
        array(2, 3, 6, 7), Running.run(Derivative.vjp(tape), x, array(1, 2, 3, 4, 5, 6, 7, 8))[1]);
  }

  @Test
  void smallestOverAnAxis() {
    matches(
        Shape.of(3, 4),
        x -> x.min(-1),
        x -> rows(x, 4, row -> array(Arrays.stream(row).min().orElseThrow())));
  }

  private static double[] rows(double[] x, int length, UnaryOperator<double[]> row) {
    return IntStream.range(0, x.length / length)
        .mapToObj(i -> row.apply(Arrays.copyOfRange(x, i * length, (i + 1) * length)))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private static double logSumExp(double[] x) {
    return Math.log(Arrays.stream(x).map(Math::exp).sum());
  }

  @Test
  void softmaxAndItsLogarithm() {
    matches(
        Shape.of(4, 7),
        x -> x.softmax(1),
        x ->
            rows(x, 7, row -> Arrays.stream(row).map(z -> Math.exp(z - logSumExp(row))).toArray()));
    matches(
        Shape.of(4, 7),
        x -> x.logSoftmax(-1),
        x -> rows(x, 7, row -> Arrays.stream(row).map(z -> z - logSumExp(row)).toArray()));
    matches(Shape.of(4, 7), x -> x.logSumExp(1), x -> rows(x, 7, row -> array(logSumExp(row))));
    matches(Shape.of(4, 7), Var::logSumExp, x -> array(logSumExp(x)));
  }

  @Test
  void alongTheFirstAxis() {
    double[] x = random(3, 12);
    double[] first = value(Shape.of(4, 3), z -> z.softmax(0), x);
    double[] last = value(Shape.of(4, 3), z -> z.transpose().softmax(1).transpose(), x);
    assertArrayEquals(last, first, TOLERANCE);
    double[] both = value(Shape.of(2, 3, 2), z -> z.logSumExp(0, 2), x);
    double[] one = value(Shape.of(2, 3, 2), z -> z.permute(1, 0, 2).reshape(3, 4).logSumExp(1), x);
    assertArrayEquals(one, both, TOLERANCE);
  }

  @Test
  void crossEntropyOfProbabilitiesAndOfLabels() {
    double[] p = {0.2, 0.3, 0.5, 0, 1, 0};
    matches(
        Shape.of(2, 3),
        x -> x.crossEntropy(x.constant(Shape.of(2, 3), p)),
        x -> {
          double[] loss = new double[2];
          for (int i = 0; i < 2; i++) {
            double[] row = Arrays.copyOfRange(x, 3 * i, 3 * i + 3);
            for (int j = 0; j < 3; j++) {
              loss[i] -= p[3 * i + j] * (row[j] - logSumExp(row));
            }
          }
          return loss;
        });
  }

  @Test
  void stacksUnderANewAxis() {
    double[] a = {1, 2, 3, 4, 5, 6};
    double[] b = {-1, -2, -3, -4, -5, -6};
    Shape shape = Shape.of(2, 3);
    for (int axis : new int[] {0, 1, 2, -1}) {
      Tape tape = Tape.record(shape, shape, (x, y) -> Var.stack(axis, List.of(x, y)));
      double[] want =
          switch (axis) {
            case 0 -> array(1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6);
            case 1 -> array(1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6);
            default -> array(1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6);
          };
      assertArrayEquals(want, Running.run(tape, a, b)[0]);
      int at = axis < 0 ? 2 : axis;
      assertEquals(2, tape.outputShapes().getFirst().dim(at));
      assertEquals(3, tape.outputShapes().getFirst().rank());
    }
  }

  @Test
  void cumulativeSums() {
    assertArrayEquals(
        array(1, 2, 4, 6), value(Shape.of(2, 2), x -> x.cumulativeSum(0), array(1, 2, 3, 4)));
    assertArrayEquals(
        array(1, 3, 3, 7), value(Shape.of(2, 2), x -> x.cumulativeSum(-1), array(1, 2, 3, 4)));
    assertArrayEquals(
        array(3, 2, 7, 4),
        value(Shape.of(2, 2), x -> x.cumulativeSumFromEnd(1), array(1, 2, 3, 4)));
    matches(
        Shape.of(3),
        x -> x.cumulativeSumFromEnd(0),
        x -> array(x[0] + x[1] + x[2], x[1] + x[2], x[2]));
  }

  /// Batch, channels in and out, length, width of the window, stride.
  @ParameterizedTest
  @CsvSource({"1,1,1,5,3,1", "2,3,4,9,3,2", "3,2,5,8,1,3", "2,1,2,7,7,1", "0,2,3,6,2,1"})
  void convolutionsOverOneAxis(int n, int c, int o, int s, int k, int stride) {
    int places = (s - k) / stride + 1;
    double[] x = random(1, n * c * s);
    double[] w = random(2, o * c * k);
    double[] want = new double[n * o * places];
    for (int b = 0; b < n; b++) {
      for (int f = 0; f < o; f++) {
        for (int i = 0; i < places; i++) {
          for (int ch = 0; ch < c; ch++) {
            for (int u = 0; u < k; u++) {
              want[(b * o + f) * places + i] +=
                  x[(b * c + ch) * s + i * stride + u] * w[(f * c + ch) * k + u];
            }
          }
        }
      }
    }
    Tape tape =
        Tape.record(Shape.of(n, c, s), Shape.of(o, c, k), (in, by) -> in.convolve(by, stride));
    assertEquals(Shape.of(n, o, places), tape.outputShapes().getFirst());
    assertArrayEquals(want, Running.run(tape, x, w)[0], 4 * c * k * TOLERANCE);
    gradientsMatch(tape, x, w);
  }

  /// Batch, channels in and out, height, width, height and width of the window, stride.
  @ParameterizedTest
  @CsvSource({"1,1,1,4,5,2,3,1", "2,3,4,7,6,3,2,2", "2,2,3,5,5,1,1,1", "1,2,2,6,9,3,3,3"})
  void convolutionsOverTwoAxes(int n, int c, int o, int h, int w, int kh, int kw, int stride) {
    int rows = (h - kh) / stride + 1;
    int columns = (w - kw) / stride + 1;
    double[] x = random(1, n * c * h * w);
    double[] k = random(2, o * c * kh * kw);
    double[] want = new double[n * o * rows * columns];
    for (int b = 0; b < n; b++) {
      for (int f = 0; f < o; f++) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            int at = ((b * o + f) * rows + i) * columns + j;
            for (int ch = 0; ch < c; ch++) {
              for (int u = 0; u < kh; u++) {
                for (int v = 0; v < kw; v++) {
                  int from = ((b * c + ch) * h + i * stride + u) * w + j * stride + v;
                  want[at] += x[from] * k[((f * c + ch) * kh + u) * kw + v];
                }
              }
            }
          }
        }
      }
    }
    Tape tape =
        Tape.record(
            Shape.of(n, c, h, w), Shape.of(o, c, kh, kw), (in, by) -> in.convolve(by, stride));
    assertEquals(Shape.of(n, o, rows, columns), tape.outputShapes().getFirst());
    assertArrayEquals(want, Running.run(tape, x, k)[0], 4 * c * kh * kw * TOLERANCE);
    gradientsMatch(tape, x, k);
  }

  /// Stride, padding and dilation, different for rows and columns.
  @ParameterizedTest
  @CsvSource({"1,1,0,0,1,1", "2,1,1,0,1,2", "1,3,2,1,2,1", "2,2,0,3,1,1", "3,1,1,2,2,3"})
  void convolutionsWithPaddingAndDilation(int s0, int s1, int p0, int p1, int d0, int d1) {
    int n = 2, c = 2, o = 3, h = 5, w = 6, kh = 2, kw = 3;
    int rows = (h + 2 * p0 - d0 * (kh - 1) - 1) / s0 + 1;
    int columns = (w + 2 * p1 - d1 * (kw - 1) - 1) / s1 + 1;
    double[] x = random(1, n * c * h * w);
    double[] k = random(2, o * c * kh * kw);
    double[] want = new double[n * o * rows * columns];
    for (int at = 0; at < want.length; at++) {
      int j = at % columns;
      int i = at / columns % rows;
      int f = at / columns / rows % o;
      int b = at / columns / rows / o;
      for (int tap = 0; tap < c * kh * kw; tap++) {
        int row = i * s0 + tap / kw % kh * d0 - p0;
        int column = j * s1 + tap % kw * d1 - p1;
        if (row >= 0 && row < h && column >= 0 && column < w) {
          int channel = tap / kw / kh;
          want[at] += x[((b * c + channel) * h + row) * w + column] * k[f * c * kh * kw + tap];
        }
      }
    }
    Tape tape =
        Tape.record(
            Shape.of(n, c, h, w),
            Shape.of(o, c, kh, kw),
            (in, by) ->
                in.convolve(by, new int[] {s0, s1}, new int[] {p0, p1}, new int[] {d0, d1}));
    assertEquals(Shape.of(n, o, rows, columns), tape.outputShapes().getFirst());
    assertArrayEquals(want, Running.run(tape, x, k)[0], 4 * c * kh * kw * TOLERANCE);
    gradientsMatch(tape, x, k);
  }

  /// The sum is 0 without channels; the result is empty without filters or rows.
  @ParameterizedTest
  @CsvSource({"2,0,3", "2,1,0", "0,2,3", "0,0,0"})
  void convolutionsOfNothing(int n, int c, int o) {
    Tape tape = Tape.record(Shape.of(n, c, 5, 4), Shape.of(o, c, 2, 2), (x, w) -> x.convolve(w, 1));
    assertEquals(Shape.of(n, o, 4, 3), tape.outputShapes().getFirst());
    double[] x = random(1, n * c * 20);
    double[] w = random(2, o * c * 4);
    double[] y = new double[n * o * 12];
    assertArrayEquals(y, Running.run(tape, x, w)[0]);
    double[][] pulled = Running.run(Derivative.vjp(tape), x, w, y);
    assertArrayEquals(new double[x.length], pulled[1]);
    assertArrayEquals(new double[w.length], pulled[2]);
  }

  /// `⟨v, x ∗ w⟩` is linear in each: differences of any width are exact but for rounding.
  private static void gradientsMatch(Tape tape, double[] x, double[] w) {
    double[] v = random(3, tape.outputShapes().getFirst().size());
    double[][] pulled = Running.run(Derivative.vjp(tape), x, w, v);
    Program program = JvmBackend.best().compile(tape);
    double[] byX = GradientCheck.differences(at -> dot(program, v, at, w), x);
    double[] byW = GradientCheck.differences(at -> dot(program, v, x, at), w);
    assertArrayEquals(byX, pulled[1], DIFFERENCES);
    assertArrayEquals(byW, pulled[2], DIFFERENCES);
  }

  private static double dot(Program program, double[] v, double[]... in) {
    return Running.dot(v, Running.run(program, in)[0]);
  }

  @Test
  void pools() {
    int[] sizes = {2, 3};
    for (int stride = 1; stride <= 2; stride++) {
      int by = stride;
      matches(
          Shape.of(2, 5, 6),
          x -> x.averagePool(sizes, by),
          x -> pooled(x, by, window -> Arrays.stream(window).sum() / 6));
      matches(
          Shape.of(2, 5, 6),
          x -> x.maxPool(sizes, by),
          x -> pooled(x, by, window -> Arrays.stream(window).max().orElseThrow()));
    }
  }

  /// Windows `2 × 3` of `[2, 5, 6]`.
  private static double[] pooled(double[] x, int stride, ToDoubleFunction<double[]> pool) {
    int rows = (5 - 2) / stride + 1;
    int columns = (6 - 3) / stride + 1;
    double[] y = new double[2 * rows * columns];
    for (int b = 0; b < 2; b++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          double[] window = new double[6];
          for (int u = 0; u < 6; u++) {
            window[u] = x[(b * 5 + i * stride + u / 3) * 6 + j * stride + u % 3];
          }
          y[(b * rows + i) * columns + j] = pool.applyAsDouble(window);
        }
      }
    }
    return y;
  }

  /// A stack times one matrix, and stacks whose leading axes broadcast.
  @Test
  void productsOfStacks() {
    double[] a = random(1, 2 * 3 * 4);
    double[] b = random(2, 4 * 5);
    Tape shared = Tape.record(Shape.of(2, 3, 4), Shape.of(4, 5), Var::matmul);
    double[] whole = Running.run(shared, a, b)[0];
    Tape single = Tape.record(Shape.of(3, 4), Shape.of(4, 5), Var::matmul);
    for (int i = 0; i < 2; i++) {
      double[] one = Running.run(single, Arrays.copyOfRange(a, 12 * i, 12 * i + 12), b)[0];
      assertArrayEquals(one, Arrays.copyOfRange(whole, 15 * i, 15 * i + 15));
    }
    Tape left = Tape.record(Shape.of(3, 4), Shape.of(2, 4, 5), Var::matmul);
    double[] stack = random(3, 2 * 4 * 5);
    double[] product = Running.run(left, Arrays.copyOf(a, 12), stack)[0];
    for (int i = 0; i < 2; i++) {
      double[] one =
          Running.run(single, Arrays.copyOf(a, 12), Arrays.copyOfRange(stack, 20 * i, 20 * i + 20))[
              0];
      assertArrayEquals(one, Arrays.copyOfRange(product, 15 * i, 15 * i + 15));
    }
    Tape empty = Tape.record(Shape.of(2, 3, 0), Shape.of(0, 5), Var::matmul);
    assertArrayEquals(new double[30], Running.run(empty, array(), array())[0]);
  }

  @Test
  void nothingFlowsThroughAStoppedGradient() {
    Tape tape = Tape.record(Shape.of(2), x -> x.mul(x.stopGradient()).sum());
    double[][] came = Running.run(Derivative.gradient(tape), array(3, -2));
    assertArrayEquals(array(13), came[0]);
    assertArrayEquals(array(3, -2), came[1]);
    double[][] tangent = Running.run(Derivative.jvp(tape), array(3, -2), array(1, 10));
    assertArrayEquals(array(-17), tangent[1]);
  }
}
