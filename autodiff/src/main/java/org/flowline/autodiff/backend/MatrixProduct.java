package org.flowline.autodiff.backend;

import static org.flowline.autodiff.backend.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Matrix products in blocks that stay in registers: up to eight rows by three vectors of columns
/// ([RegisterBlocks]).
///
/// `B` is read where it lies if its rows lie in one piece and it is small or there are few rows;
/// else each panel of columns is first laid out row after row, which transposes it if need be and
/// keeps distant rows from fighting for the same lines of the cache. A large transposed `A` is laid
/// out for the same reason, eight rows together.
final class MatrixProduct {
  private MatrixProduct() {}

  private static final int LANES = DOUBLES.length();
  private static final int PANEL = 3 * LANES;
  private static final int ROWS = 8;

  /// What is read where it lies: three quarters of a first-level cache.
  private static final int IN_PLACE = 4608;

  static int scratchSize(Kernels.Matrix a, Kernels.Matrix b) {
    return (laysOutB(a, b) ? PANEL * b.rows() : 0)
        + (laysOutA(a) ? (a.rows() + ROWS - 1) / ROWS * ROWS * a.columns() : 0);
  }

  private static boolean laysOutB(Kernels.Matrix a, Kernels.Matrix b) {
    boolean small = b.rows() * b.columns() <= IN_PLACE;
    return b.columnStride() != 1 || !small && a.rows() > ROWS;
  }

  private static boolean laysOutA(Kernels.Matrix a) {
    return a.rowStride() == 1 && a.columnStride() != 1 && a.rows() * a.columns() > IN_PLACE;
  }

  static void run(
      Kernels.Matrix a,
      Kernels.Matrix b,
      double[] av,
      int ao,
      double[] bv,
      int bo,
      double[] out,
      int oo,
      double[] scratch,
      int so) {
    if (laysOutA(a)) {
      int behind = so + (laysOutB(a, b) ? PANEL * b.rows() : 0);
      layOutA(a, av, ao, scratch, behind);
      product(a, ROWS * a.columns(), 1, ROWS, scratch, behind, b, bv, bo, out, oo, scratch, so);
    } else {
      int rs = a.rowStride();
      product(a, ROWS * rs, rs, a.columnStride(), av, ao, b, bv, bo, out, oo, scratch, so);
    }
  }

  /// Blocks of eight rows, column after column, of a matrix whose columns lie in one piece.
  private static void layOutA(Kernels.Matrix a, double[] from, int ao, double[] to, int at) {
    int target = at;
    for (int i = 0; i < a.rows(); i += ROWS) {
      int height = Math.min(ROWS, a.rows() - i);
      for (int k = 0; k < a.columns(); k++) {
        int source = ao + i + k * a.columnStride();
        for (int r = 0; r < height; r += LANES) {
          VectorMask<Double> inside = DOUBLES.indexInRange(r, height);
          DoubleVector.fromArray(DOUBLES, from, source + r, inside)
              .intoArray(to, target + r, inside);
        }
        target += ROWS;
      }
    }
  }

  /// @param bs from one block of eight rows of `A` to the next
  /// @param rs from one row in a block to the next
  /// @param cs from one column to the next
  private static void product(
      Kernels.Matrix a,
      int bs,
      int rs,
      int cs,
      double[] av,
      int ao,
      Kernels.Matrix b,
      double[] bv,
      int bo,
      double[] out,
      int oo,
      double[] scratch,
      int so) {
    int n = b.columns();
    boolean laidOut = laysOutB(a, b);
    for (int j = 0; j < n; j += PANEL) {
      int width = Math.min(PANEL, n - j);
      if (laidOut) {
        layOutB(b, bv, bo + j * b.columnStride(), scratch, so, width);
      }
      double[] panel = laidOut ? scratch : bv;
      int po = laidOut ? so : bo + j;
      int ldb = laidOut ? PANEL : b.rowStride();
      panel(a.rows(), a.columns(), bs, rs, cs, av, ao, panel, po, ldb, out, oo + j, n, width);
    }
  }

  private static void layOutB(
      Kernels.Matrix b, double[] from, int offset, double[] to, int so, int width) {
    int depth = b.rows();
    int rs = b.rowStride();
    int cs = b.columnStride();
    if (cs == 1) {
      for (int k = 0; k < depth; k++) {
        System.arraycopy(from, offset + k * rs, to, so + k * PANEL, width);
      }
      return;
    }
    int j = 0;
    if (LANES == 8 && rs == 1) {
      for (; j <= width - 8; j += 8) {
        int k = 0;
        for (; k <= depth - 8; k += 8) {
          transpose8(from, offset + j * cs + k, cs, to, so + k * PANEL + j);
        }
        for (; k < depth; k++) {
          for (int r = 0; r < 8; r++) {
            to[so + k * PANEL + j + r] = from[offset + (j + r) * cs + k];
          }
        }
      }
    }
    if (depth < 8) {
      for (int k = 0; k < depth; k++) {
        for (int column = 0; column < width; column++) {
          to[so + k * PANEL + column] = from[offset + k * rs + column * cs];
        }
      }
      return;
    }
    for (; j < width; j++) {
      for (int k = 0; k < depth; k++) {
        to[so + k * PANEL + j] = from[offset + k * rs + j * cs];
      }
    }
  }

