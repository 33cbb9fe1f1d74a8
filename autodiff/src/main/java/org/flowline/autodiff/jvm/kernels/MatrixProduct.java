package org.flowline.autodiff.jvm.kernels;

/// A planned matrix product in blocks that stay in registers. A large product has six rows by four
/// vectors of columns in a block ([WideBlocks]); the remaining columns, and a small product, have
/// up to eight rows by three vectors ([RegisterBlocks]).
///
/// The last block of rows is moved up until it ends at the last row; it computes some rows again,
/// to the same bits.
///
/// A large product lays out each panel of `B` row after row, which transposes it where needed, and
/// a large transposed `A` six rows together, so that distant rows do not compete for the same lines
/// of the cache. A small product reads `B` in place unless it is transposed. For a transposed `A`
/// and a `B` narrower than a vector the transposed product is computed, whose columns fill vectors.
final class MatrixProduct implements Kernels.Product {
  private static final int LANES = VectorKernels.LANES;

  /// The columns of a panel of `B` that is laid out, and the distance between its rows.
  static final int PANEL = 4 * LANES;

  /// The columns of a narrow panel.
  private static final int NARROW = 3 * LANES;

  /// The number of multiply-adds from which laying out pays.
  private static final int LARGE = 1 << 16;

  /// The largest operand that is read in place, three quarters of a first-level cache.
  private static final int IN_PLACE = 4608;

  private final Kernels.Matrix a;
  private final Kernels.Matrix b;

  /// True if the transposed product is computed.
  private final boolean turned;

  /// The number of columns of the result that wide blocks compute.
  private final int wide;

  private final boolean laysOutA;

  /// True if the columns outside of wide blocks are laid out.
  private final boolean laysOutB;

  private final RegisterBlocks narrow;
  private final RegisterBlocks rest;

  MatrixProduct(Kernels.Matrix a, Kernels.Matrix b) {
    this.a = a;
    this.b = b;
    int m = a.rows();
    int n = b.columns();
    boolean large = (long) m * a.columns() * n >= LARGE;
    turned = a.columnStride() != 1 && m >= LANES && n < LANES;
    wide = large && !turned && m >= WideBlocks.ROWS ? n / PANEL * PANEL : 0;
    laysOutA = a.columnStride() != 1 && m * a.columns() > IN_PLACE && wide > 0;
    laysOutB = !turned && (b.columnStride() != 1 || b.rows() * n > IN_PLACE && m > 8);
    narrow = columns(NARROW);
    rest = columns(((turned ? m : n) - wide) % NARROW);
  }

  private RegisterBlocks columns(int width) {
    int m = a.rows();
    int n = b.columns();
    int depth = a.columns();
    return turned
        ? new RegisterBlocks(n, depth, b.columnStride(), b.rowStride(), a.columnStride(), m, width)
        : new RegisterBlocks(
            m, depth, a.rowStride(), a.columnStride(), laysOutB ? PANEL : b.rowStride(), n, width);
  }

  @Override
  public int scratchSize() {
    if (turned) {
      return a.rows() * b.columns();
    }
    return (wide > 0 || laysOutB ? PANEL * b.rows() : 0) + (laysOutA ? PanelLayout.sizeOfA(a) : 0);
  }

  @Override
  public void run(
      double[] x, int xo, double[] y, int yo, double[] out, int oo, double[] scratch, int so) {
    if (turned) {
      runTurned(x, xo, y, yo, out, oo, scratch, so);
      return;
    }
    if (wide > 0) {
      runWide(x, xo, y, yo, out, oo, scratch, so);
    }
    int n = b.columns();
    for (int j = wide; j < n; j += NARROW) {
      int width = Math.min(NARROW, n - j);
      RegisterBlocks blocks = width == NARROW ? narrow : rest;
      if (laysOutB) {
        PanelLayout.layOutB(b, y, yo + j * b.columnStride(), scratch, so, width);
        blocks.run(x, xo, scratch, so, out, oo + j);
      } else {
        blocks.run(x, xo, y, yo + j, out, oo + j);
      }
    }
  }

  /// `(Bᵀ·Aᵀ)ᵀ`
  private void runTurned(
      double[] x, int xo, double[] y, int yo, double[] out, int oo, double[] scratch, int so) {
    int m = a.rows();
    for (int i = 0; i < m; i += NARROW) {
      (m - i >= NARROW ? narrow : rest).run(y, yo, x, xo + i, scratch, so + i);
    }
    PanelLayout.transpose(b.columns(), m, scratch, so, out, oo);
  }

  private void runWide(
      double[] x, int xo, double[] y, int yo, double[] out, int oo, double[] scratch, int so) {
    int after = so + PANEL * b.rows();
    if (laysOutA) {
      PanelLayout.layOutA(a, x, xo, scratch, after);
    }
    double[] left = laysOutA ? scratch : x;
    int from = laysOutA ? after : xo;
    for (int j = 0; j < wide; j += PANEL) {
      PanelLayout.layOutB(b, y, yo + j * b.columnStride(), scratch, so, PANEL);
      runWidePanel(left, from, scratch, so, out, oo + j);
    }
  }

  private void runWidePanel(double[] x, int xo, double[] panel, int po, double[] out, int oo) {
    int m = a.rows();
    int n = b.columns();
    int depth = a.columns();
    int rs = a.rowStride();
    int cs = laysOutA ? PanelLayout.STEP : a.columnStride();
    for (int i = 0; i < m; i += WideBlocks.ROWS) {
      int row = Math.min(i, m - WideBlocks.ROWS);
      int p = xo + (laysOutA ? i / WideBlocks.ROWS * PanelLayout.STEP * depth : row * rs);
      if (cs == 1) {
        WideBlocks.sixRowsByFour(depth, x, p, rs, panel, po, out, oo + row * n, n);
      } else {
        WideBlocks.sixColumnsByFour(depth, x, p, cs, panel, po, out, oo + row * n, n);
      }
    }
  }
}
