package org.flowline.autodiff.backend;

import static org.flowline.autodiff.backend.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import org.flowline.autodiff.Op;

/// The loops on the Vector API, as many lanes as the machine has; the rest of an array goes through
/// a mask.
///
/// Each operation has a loop of its own: the JIT turns a vector operation into an instruction only
/// where it sees which operation it is.
final class VectorKernels implements Kernels {
  private static final int LANES = DOUBLES.length();

  @Override
  public void unary(Op.Unary op, double[] x, int xo, double[] out, int oo, int n) {
    switch (op) {
      case NEG -> neg(x, xo, out, oo, n);
      case ABS -> abs(x, xo, out, oo, n);
      case SIGN -> sign(x, xo, out, oo, n);
      case STEP -> step(x, xo, out, oo, n);
      case EXP -> VectorMath.exp(x, xo, out, oo, n);
      case LOG -> VectorMath.log(x, xo, out, oo, n);
      case SQRT -> sqrt(x, xo, out, oo, n);
      case SIN -> VectorMath.sin(x, xo, out, oo, n);
      case COS -> VectorMath.cos(x, xo, out, oo, n);
      case TANH -> VectorMath.tanh(x, xo, out, oo, n);
      case SIGMOID -> VectorMath.sigmoid(x, xo, out, oo, n);
      case SOFTPLUS -> VectorMath.softplus(x, xo, out, oo, n);
      case RELU -> relu(x, xo, out, oo, n);
    }
  }

  @Override
  public void binary(
      Op.Binary op, double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    switch (op) {
      case ADD -> add(a, ao, b, bo, out, oo, n);
      case SUB -> sub(a, ao, b, bo, out, oo, n);
      case MUL -> mul(a, ao, b, bo, out, oo, n);
      case DIV -> div(a, ao, b, bo, out, oo, n);
    }
  }

  @Override
  public void power(double exponent, double[] x, int xo, double[] out, int oo, int n) {
    if (exponent == 2) {
      mul(x, xo, x, xo, out, oo, n);
    } else if (exponent == 0.5) {
      sqrt(x, xo, out, oo, n);
    } else {
      for (int i = 0; i < n; i++) {
        out[oo + i] = ScalarMath.power(x[xo + i], exponent);
      }
    }
  }

  /// Blocks of four rows and one vector of columns: four accumulators, one load and four broadcasts
  /// for each `k`.
  @Override
  public void matmul(
      Matrix a, int n, double[] av, int ao, double[] b, int bo, double[] out, int oo) {
    int m = a.rows();
    int depth = a.columns();
    int rs = a.rowStride();
    int cs = a.columnStride();
    for (int j = 0; j < n; j += LANES) {
      int i = 0;
      for (; i <= m - 4; i += 4) {
        fourRows(depth, n, j, av, ao + i * rs, rs, cs, b, bo, out, oo + i * n);
      }
      for (; i < m; i++) {
        oneRow(depth, n, j, av, ao + i * rs, cs, b, bo, out, oo + i * n);
      }
    }
  }

  private static void fourRows(
      int depth,
      int n,
      int j,
      double[] a,
      int ao,
      int rs,
      int cs,
      double[] b,
      int bo,
      double[] out,
      int oo) {
    VectorMask<Double> mask = DOUBLES.indexInRange(j, n);
    DoubleVector c0 = DoubleVector.zero(DOUBLES);
    DoubleVector c1 = c0;
    DoubleVector c2 = c0;
    DoubleVector c3 = c0;
    for (int k = 0; k < depth; k++) {
      DoubleVector row = DoubleVector.fromArray(DOUBLES, b, bo + j + k * n, mask);
      int at = ao + k * cs;
      c0 = DoubleVector.broadcast(DOUBLES, a[at]).fma(row, c0);
      c1 = DoubleVector.broadcast(DOUBLES, a[at + rs]).fma(row, c1);
      c2 = DoubleVector.broadcast(DOUBLES, a[at + 2 * rs]).fma(row, c2);
      c3 = DoubleVector.broadcast(DOUBLES, a[at + 3 * rs]).fma(row, c3);
    }
    c0.intoArray(out, oo + j, mask);
    c1.intoArray(out, oo + j + n, mask);
    c2.intoArray(out, oo + j + 2 * n, mask);
    c3.intoArray(out, oo + j + 3 * n, mask);
  }

  private static void oneRow(
      int depth,
      int n,
      int j,
      double[] a,
      int ao,
      int cs,
      double[] b,
      int bo,
      double[] out,
      int oo) {
    VectorMask<Double> mask = DOUBLES.indexInRange(j, n);
    DoubleVector c = DoubleVector.zero(DOUBLES);
    for (int k = 0; k < depth; k++) {
      DoubleVector row = DoubleVector.fromArray(DOUBLES, b, bo + j + k * n, mask);
      c = DoubleVector.broadcast(DOUBLES, a[ao + k * cs]).fma(row, c);
    }
    c.intoArray(out, oo + j, mask);
  }

  @Override
  public void accumulate(double[] x, int xo, double[] out, int oo, int n) {
    add(out, oo, x, xo, out, oo, n);
  }

  private static void neg(double[] from, int xo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      x.neg().intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, rest);
      x.neg().intoArray(out, oo + i, rest);
    }
  }

  private static void abs(double[] from, int xo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      x.abs().intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, rest);
      x.abs().intoArray(out, oo + i, rest);
    }
  }

  private static void sqrt(double[] from, int xo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      x.sqrt().intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, rest);
      x.sqrt().intoArray(out, oo + i, rest);
    }
  }

  private static void relu(double[] from, int xo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      x.max(0).intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, rest);
      x.max(0).intoArray(out, oo + i, rest);
    }
  }

  private static void sign(double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = Math.signum(x[xo + i]);
    }
  }

  private static void step(double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = x[xo + i] > 0 ? 1 : 0;
    }
  }

  private static void add(double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i);
      left.add(DoubleVector.fromArray(DOUBLES, b, bo + i)).intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i, rest);
      left.add(DoubleVector.fromArray(DOUBLES, b, bo + i, rest)).intoArray(out, oo + i, rest);
    }
  }

  private static void sub(double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i);
      left.sub(DoubleVector.fromArray(DOUBLES, b, bo + i)).intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i, rest);
      left.sub(DoubleVector.fromArray(DOUBLES, b, bo + i, rest)).intoArray(out, oo + i, rest);
    }
  }

  private static void mul(double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i);
      left.mul(DoubleVector.fromArray(DOUBLES, b, bo + i)).intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i, rest);
      left.mul(DoubleVector.fromArray(DOUBLES, b, bo + i, rest)).intoArray(out, oo + i, rest);
    }
  }

  private static void div(double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i);
      left.div(DoubleVector.fromArray(DOUBLES, b, bo + i)).intoArray(out, oo + i);
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector left = DoubleVector.fromArray(DOUBLES, a, ao + i, rest);
      left.div(DoubleVector.fromArray(DOUBLES, b, bo + i, rest)).intoArray(out, oo + i, rest);
    }
  }
}
