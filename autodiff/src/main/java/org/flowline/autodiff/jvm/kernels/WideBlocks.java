package org.flowline.autodiff.jvm.kernels;

import static jdk.incubator.vector.DoubleVector.broadcast;
import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;

/// The innermost loops of large products: six rows by four vectors of columns of the result stay in
/// registers while `k` runs through the depth, over a panel of `B` that [PanelLayout] has laid out.
///
/// One block reads an `A` whose rows are contiguous, `rs` apart, the other an `A` whose columns
/// are, `cs` apart: with a constant for the other stride the JIT hoists the bounds checks out of
/// the loop. `n` is the length of a row of the result.
final class WideBlocks {
  private WideBlocks() {}

  /// The rows of a block: with four vectors, 24 of 32 registers.
  static final int ROWS = 6;

  private static final int LANES = DOUBLES.length();
  private static final int PANEL = MatrixProduct.PANEL;

  static void sixRowsByFour(
      int depth, double[] a, int ao, int rs, double[] b, int bo, double[] out, int oo, int n) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
    DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
    DoubleVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
    DoubleVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
    DoubleVector c40 = zero, c41 = zero, c42 = zero, c43 = zero;
    DoubleVector c50 = zero, c51 = zero, c52 = zero, c53 = zero;
    int a0 = ao, a1 = a0 + rs, a2 = a1 + rs, a3 = a2 + rs, a4 = a3 + rs, a5 = a4 + rs;
    for (int k = 0; k < depth; k++) {
      int q = bo + k * PANEL;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, q + 2 * LANES);
      DoubleVector b3 = DoubleVector.fromArray(DOUBLES, b, q + 3 * LANES);
      DoubleVector x0 = broadcast(DOUBLES, a[a0 + k]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      DoubleVector x1 = broadcast(DOUBLES, a[a1 + k]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      DoubleVector x2 = broadcast(DOUBLES, a[a2 + k]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      DoubleVector x3 = broadcast(DOUBLES, a[a3 + k]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      DoubleVector x4 = broadcast(DOUBLES, a[a4 + k]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      DoubleVector x5 = broadcast(DOUBLES, a[a5 + k]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES);
    c02.intoArray(out, oo + 2 * LANES);
    c03.intoArray(out, oo + 3 * LANES);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES);
    c12.intoArray(out, oo + n + 2 * LANES);
    c13.intoArray(out, oo + n + 3 * LANES);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES);
    c22.intoArray(out, oo + 2 * n + 2 * LANES);
    c23.intoArray(out, oo + 2 * n + 3 * LANES);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES);
    c32.intoArray(out, oo + 3 * n + 2 * LANES);
    c33.intoArray(out, oo + 3 * n + 3 * LANES);
    c40.intoArray(out, oo + 4 * n);
    c41.intoArray(out, oo + 4 * n + LANES);
    c42.intoArray(out, oo + 4 * n + 2 * LANES);
    c43.intoArray(out, oo + 4 * n + 3 * LANES);
    c50.intoArray(out, oo + 5 * n);
    c51.intoArray(out, oo + 5 * n + LANES);
    c52.intoArray(out, oo + 5 * n + 2 * LANES);
    c53.intoArray(out, oo + 5 * n + 3 * LANES);
  }

  static void sixColumnsByFour(
      int depth, double[] a, int ao, int cs, double[] b, int bo, double[] out, int oo, int n) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    DoubleVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
    DoubleVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
    DoubleVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
    DoubleVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
    DoubleVector c40 = zero, c41 = zero, c42 = zero, c43 = zero;
    DoubleVector c50 = zero, c51 = zero, c52 = zero, c53 = zero;
    for (int k = 0, p = ao; k < depth; k++, p += cs) {
      int q = bo + k * PANEL;
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, b, q);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, b, q + LANES);
      DoubleVector b2 = DoubleVector.fromArray(DOUBLES, b, q + 2 * LANES);
      DoubleVector b3 = DoubleVector.fromArray(DOUBLES, b, q + 3 * LANES);
      DoubleVector x0 = broadcast(DOUBLES, a[p]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      c02 = x0.fma(b2, c02);
      c03 = x0.fma(b3, c03);
      DoubleVector x1 = broadcast(DOUBLES, a[p + 1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      c12 = x1.fma(b2, c12);
      c13 = x1.fma(b3, c13);
      DoubleVector x2 = broadcast(DOUBLES, a[p + 2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      c22 = x2.fma(b2, c22);
      c23 = x2.fma(b3, c23);
      DoubleVector x3 = broadcast(DOUBLES, a[p + 3]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      c32 = x3.fma(b2, c32);
      c33 = x3.fma(b3, c33);
      DoubleVector x4 = broadcast(DOUBLES, a[p + 4]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      c42 = x4.fma(b2, c42);
      c43 = x4.fma(b3, c43);
      DoubleVector x5 = broadcast(DOUBLES, a[p + 5]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      c52 = x5.fma(b2, c52);
      c53 = x5.fma(b3, c53);
    }
    c00.intoArray(out, oo);
    c01.intoArray(out, oo + LANES);
    c02.intoArray(out, oo + 2 * LANES);
    c03.intoArray(out, oo + 3 * LANES);
    c10.intoArray(out, oo + n);
    c11.intoArray(out, oo + n + LANES);
    c12.intoArray(out, oo + n + 2 * LANES);
    c13.intoArray(out, oo + n + 3 * LANES);
    c20.intoArray(out, oo + 2 * n);
    c21.intoArray(out, oo + 2 * n + LANES);
    c22.intoArray(out, oo + 2 * n + 2 * LANES);
    c23.intoArray(out, oo + 2 * n + 3 * LANES);
    c30.intoArray(out, oo + 3 * n);
    c31.intoArray(out, oo + 3 * n + LANES);
    c32.intoArray(out, oo + 3 * n + 2 * LANES);
    c33.intoArray(out, oo + 3 * n + 3 * LANES);
    c40.intoArray(out, oo + 4 * n);
    c41.intoArray(out, oo + 4 * n + LANES);
    c42.intoArray(out, oo + 4 * n + 2 * LANES);
    c43.intoArray(out, oo + 4 * n + 3 * LANES);
    c50.intoArray(out, oo + 5 * n);
    c51.intoArray(out, oo + 5 * n + LANES);
    c52.intoArray(out, oo + 5 * n + 2 * LANES);
    c53.intoArray(out, oo + 5 * n + 3 * LANES);
  }
}
