package org.flowline.autodiff.jvm.kernels;

/// Matrix products in blocks that stay in registers: of large products six rows by four vectors of
/// columns ([WideBlocks]); of the columns that remain, and of small ones, up to eight rows by three
/// vectors ([RegisterBlocks]).
///
/// The last block of rows is moved up until it ends where the rows end: what it computes for the
/// second time it computes to the same bits.
///
/// Large products lay out each panel of `B` row after row, which transposes it if need be, and a
/// large transposed `A` six rows together, so that distant rows do not fight for the same lines of
/// the cache. Small ones read `B` where it lies, unless it is transposed. Of a transposed `A` and a
/// `B` narrower than a vector the transposed product is computed, whose columns fill vectors.
final class MatrixProduct {
  private MatrixProduct() {}

  private static final int LANES = VectorKernels.LANES;

  /// Columns of a panel of `B` that is laid out, and from one of its rows to the next.
  static final int PANEL = 4 * LANES;

  /// Columns of a narrow panel.
  private static final int NARROW = 3 * LANES;

  /// Multiply-adds from which laying out pays.
  private static final int LARGE = 1 << 16;

  /// What is read where it lies: three quarters of a first-level cache.
  private static final int IN_PLACE = 4608;

  static int scratchSize(Kernels.Matrix a, Kernels.Matrix b) {
    if (turns(a, b)) {
      return a.rows() * b.columns();
    }
    boolean panel = wide(a, b) > 0 || laysOutB(a, b);
    return (panel ? PANEL * b.rows() : 0) + (laysOutA(a, b) ? PanelLayout.sizeOfA(a) : 0);
  }

  private static boolean turns(Kernels.Matrix a, Kernels.Matrix b) {
    return a.columnStride() != 1 && a.rows() >= LANES && b.columns() < LANES;
  }

  /// How many columns of the result go through wide blocks.
  private static int wide(Kernels.Matrix a, Kernels.Matrix b) {
    boolean large = (long) a.rows() * a.columns() * b.columns() >= LARGE;
    return large && a.rows() >= WideBlocks.ROWS ? b.columns() / PANEL * PANEL : 0;
  }

  private static boolean laysOutA(Kernels.Matrix a, Kernels.Matrix b) {
    return a.columnStride() != 1 && a.rows() * a.columns() > IN_PLACE && wide(a, b) > 0;
  }

  /// Whether columns that do not go through wide blocks are laid out.
  private static boolean laysOutB(Kernels.Matrix a, Kernels.Matrix b) {
    return b.columnStride() != 1 || b.rows() * b.columns() > IN_PLACE && a.rows() > 8;
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
    if (turns(a, b)) {
      turned(a, b, av, ao, bv, bo, out, oo, scratch, so);
    } else {
      product(a, b, av, ao, bv, bo, out, oo, scratch, so);
    }
  }

  /// `(Bᵀ·Aᵀ)ᵀ`
  private static void turned(
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
    int m = a.rows();
    int n = b.columns();
    int lda = a.columnStride();
    for (int i = 0; i < m; i += NARROW) {
      int width = Math.min(NARROW, m - i);
      panel(
          n,
          b.rows(),
          b.columnStride(),
          b.rowStride(),
          bv,
          bo,
          av,
          ao + i,
          lda,
          scratch,
          so + i,
          m,
          width);
    }
    PanelLayout.transpose(n, m, scratch, so, out, oo);
  }

  private static void product(
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
    int n = b.columns();
    int wide = wide(a, b);
    if (wide > 0) {
      boolean laidOut = laysOutA(a, b);
      int behind = so + PANEL * b.rows();
      if (laidOut) {
        PanelLayout.layOutA(a, av, ao, scratch, behind);
      }
      double[] left = laidOut ? scratch : av;
      int from = laidOut ? behind : ao;
      for (int j = 0; j < wide; j += PANEL) {
        PanelLayout.layOutB(b, bv, bo + j * b.columnStride(), scratch, so, PANEL);
        widePanel(a, laidOut, left, from, scratch, so, out, oo + j, n);
      }
    }
    int m = a.rows();
    int depth = a.columns();
    int rs = a.rowStride();
    int cs = a.columnStride();
    boolean laidOut = laysOutB(a, b);
    for (int j = wide; j < n; j += NARROW) {
      int width = Math.min(NARROW, n - j);
      if (laidOut) {
        PanelLayout.layOutB(b, bv, bo + j * b.columnStride(), scratch, so, width);
        panel(m, depth, rs, cs, av, ao, scratch, so, PANEL, out, oo + j, n, width);
      } else {
        panel(m, depth, rs, cs, av, ao, bv, bo + j, b.rowStride(), out, oo + j, n, width);
      }
    }
  }

  private static void widePanel(
      Kernels.Matrix a,
      boolean laidOut,
      double[] av,
      int ao,
      double[] b,
      int bo,
      double[] out,
      int oo,
      int n) {
    int m = a.rows();
    int depth = a.columns();
    int rs = a.rowStride();
    int cs = laidOut ? PanelLayout.STEP : a.columnStride();
    for (int i = 0; i < m; i += WideBlocks.ROWS) {
      int row = Math.min(i, m - WideBlocks.ROWS);
      int p = ao + (laidOut ? i / WideBlocks.ROWS * PanelLayout.STEP * depth : row * rs);
      if (cs == 1) {
        WideBlocks.sixRowsByFour(depth, av, p, rs, b, bo, out, oo + row * n, n);
      } else {
        WideBlocks.sixColumnsByFour(depth, av, p, cs, b, bo, out, oo + row * n, n);
      }
    }
  }

  /// Up to three vectors of columns of the result.
  private static void panel(
      int m,
      int k,
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
    for (; i <= m - 8; i += 8) {
      int p = ao + i * rs;
      int r = oo + i * n;
      switch (vectors) {
        case 1 -> RegisterBlocks.eightByOne(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        case 2 -> RegisterBlocks.eightByTwo(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        default -> RegisterBlocks.eightByThree(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
      }
    }
    for (; i < m && m >= 4 && m - i > 2; i += 4) {
      int row = Math.min(i, m - 4);
      int p = ao + row * rs;
      int r = oo + row * n;
      switch (vectors) {
        case 1 -> RegisterBlocks.fourByOne(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        case 2 -> RegisterBlocks.fourByTwo(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
        default -> RegisterBlocks.fourByThree(k, av, p, rs, cs, b, bo, ldb, out, r, n, last);
      }
    }
    for (; i < m; i += 2) {
      int row = Math.max(0, Math.min(i, m - 2));
      int p = ao + row * rs;
      int r = oo + row * n;
      int next = m == 1 ? 0 : rs; // a single row is computed twice
      int down = m == 1 ? 0 : n;
      switch (vectors) {
        case 1 -> RegisterBlocks.twoByOne(k, av, p, next, cs, b, bo, ldb, out, r, down, last);
        case 2 -> RegisterBlocks.twoByTwo(k, av, p, next, cs, b, bo, ldb, out, r, down, last);
        default -> RegisterBlocks.twoByThree(k, av, p, next, cs, b, bo, ldb, out, r, down, last);
      }
    }
  }
}
