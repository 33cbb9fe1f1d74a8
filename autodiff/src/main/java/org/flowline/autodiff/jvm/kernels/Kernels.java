package org.flowline.autodiff.jvm.kernels;

import org.flowline.autodiff.Op;

/// The loops that compute, on slices `x[xo, xo + n)` of flat arrays. The output is last and is
/// overwritten unless stated otherwise.
///
/// [ScalarKernels] is the reference, [VectorKernels] is fast. Both do the same IEEE operations in
/// the same order for each element, with `fma` at the same places, so that they agree **bit for
/// bit** for any number of lanes and any position of an element. The output of an element-wise
/// kernel may be an input; the output of a matrix product may not.
public sealed interface Kernels permits ScalarKernels, VectorKernels {

  /// Returns the plain loops.
  static Kernels scalar() {
    return new ScalarKernels();
  }

  /// Returns the loops on the Vector API, whose module must be loaded.
  static Kernels vector() {
    return new VectorKernels();
  }

  /// `out = op(x)`
  void unary(Op.Unary op, double[] x, int xo, double[] out, int oo, int n);

  /// `out[i, j] = a[i, j] op b[i, j]` for `[rows, columns]`, row by row. A row stride of 0 reads
  /// one row for all, a stride of `columns` a whole matrix.
  void binary(
      Op.Binary op, Grid grid, double[] a, int ao, double[] b, int bo, double[] out, int oo);

  /// `out = c ≠ 0 ? a : b`
  void where(
      double[] c, int co, double[] a, int ao, double[] b, int bo, double[] out, int oo, int n);

  /// `out = x` to the power `exponent`
  void power(double exponent, double[] x, int xo, double[] out, int oo, int n);

  /// `out = g·(1 − y·y)`: the cotangent of `x` for `y = tanh x` with cotangent `g`.
  void tanhPullback(double[] g, int go, double[] y, int yo, double[] out, int oo, int n);

  /// Plans the product of matrices laid out as `a` and `b`.
  Product product(Matrix a, Matrix b);

  /// The sums of the columns of `x` `[rows, n]`, each from the first row down.
  void columnSums(int rows, int n, double[] x, int xo, double[] out, int oo);

  /// `out += x`
  void accumulate(double[] x, int xo, double[] out, int oo, int n);

  /// `out = A·B` for `A` `[m, k]` and `B` `[k, n]`; `out` `[m, n]` is stored row by row. Each
  /// element is one chain of `fma` over `k`, from 0 upwards.
  interface Product {
    /// Returns the number of elements of scratch that a run needs.
    int scratchSize();

    /// Multiplies; a run overwrites `scratch[so, so + scratchSize())`.
    void run(
        double[] a, int ao, double[] b, int bo, double[] out, int oo, double[] scratch, int so);
  }

  /// A matrix in memory: element `(i, j)` at `i·rowStride + j·columnStride`, one of which is 1.
  record Matrix(int rows, int columns, int rowStride, int columnStride) {
    /// Returns a matrix stored row by row, or its transpose.
    public static Matrix of(int rows, int columns, boolean transposed) {
      return transposed
          ? new Matrix(columns, rows, 1, columns)
          : new Matrix(rows, columns, columns, 1);
    }
  }

  /// `[rows, columns]` and the row strides of the two operands.
  record Grid(int rows, int columns, int aStride, int bStride) {
    /// Returns one row of `n` elements.
    public static Grid flat(int n) {
      return new Grid(1, n, n, n);
    }
  }

  /// Returns the sum of `n` elements: eight interleaved partial sums, then a tree. The order is
  /// part of the contract.
  static double sum(double[] x, int xo, int n) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int i = xo;
    for (int end = xo + n - 7; i < end; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    double rest = 0;
    for (int end = xo + n; i < end; i++) {
      rest += x[i];
    }
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)) + rest;
  }

  /// Returns the largest of `n` elements, NaN if there is a NaN, −∞ without elements. Eight
  /// interleaved partial maxima hide the latency of each.
  static double max(double[] x, int xo, int n) {
    double least = Double.NEGATIVE_INFINITY;
    double m0 = least, m1 = least, m2 = least, m3 = least;
    double m4 = least, m5 = least, m6 = least, m7 = least;
    int i = xo;
    for (int end = xo + n - 7; i < end; i += 8) {
      m0 = Math.max(m0, x[i]);
      m1 = Math.max(m1, x[i + 1]);
      m2 = Math.max(m2, x[i + 2]);
      m3 = Math.max(m3, x[i + 3]);
      m4 = Math.max(m4, x[i + 4]);
      m5 = Math.max(m5, x[i + 5]);
      m6 = Math.max(m6, x[i + 6]);
      m7 = Math.max(m7, x[i + 7]);
    }
    double rest = least;
    for (int end = xo + n; i < end; i++) {
      rest = Math.max(rest, x[i]);
    }
    double even = Math.max(Math.max(m0, m4), Math.max(m2, m6));
    double odd = Math.max(Math.max(m1, m5), Math.max(m3, m7));
    return Math.max(Math.max(even, odd), rest);
  }
}
