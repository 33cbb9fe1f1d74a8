package org.flowline.autodiff.jvm.kernels;

import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Copies operands of [MatrixProduct] into the order in which its loops read them.
final class PanelLayout {
  private PanelLayout() {}

  private static final int LANES = DOUBLES.length();
  private static final int ROWS = WideBlocks.ROWS;

  private static final int PANEL = MatrixProduct.PANEL;

  /// The distance between two columns of a block of `A`.
  static final int STEP = 8;

  /// The number of columns of `A` that are laid out together, few enough for the TLB.
  private static final int TILE = 16;

  /// Returns the number of elements that [#layOutA] writes, including the end of its last vector.
  static int sizeOfA(Kernels.Matrix a) {
    return (a.rows() + ROWS - 1) / ROWS * STEP * a.columns() + LANES;
  }

  /// Lays out blocks of six rows, column after column, of a matrix of at least six rows whose
  /// columns are contiguous; the last block is its last six rows.
  static void layOutA(Kernels.Matrix a, double[] from, int ao, double[] to, int so) {
    int m = a.rows();
    int depth = a.columns();
    int cs = a.columnStride();
    for (int top = 0; top < depth; top += TILE) {
      int bottom = Math.min(top + TILE, depth);
      for (int i = 0, block = so; i < m; i += ROWS, block += STEP * depth) {
        int row = Math.min(i, m - ROWS);
        for (int r = 0; r < ROWS; r += LANES) {
          VectorMask<Double> inside = DOUBLES.indexInRange(row + r, m);
          for (int k = top; k < bottom; k++) {
            DoubleVector.fromArray(DOUBLES, from, ao + row + r + k * cs, inside)
                .intoArray(to, block + r + k * STEP);
          }
        }
      }
    }
  }

  /// Lays out `width` columns of `B` from `offset` on, with rows [MatrixProduct#PANEL] apart; a
  /// last tile that would exceed the matrix is moved back.
  static void layOutB(Kernels.Matrix b, double[] from, int offset, double[] to, int so, int width) {
    int depth = b.rows();
    int rs = b.rowStride();
    int cs = b.columnStride();
    if (cs == 1) {
      int whole = DOUBLES.loopBound(width);
      VectorMask<Double> rest = DOUBLES.indexInRange(whole, width);
      for (int k = 0; k < depth; k++) {
        int source = offset + k * rs;
        int target = so + k * PANEL;
        for (int j = 0; j < whole; j += LANES) {
          DoubleVector.fromArray(DOUBLES, from, source + j).intoArray(to, target + j);
        }
        if (whole < width) {
          DoubleVector.fromArray(DOUBLES, from, source + whole, rest)
              .intoArray(to, target + whole, rest);
        }
      }
    } else if (LANES == 8 && width >= 8 && depth >= 8) {
      for (int j = 0; j < width; j += 8) {
        int column = Math.min(j, width - 8);
        for (int k = 0; k < depth; k += 8) {
          int row = Math.min(k, depth - 8);
          transpose8(from, offset + column * cs + row, cs, to, so + row * PANEL + column);
        }
      }
    } else if (depth < width) {
      for (int k = 0; k < depth; k++) {
        for (int j = 0; j < width; j++) {
          to[so + k * PANEL + j] = from[offset + k * rs + j * cs];
        }
      }
    } else {
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < depth; k++) {
          to[so + k * PANEL + j] = from[offset + k * rs + j * cs];
        }
      }
    }
  }

  /// `to[j, i] = from[i, j]` for `from` `[rows, columns]`.
  static void transpose(int rows, int columns, double[] from, int at, double[] to, int so) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        to[so + j * rows + i] = from[at + i * columns + j];
      }
    }
  }

  private static final VectorShuffle<Double> PAIRS_LOW = merge(1, 0);
  private static final VectorShuffle<Double> PAIRS_HIGH = merge(1, 1);
  private static final VectorShuffle<Double> QUADS_LOW = merge(2, 0);
  private static final VectorShuffle<Double> QUADS_HIGH = merge(2, 1);
  private static final VectorShuffle<Double> HALVES_LOW = merge(4, 0);
  private static final VectorShuffle<Double> HALVES_HIGH = merge(4, 1);

  /// Returns the shuffle that interleaves, of two vectors, the runs of `run` elements at even
  /// (`odd` = 0) or odd places; positions in the second vector are exceptional indices.
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
}
