package org.flowline.autodiff.jvm.kernels;

import static org.flowline.autodiff.jvm.kernels.VectorMath.DOUBLES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import org.flowline.autodiff.Op;

/// Loops on the Vector API, with the lanes of this machine; the rest of an array goes through a
/// mask.
///
/// The JIT compiles a vector operation to an instruction only where the operation is a constant.
/// Functions of two operands have a loop each: a switch inside the loop costs up to 90 %. A
/// function without a vector loop runs in [ScalarKernels], with the same bits.
final class VectorKernels implements Kernels {
  /// The number of lanes. Read from the shape, since loading the vector classes, which planning
  /// does not need, takes the JVM ten milliseconds.
  static final int LANES = VectorShape.preferredShape().vectorBitSize() / Double.SIZE;

  private static final ScalarKernels SCALAR = new ScalarKernels();

  @Override
  public void unary(Op.Unary op, double[] x, int xo, double[] out, int oo, int n) {
    switch (op) {
      case NEG, ABS, SIGN, STEP, RELU, SQRT -> simple(op, x, xo, out, oo, n);
      case LOG1P -> VectorMath.log1p(x, xo, out, oo, n);
      case ERF -> VectorErrorFunction.of(false, x, xo, out, oo, n);
      case ERFC -> VectorErrorFunction.of(true, x, xo, out, oo, n);
      case EXP, EXPM1, SIGMOID, SOFTPLUS -> VectorMath.exponential(op, x, xo, out, oo, n);
      case LOG -> VectorMath.log(x, xo, out, oo, n);
      case SIN -> VectorTrigonometry.of(0, x, xo, out, oo, n);
      case COS -> VectorTrigonometry.of(1, x, xo, out, oo, n);
      case TANH -> VectorMath.tanh(x, xo, out, oo, n);
      default -> SCALAR.unary(op, x, xo, out, oo, n);
    }
  }

  @Override
  public void binary(
      Op.Binary op, Grid grid, double[] a, int ao, double[] b, int bo, double[] out, int oo) {
    int rows = grid.rows();
    int n = grid.columns();
    int as = grid.aStride();
    int bs = grid.bStride();
    switch (op) {
      case ADD -> add(rows, n, a, ao, as, b, bo, bs, out, oo);
      case SUB -> sub(rows, n, a, ao, as, b, bo, bs, out, oo);
      case MUL -> mul(rows, n, a, ao, as, b, bo, bs, out, oo);
      case DIV -> div(rows, n, a, ao, as, b, bo, bs, out, oo);
      case GREATER -> greater(rows, n, a, ao, as, b, bo, bs, out, oo);
      case GREATER_EQUAL -> greaterEqual(rows, n, a, ao, as, b, bo, bs, out, oo);
      case EQUAL -> equal(rows, n, a, ao, as, b, bo, bs, out, oo);
      default -> SCALAR.binary(op, grid, a, ao, b, bo, out, oo);
    }
  }