  private static final VectorShuffle<Double> PAIRS_LOW = merge(1, 0);
  private static final VectorShuffle<Double> PAIRS_HIGH = merge(1, 1);
  private static final VectorShuffle<Double> QUADS_LOW = merge(2, 0);
  private static final VectorShuffle<Double> QUADS_HIGH = merge(2, 1);
  private static final VectorShuffle<Double> HALVES_LOW = merge(4, 0);
  private static final VectorShuffle<Double> HALVES_HIGH = merge(4, 1);

  /// Of two vectors, from each the runs of `run` elements that stand at even (`odd` = 0) or odd
  /// places, by turns; positions of the second vector are exceptional indices.
  private static VectorShuffle<Double> merge(int run, int odd) {
    int[] source = new int[LANES];
    for (int i = 0; i < LANES; i++) {
      int pair = i / (2 * run);
      boolean second = i / run % 2 == 1;
      int from = (pair * 2 * run + odd * run + i % run) % LANES;
      source[i] = second ? from - LANES : from;
    }
    return VectorShuffle.fromArray(DOUBLES, source, 0);
  }

  /// `to[k, j] = from[j, k]` for eight by eight elements, in registers: pairs, then quads, then
  /// halves.
  private static void transpose8(double[] from, int at, int stride, double[] to, int so) {
    DoubleVector r0 = DoubleVector.fromArray(DOUBLES, from, at);
    DoubleVector r1 = DoubleVector.fromArray(DOUBLES, from, at + stride);
    DoubleVector r2 = DoubleVector.fromArray(DOUBLES, from, at + 2 * stride);
    DoubleVector r3 = DoubleVector.fromArray(DOUBLES, from, at + 3 * stride);
    DoubleVector r4 = DoubleVector.fromArray(DOUBLES, from, at + 4 * stride);
    DoubleVector r5 = DoubleVector.fromArray(DOUBLES, from, at + 5 * stride);
    DoubleVector r6 = DoubleVector.fromArray(DOUBLES, from, at + 6 * stride);
    DoubleVector r7 = DoubleVector.fromArray(DOUBLES, from, at + 7 * stride);
    DoubleVector s0 = r0.rearrange(PAIRS_LOW, r1);
    DoubleVector s1 = r0.rearrange(PAIRS_HIGH, r1);
    DoubleVector s2 = r2.rearrange(PAIRS_LOW, r3);
    DoubleVector s3 = r2.rearrange(PAIRS_HIGH, r3);
    DoubleVector s4 = r4.rearrange(PAIRS_LOW, r5);
    DoubleVector s5 = r4.rearrange(PAIRS_HIGH, r5);
    DoubleVector s6 = r6.rearrange(PAIRS_LOW, r7);
    DoubleVector s7 = r6.rearrange(PAIRS_HIGH, r7);
    r0 = s0.rearrange(QUADS_LOW, s2);
    r2 = s0.rearrange(QUADS_HIGH, s2);
    r1 = s1.rearrange(QUADS_LOW, s3);
    r3 = s1.rearrange(QUADS_HIGH, s3);
    r4 = s4.rearrange(QUADS_LOW, s6);
    r6 = s4.rearrange(QUADS_HIGH, s6);
    r5 = s5.rearrange(QUADS_LOW, s7);
    r7 = s5.rearrange(QUADS_HIGH, s7);
    r0.rearrange(HALVES_LOW, r4).intoArray(to, so);
    r1.rearrange(HALVES_LOW, r5).intoArray(to, so + PANEL);
    r2.rearrange(HALVES_LOW, r6).intoArray(to, so + 2 * PANEL);
    r3.rearrange(HALVES_LOW, r7).intoArray(to, so + 3 * PANEL);
    r0.rearrange(HALVES_HIGH, r4).intoArray(to, so + 4 * PANEL);
    r1.rearrange(HALVES_HIGH, r5).intoArray(to, so + 5 * PANEL);
    r2.rearrange(HALVES_HIGH, r6).intoArray(to, so + 6 * PANEL);
    r3.rearrange(HALVES_HIGH, r7).intoArray(to, so + 7 * PANEL);
  }

  /// Up to three vectors of columns of the result.
  private static void panel(
      int m,
      int k,
      int bs,
      int rs,
      int cs,
      double[] av,
      int ao,
      double[] b,
      int bo,
      int ldb,
      double[] out,
      int oo,
      int n,
      int width) {
    int vectors = (width + LANES - 1) / LANES;
    int last = width - (vectors - 1) * LANES;
    int i = 0;
    while (i < m) {
      int p = ao + i / ROWS * bs + i % ROWS * rs;
      int r = oo + i * n;
      int rest = m - i;
      if (rest >= 8) {
        switch (vectors) {
          case 1 -> RegisterBlocks.rows8by1(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          case 2 -> RegisterBlocks.rows8by2(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          default -> RegisterBlocks.rows8by3(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        }
        i += 8;
      } else if (rest >= 4) {
        switch (vectors) {
          case 1 -> RegisterBlocks.rows4by1(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          case 2 -> RegisterBlocks.rows4by2(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          default -> RegisterBlocks.rows4by3(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        }
        i += 4;
      } else {
        switch (vectors) {
          case 1 -> RegisterBlocks.rows1by1(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          case 2 -> RegisterBlocks.rows1by2(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
          default -> RegisterBlocks.rows1by3(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        }
        i++;
      }
    }
  }
}
