package org.flowline.autodiff.jvm.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.flowline.autodiff.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [ScalarKernels] and [VectorKernels] give the same bits (all NaNs counting as one) for any number
/// of elements at any offset, and change no element outside of the output.
///
/// The comparison also runs while the compiler replaces the interpreter.
class ScalarAndVectorKernelsAgree {
  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels VECTOR = new VectorKernels();
  private static final int LONGEST = 40;
  private static final int MARGIN = 3;
  private static final int ROUNDS = 12;
  private static final int COMPILED = 15_000;

  private static final double[] SPECIAL =
      DoubleStream.of(
              0,
              1,
              2,
              0.5,
              1e-8,
              1e8,
              Math.PI,
              Math.PI / 2,
              Math.PI / 4,
              Math.sqrt(0.5),
              Math.sqrt(2),
              Math.log(2),
              Math.log(2) / 2,
              22,
              44,
              37,
              708.3,
              708.4,
              709.7,
              709.79,
              710,
              711,
              744.4,
              745.1,
              745.2,
              746,
              747,
              1e6,
              Math.nextUp(1e6),
              1e7,
              1e22,
              1e300,
              Double.MIN_VALUE,
              3e-320,
              1e-310,
              Double.MIN_NORMAL,
              Math.nextDown(Double.MIN_NORMAL),
              Double.MAX_VALUE,
              Double.POSITIVE_INFINITY,
              Double.NaN)
          .flatMap(x -> DoubleStream.of(x, -x))
          .toArray();

  /// Runs both kernels and compares the whole output array, including the margins.
  @FunctionalInterface
  private interface Kernel {
    void run(Kernels kernels, double[] out);
  }

  private static void agree(String what, double[] before, Kernel kernel) {
    double[] scalar = before.clone();
    double[] vector = before.clone();
    kernel.run(SCALAR, scalar);
    kernel.run(VECTOR, vector);
    if (!Arrays.equals(scalar, vector)) { // tells 0 from −0; the message is slow to write
      assertArrayEquals(scalar, vector, what);
    }
  }

  private static double[] mixture(SplittableRandom random, int length) {
    return random
        .doubles(length, -3, 3)
        .map(
            x ->
                switch (random.nextInt(4)) {
                  case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
                  case 1 -> Math.scalb(x, random.nextInt(-1074, 1024));
                  default -> x;
                })
        .toArray();
  }