  @Override
  public void where(
      double[] c, int co, double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    int whole = DOUBLES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector chosen = DoubleVector.fromArray(DOUBLES, c, co + i);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, a, ao + i);
      DoubleVector otherwise = DoubleVector.fromArray(DOUBLES, b, bo + i);
      otherwise.blend(x, chosen.compare(VectorOperators.NE, 0)).intoArray(out, oo + i);
    }
    if (whole < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
      DoubleVector chosen = DoubleVector.fromArray(DOUBLES, c, co + whole, rest);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, a, ao + whole, rest);
      DoubleVector otherwise = DoubleVector.fromArray(DOUBLES, b, bo + whole, rest);
      otherwise.blend(x, chosen.compare(VectorOperators.NE, 0)).intoArray(out, oo + whole, rest);
    }
  }

  @Override
  public void power(double exponent, double[] x, int xo, double[] out, int oo, int n) {
    if (exponent == 2) {
      mul(1, n, x, xo, n, x, xo, n, out, oo);
    } else {
      VectorPower.power(exponent, x, xo, out, oo, n);
    }
  }

  @Override
  public void tanhPullback(double[] g, int go, double[] y, int yo, double[] out, int oo, int n) {
    DoubleVector one = DoubleVector.broadcast(DOUBLES, 1);
    int whole = DOUBLES.loopBound(n);
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector value = DoubleVector.fromArray(DOUBLES, y, yo + i);
      DoubleVector slope = one.sub(value.mul(value));
      DoubleVector.fromArray(DOUBLES, g, go + i).mul(slope).intoArray(out, oo + i);
    }
    if (whole < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
      DoubleVector value = DoubleVector.fromArray(DOUBLES, y, yo + whole, rest);
      DoubleVector slope = one.sub(value.mul(value));
      DoubleVector.fromArray(DOUBLES, g, go + whole, rest)
          .mul(slope)
          .intoArray(out, oo + whole, rest);
    }
  }

  @Override
  public Product product(Matrix a, Matrix b) {
    return new MatrixProduct(a, b);
  }

  @Override
  public void columnSums(int rows, int n, double[] x, int xo, double[] out, int oo) {
    for (int j = 0; j < n; j += LANES) {
      VectorMask<Double> inside = DOUBLES.indexInRange(j, n);
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int i = 0, at = xo + j; i < rows; i++, at += n) {
        sum = sum.add(DoubleVector.fromArray(DOUBLES, x, at, inside));
      }
      sum.intoArray(out, oo + j, inside);
    }
  }

  @Override
  public void accumulate(double[] x, int xo, double[] out, int oo, int n) {
    add(1, n, out, oo, n, x, xo, n, out, oo);
  }

  /// Functions of one vector instruction or two.
  private static void simple(Op.Unary op, double[] from, int xo, double[] out, int oo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i);
      switch (op) {
        case NEG -> x.neg().intoArray(out, oo + i);
        case ABS -> x.abs().intoArray(out, oo + i);
        case SQRT -> x.sqrt().intoArray(out, oo + i);
        case RELU -> x.max(0).intoArray(out, oo + i);
        case SIGN ->
            x.blend(1, x.compare(VectorOperators.GT, 0))
                .blend(-1, x.compare(VectorOperators.LT, 0))
                .intoArray(out, oo + i);
        case STEP ->
            DoubleVector.zero(DOUBLES)
                .blend(1, x.compare(VectorOperators.GT, 0))
                .intoArray(out, oo + i);
        default -> throw new IllegalArgumentException(op + " is not a function of one instruction");
      }
    }
    if (i < n) {
      VectorMask<Double> rest = DOUBLES.indexInRange(i, n);
      DoubleVector x = DoubleVector.fromArray(DOUBLES, from, xo + i, rest);
      switch (op) {
        case NEG -> x.neg().intoArray(out, oo + i, rest);
        case ABS -> x.abs().intoArray(out, oo + i, rest);
        case SQRT -> x.sqrt().intoArray(out, oo + i, rest);
        case RELU -> x.max(0).intoArray(out, oo + i, rest);
        case SIGN ->
            x.blend(1, x.compare(VectorOperators.GT, 0))
                .blend(-1, x.compare(VectorOperators.LT, 0))
                .intoArray(out, oo + i, rest);
        case STEP ->
            DoubleVector.zero(DOUBLES)
                .blend(1, x.compare(VectorOperators.GT, 0))
                .intoArray(out, oo + i, rest);
        default -> throw new IllegalArgumentException(op + " is not a function of one instruction");
      }
    }
  }

  private static void add(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        left.add(DoubleVector.fromArray(DOUBLES, b, q + i)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        left.add(DoubleVector.fromArray(DOUBLES, b, q + whole, rest))
            .intoArray(out, r + whole, rest);
      }
    }
  }

  private static void sub(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        left.sub(DoubleVector.fromArray(DOUBLES, b, q + i)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        left.sub(DoubleVector.fromArray(DOUBLES, b, q + whole, rest))
            .intoArray(out, r + whole, rest);
      }
    }
  }

  private static void mul(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        left.mul(DoubleVector.fromArray(DOUBLES, b, q + i)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        left.mul(DoubleVector.fromArray(DOUBLES, b, q + whole, rest))
            .intoArray(out, r + whole, rest);
      }
    }
  }

  private static void div(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        left.div(DoubleVector.fromArray(DOUBLES, b, q + i)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        left.div(DoubleVector.fromArray(DOUBLES, b, q + whole, rest))
            .intoArray(out, r + whole, rest);
      }
    }
  }

  private static void greater(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + i);
        zero.blend(1, left.compare(VectorOperators.GT, right)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + whole, rest);
        zero.blend(1, left.compare(VectorOperators.GT, right)).intoArray(out, r + whole, rest);
      }
    }
  }

  private static void greaterEqual(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + i);
        zero.blend(1, left.compare(VectorOperators.GE, right)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + whole, rest);
        zero.blend(1, left.compare(VectorOperators.GE, right)).intoArray(out, r + whole, rest);
      }
    }
  }

  private static void equal(
      int m, int n, double[] a, int ao, int as, double[] b, int bo, int bs, double[] out, int oo) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    int whole = DOUBLES.loopBound(n);
    VectorMask<Double> rest = DOUBLES.indexInRange(whole, n);
    for (int row = 0; row < m; row++) {
      int p = ao + row * as;
      int q = bo + row * bs;
      int r = oo + row * n;
      for (int i = 0; i < whole; i += LANES) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + i);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + i);
        zero.blend(1, left.compare(VectorOperators.EQ, right)).intoArray(out, r + i);
      }
      if (whole < n) {
        DoubleVector left = DoubleVector.fromArray(DOUBLES, a, p + whole, rest);
        DoubleVector right = DoubleVector.fromArray(DOUBLES, b, q + whole, rest);
        zero.blend(1, left.compare(VectorOperators.EQ, right)).intoArray(out, r + whole, rest);
      }
    }
  }
}
