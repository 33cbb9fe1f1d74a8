package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;

/// The innermost loops of a narrow panel of a product, up to three vectors of columns wide: a block
/// of the result, some rows by some vectors, stays in registers while `k` runs through the depth.
///
/// The nine blocks differ only in size; a register has no index. Each reads rows of `A`, `rs`
/// apart, whose columns are `cs` apart, and vectors of columns of `B`, whose rows are `ldb` apart.
/// The last vector has `last` elements; the rows of the result are `n` apart.
final class RegisterBlocks {
  private static final int LANES = DOUBLES.length();

  private final int m;
  private final int depth;
  private final int rs;
  private final int cs;
  private final int ldb;
  private final int n;
  private final int vectors;
  private final int last;

  /// A panel of `m` rows and `width` columns of a result with rows of length `n`.
  RegisterBlocks(int m, int depth, int rs, int cs, int ldb, int n, int width) {
    this.m = m;
    this.depth = depth;
    this.rs = m == 1 ? 0 : rs; // a single row is computed twice
    this.cs = cs;
    this.ldb = ldb;
    this.n = m == 1 ? 0 : n;
    this.vectors = (width + LANES - 1) / LANES;
    this.last = width - (vectors - 1) * LANES;
  }

  /// Computes the panel in blocks of eight, four and two rows. The last block is moved up until it
  /// ends at the last row; it computes some rows again, to the same bits.
  void run(double[] a, int ao, double[] b, int bo, double[] out, int oo) {
    int i = 0;
    for (; i <= m - 8; i += 8) {
      switch (vectors) {
        case 1 -> eightByOne(depth, a, ao + i * rs, rs, cs, b, bo, ldb, out, oo + i * n, n, last);
        case 2 -> eightByTwo(depth, a, ao + i * rs, rs, cs, b, bo, ldb, out, oo + i * n, n, last);
        default ->
            eightByThree(depth, a, ao + i * rs, rs, cs, b, bo, ldb, out, oo + i * n, n, last);
      }
    }
    for (; i < m && m >= 4 && m - i > 2; i += 4) {
      int row = Math.min(i, m - 4);
      switch (vectors) {
        case 1 ->
            fourByOne(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
        case 2 ->
            fourByTwo(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
        default ->
            fourByThree(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
      }
    }
    for (; i < m; i += 2) {
      int row = Math.max(0, Math.min(i, m - 2));
      switch (vectors) {
        case 1 -> twoByOne(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
        case 2 -> twoByTwo(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
        default ->
            twoByThree(depth, a, ao + row * rs, rs, cs, b, bo, ldb, out, oo + row * n, n, last);
      }
    }
  }

  // formatter:off
  private static void eightByThree(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c02 = zero;
    DoubleVector c10 = zero, c11 = zero, c12 = zero;
    DoubleVector c20 = zero, c21 = zero, c22 = zero;
    DoubleVector c30 = zero, c31 = zero, c32 = zero;
    DoubleVector c40 = zero, c41 = zero, c42 = zero;
    DoubleVector c50 = zero, c51 = zero, c52 = zero;
    DoubleVector c60 = zero, c61 = zero, c62 = zero;
    DoubleVector c70 = zero, c71 = zero, c72 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, q + 2 * LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      DoubleVector x4 = broadcast(DOUBLES, a[p + 4 * rs]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      DoubleVector x5 = broadcast(DOUBLES, a[p + 5 * rs]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      DoubleVector x6 = broadcast(DOUBLES, a[p + 6 * rs]);
      c60 = x6.fma(b0, c60);
      c61 = x6.fma(b1, c61);
      c62 = x6.fma(b2, c62);
      DoubleVector x7 = broadcast(DOUBLES, a[p + 7 * rs]);
      c70 = x7.fma(b0, c70);
      c71 = x7.fma(b1, c71);
      c72 = x7.fma(b2, c72);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES);
    c02.intoArray(out, oo + 2 * LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES);
    c12.intoArray(out, oo + n + 2 * LANES, mask);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES);
    c22.intoArray(out, oo + 2 * n + 2 * LANES, mask);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES);
    c32.intoArray(out, oo + 3 * n + 2 * LANES, mask);
    c40.intoArray(out, oo + 4 * n);
    c41.intoArray(out, oo + 4 * n + LANES);
    c42.intoArray(out, oo + 4 * n + 2 * LANES, mask);
    c50.intoArray(out, oo + 5 * n);
    c51.intoArray(out, oo + 5 * n + LANES);
    c52.intoArray(out, oo + 5 * n + 2 * LANES, mask);
    c60.intoArray(out, oo + 6 * n);
    c61.intoArray(out, oo + 6 * n + LANES);
    c62.intoArray(out, oo + 6 * n + 2 * LANES, mask);
    c70.intoArray(out, oo + 7 * n);
    c71.intoArray(out, oo + 7 * n + LANES);
    c72.intoArray(out, oo + 7 * n + 2 * LANES, mask);
  }

  private static void eightByTwo(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c10 = zero, c11 = zero;
    DoubleVector c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    DoubleVector c40 = zero, c41 = zero, c50 = zero, c51 = zero;
    DoubleVector c60 = zero, c61 = zero, c70 = zero, c71 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      DoubleVector x4 = broadcast(DOUBLES, a[p + 4 * rs]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      DoubleVector x5 = broadcast(DOUBLES, a[p + 5 * rs]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      DoubleVector x6 = broadcast(DOUBLES, a[p + 6 * rs]);
      c60 = x6.fma(b0, c60);
      c61 = x6.fma(b1, c61);
      DoubleVector x7 = broadcast(DOUBLES, a[p + 7 * rs]);
      c70 = x7.fma(b0, c70);
      c71 = x7.fma(b1, c71);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES, mask);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES, mask);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES, mask);
    c40.intoArray(out, oo + 4 * n);
    c41.intoArray(out, oo + 4 * n + LANES, mask);
    c50.intoArray(out, oo + 5 * n);
    c51.intoArray(out, oo + 5 * n + LANES, mask);
    c60.intoArray(out, oo + 6 * n);
    c61.intoArray(out, oo + 6 * n + LANES, mask);
    c70.intoArray(out, oo + 7 * n);
    c71.intoArray(out, oo + 7 * n + LANES, mask);
  }

  private static void eightByOne(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c10 = zero, c20 = zero, c30 = zero;
    DoubleVector c40 = zero, c50 = zero, c60 = zero, c70 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
      DoubleVector x4 = broadcast(DOUBLES, a[p + 4 * rs]);
      c40 = x4.fma(b0, c40);
      DoubleVector x5 = broadcast(DOUBLES, a[p + 5 * rs]);
      c50 = x5.fma(b0, c50);
      DoubleVector x6 = broadcast(DOUBLES, a[p + 6 * rs]);
      c60 = x6.fma(b0, c60);
      DoubleVector x7 = broadcast(DOUBLES, a[p + 7 * rs]);
      c70 = x7.fma(b0, c70);
    }
    c00.intoArray(out, oo, mask);
    c10.intoArray(out, oo + n, mask);
    c20.intoArray(out, oo + 2 * n, mask);
    c30.intoArray(out, oo + 3 * n, mask);
    c40.intoArray(out, oo + 4 * n, mask);
    c50.intoArray(out, oo + 5 * n, mask);
    c60.intoArray(out, oo + 6 * n, mask);
    c70.intoArray(out, oo + 7 * n, mask);
  }

  private static void fourByThree(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c02 = zero;
    DoubleVector c10 = zero, c11 = zero, c12 = zero;
    DoubleVector c20 = zero, c21 = zero, c22 = zero;
    DoubleVector c30 = zero, c31 = zero, c32 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, q + 2 * LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES);
    c02.intoArray(out, oo + 2 * LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES);
    c12.intoArray(out, oo + n + 2 * LANES, mask);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES);
    c22.intoArray(out, oo + 2 * n + 2 * LANES, mask);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES);
    c32.intoArray(out, oo + 3 * n + 2 * LANES, mask);
  }

  private static void fourByTwo(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c10 = zero, c11 = zero;
    DoubleVector c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES, mask);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES, mask);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES, mask);
  }

  private static void fourByOne(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c10 = zero, c20 = zero, c30 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2 * rs]);
      c20 = x2.fma(b0, c20);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3 * rs]);
      c30 = x3.fma(b0, c30);
    }
    c00.intoArray(out, oo, mask);
    c10.intoArray(out, oo + n, mask);
    c20.intoArray(out, oo + 2 * n, mask);
    c30.intoArray(out, oo + 3 * n, mask);
  }

  private static void twoByThree(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c02 = zero;
    DoubleVector c10 = zero, c11 = zero, c12 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, q + 2 * LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES);
    c02.intoArray(out, oo + 2 * LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES);
    c12.intoArray(out, oo + n + 2 * LANES, mask);
  }

  private static void twoByTwo(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c10 = zero, c11 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES, mask);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES, mask);
  }

  private static void twoByOne(int depth, double[] a, int ao, int rs, int cs, double[] b,
      int bo, int ldb, double[] out, int oo, int n, int last) {
    VectorMask<Double> mask = DOUBLES.indexInRange(0, last);
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c10 = zero;
    for (int k = 0, p = ao, q = bo; k < depth; k++, p += cs, q += ldb) {
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q, mask);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      DoubleVector x1 = broadcast(DOUBLES, a[p + rs]);
      c10 = x1.fma(b0, c10);
    }
    c00.intoArray(out, oo, mask);
    c10.intoArray(out, oo + n, mask);
  }
  // formatter:on
}