  @ParameterizedTest
  @EnumSource
  void unary(Op.Unary op) {
    SplittableRandom random = new SplittableRandom(1);
    agree(
        op + " special",
        new double[SPECIAL.length],
        (k, out) -> k.unary(op, SPECIAL, 0, out, 0, SPECIAL.length));
    for (int round = 0; round < ROUNDS; round++) {
      for (int n = 0; n <= LONGEST; n++) {
        for (int at = 0; at < MARGIN; at++) {
          // without special values too, so that whole vectors stay on the fast branch
          double[] x =
              round % 2 == 0
                  ? mixture(random, LONGEST + MARGIN)
                  : random.doubles(LONGEST + MARGIN, -30, 30).toArray();
          double[] before = mixture(random, LONGEST + 2 * MARGIN);
          int from = at;
          int to = MARGIN - at;
          int length = n;
          agree(op + " of " + n, before, (k, out) -> k.unary(op, x, from, out, to, length));
          agree(op + " in place", x, (k, out) -> k.unary(op, out, from, out, from, length));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void unaryWhileBeingCompiled(Op.Unary op) {
    SplittableRandom random = new SplittableRandom(5);
    double[] usual = random.doubles(LONGEST - 1, -30, 30).toArray();
    for (double[] x : new double[][] {usual, SPECIAL}) {
      double[] scalar = new double[x.length];
      double[] vector = new double[x.length];
      SCALAR.unary(op, x, 0, scalar, 0, x.length);
      for (int run = 0; run < COMPILED; run++) {
        Arrays.fill(vector, -1);
        VECTOR.unary(op, x, 0, vector, 0, x.length);
        if (!Arrays.equals(scalar, vector)) {
          assertArrayEquals(scalar, vector, op + ", run " + run);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void binary(Op.Binary op) {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < ROUNDS; round++) {
      for (int n = 0; n <= LONGEST; n++) {
        double[] a = mixture(random, LONGEST + MARGIN);
        double[] b = mixture(random, LONGEST + MARGIN);
        double[] before = mixture(random, LONGEST + MARGIN);
        Kernels.Grid flat = Kernels.Grid.flat(n);
        int at = round % MARGIN;
        int other = (round + n) % MARGIN;
        agree(op + "", before, (k, out) -> k.binary(op, flat, a, at, b, other, out, other));
        agree(op + " in place", a, (k, out) -> k.binary(op, flat, out, at, b, other, out, at));
        agree(op + " in place", b, (k, out) -> k.binary(op, flat, a, at, out, at, out, at));
      }
    }
    double[] left = new double[SPECIAL.length * SPECIAL.length];
    double[] right = new double[left.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = SPECIAL[i / SPECIAL.length];
      right[i] = SPECIAL[i % SPECIAL.length];
    }
    agree(
        op + " special",
        new double[left.length],
        (k, out) -> k.binary(op, Kernels.Grid.flat(left.length), left, 0, right, 0, out, 0));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        -17,
        -16,
        -15.5,
        -3,
        -2,
        -1.5,
        -1,
        -0.5,
        0,
        0.5,
        1,
        1.5,
        2,
        2.5,
        3,
        4,
        7,
        15.5,
        16,
        17,
        18,
        1e300,
        16.5,
        0.3,
        -0.7,
        Math.PI,
        -4.2,
        1e5,
        -1e9,
        1e-300,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
      })
  void power(double p) {
    SplittableRandom random = new SplittableRandom(3);
    agree(
        "power " + p,
        new double[SPECIAL.length],
        (k, out) -> k.power(p, SPECIAL, 0, out, 0, SPECIAL.length));
    for (int n = 0; n <= LONGEST; n++) {
      double[] x = mixture(random, LONGEST + MARGIN);
      double[] before = mixture(random, LONGEST + MARGIN);
      int length = n;
      int at = n % MARGIN;
      agree("power " + p, before, (k, out) -> k.power(p, x, at, out, MARGIN - at, length));
      agree("power in place", x, (k, out) -> k.power(p, out, at, out, at, length));
      double[] usual = random.doubles(LONGEST + MARGIN, 0.1, 10).toArray();
      agree("power " + p, before, (k, out) -> k.power(p, usual, at, out, MARGIN - at, length));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2, -1.5, 1.5, 3, 0.7})
  void powerWhileBeingCompiled(double p) {
    double[] x = new SplittableRandom(8).doubles(LONGEST - 1, 0, 30).toArray();
    double[] scalar = new double[x.length];
    double[] vector = new double[x.length];
    SCALAR.power(p, x, 0, scalar, 0, x.length);
    for (int run = 0; run < COMPILED; run++) {
      Arrays.fill(vector, -1);
      VECTOR.power(p, x, 0, vector, 0, x.length);
      if (!Arrays.equals(scalar, vector)) {
        assertArrayEquals(scalar, vector, "power " + p + ", run " + run);
      }
    }
  }

  @Test
  void accumulate() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 20 * ROUNDS; round++) {
      for (int n = 0; n <= LONGEST; n++) {
        double[] x = mixture(random, LONGEST + MARGIN);
        int length = n;
        int at = n % MARGIN;
        agree(
            "accumulate",
            mixture(random, LONGEST + MARGIN),
            (k, out) -> k.accumulate(x, at, out, MARGIN - at, length));
      }
    }
  }

  /// Each operand whole, one repeated row, and both repeated.
  @ParameterizedTest
  @EnumSource
  void binaryOnRows(Op.Binary op) {
    SplittableRandom random = new SplittableRandom(6);
    for (int rows = 0; rows <= 4; rows++) {
      for (int n = 0; n <= LONGEST; n++) {
        for (int repeated = 0; repeated < 4; repeated++) {
          double[] a = mixture(random, rows * n + n + MARGIN);
          double[] b = mixture(random, rows * n + n + MARGIN);
          double[] before = mixture(random, rows * n + 2 * MARGIN);
          int at = (rows + n) % MARGIN;
          Kernels.Grid grid =
              new Kernels.Grid(rows, n, repeated % 2 == 0 ? n : 0, repeated < 2 ? n : 0);
          agree(
              op + " on " + grid,
              before,
              (k, out) -> k.binary(op, grid, a, at, b, MARGIN - at, out, at));
        }
      }
    }
  }

  @Test
  void where() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < ROUNDS; round++) {
      for (int n = 0; n <= LONGEST; n++) {
        double[] condition =
            Arrays.stream(mixture(random, LONGEST + MARGIN))
                .map(x -> random.nextInt(3) == 0 ? x : Math.rint(x) * 0)
                .toArray();
        double[] a = mixture(random, LONGEST + MARGIN);
        double[] b = mixture(random, LONGEST + MARGIN);
        double[] before = mixture(random, LONGEST + 2 * MARGIN);
        int length = n;
        int at = round % MARGIN;
        int other = (round + n) % MARGIN;
        agree(
            "where of " + n,
            before,
            (k, out) -> k.where(condition, at, a, other, b, at, out, other, length));
        agree(
            "where in place of a",
            a,
            (k, out) -> k.where(condition, at, out, other, b, at, out, other, length));
        agree(
            "where in place of the condition",
            condition,
            (k, out) -> k.where(out, at, a, other, b, at, out, at, length));
      }
    }
  }

  @Test
  void tanhPullback() {
    SplittableRandom random = new SplittableRandom(9);
    for (int round = 0; round < 20 * ROUNDS; round++) {
      for (int n = 0; n <= LONGEST; n++) {
        double[] g = mixture(random, LONGEST + MARGIN);
        double[] y = mixture(random, LONGEST + MARGIN);
        int length = n;
        int at = n % MARGIN;
        agree(
            "tanhPullback of " + n,
            mixture(random, LONGEST + MARGIN),
            (k, out) -> k.tanhPullback(g, at, y, MARGIN - at, out, at, length));
        agree(
            "tanhPullback in place of y",
            y,
            (k, out) -> k.tanhPullback(g, at, out, at, out, at, length));
      }
    }
  }

  /// Every height of a block with every remainder of its width, below and above the size from which
  /// the right side is laid out.
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void matmul(boolean transposedA, boolean transposedB) {
    for (int m = 1; m <= 20; m++) {
      for (int n = 1; n <= 60; n++) {
        for (int depth : new int[] {0, 1, 2, 3, 7, 16, 40, 150}) {
          product(transposedA, transposedB, m, depth, n, (m + n + depth) % 5 == 0);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void largeMatmul(boolean transposedA, boolean transposedB) {
    for (int m : new int[] {1, 3, 64, 77, 256}) {
      for (int n : new int[] {1, 63, 64, 65, 200, 256}) {
        for (int depth : new int[] {64, 100, 256}) {
          product(transposedA, transposedB, m, depth, n, false);
        }
      }
    }
  }

  private static void product(
      boolean transposedA, boolean transposedB, int m, int depth, int n, boolean special) {
    SplittableRandom random = new SplittableRandom(31L * m + 7L * n + depth);
    Kernels.Matrix left =
        transposedA ? Kernels.Matrix.of(depth, m, true) : Kernels.Matrix.of(m, depth, false);
    Kernels.Matrix right =
        transposedB ? Kernels.Matrix.of(n, depth, true) : Kernels.Matrix.of(depth, n, false);
    int at = random.nextInt(MARGIN + 1);
    double[] a = values(random, special, m * depth + MARGIN);
    double[] b = values(random, special, depth * n + MARGIN);
    double[] before = random.doubles(m * n + 2 * MARGIN).toArray();
    agree(
        m + "×" + depth + "×" + n,
        before,
        (k, out) -> {
          Kernels.Product product = k.product(left, right);
          int size = product.scratchSize();
          double[] scratch = new double[size + 2 * MARGIN];
          Arrays.fill(scratch, Double.NaN);
          product.run(a, at, b, MARGIN - at, out, at, scratch, MARGIN);
          for (int i = 0; i < MARGIN; i++) {
            assertEquals(Double.NaN, scratch[i]);
            assertEquals(Double.NaN, scratch[MARGIN + size + i]);
          }
        });
  }

  private static double[] values(SplittableRandom random, boolean special, int length) {
    return special ? mixture(random, length) : random.doubles(length, -1, 1).toArray();
  }

  @Test
  void sumIsEightPartialSumsAndATree() {
    double[] x = {9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 30};
    assertEquals(0, Kernels.sum(x, 1, 0));
    assertEquals(6, Kernels.sum(x, 1, 3));
    assertEquals(36, Kernels.sum(x, 1, 8));
    assertEquals(96, Kernels.sum(x, 1, 11));
    // eight ones that a single running sum would lose after 2⁵³
    double[] far = {0x1p53, 1, 1, 1, 1, 1, 1, 1};
    assertEquals(0x1p53 + 6, Kernels.sum(far, 0, 8));
  }
}
