package org.flowline.autodiff.jvm.kernels;

import java.util.Arrays;
import org.flowline.autodiff.Op;

/// Plain loops: the reference for [VectorKernels], and the kernels where the Vector API is not
/// loaded.
final class ScalarKernels implements Kernels {

  @Override
  public void unary(Op.Unary op, double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = apply(op, x[xo + i]);
    }
  }

  static double apply(Op.Unary op, double x) {
    return switch (op) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case STEP -> x > 0 ? 1 : 0;
      case EXP -> ScalarMath.exp(x);
      case EXPM1 -> ScalarMath.expm1(x);
      case LOG1P -> ScalarMath.log1p(x);
      case ERF -> ScalarErrorFunction.erf(x);
      case ERFC -> ScalarErrorFunction.erfc(x);
      case LOG -> ScalarMath.log(x);
      case SQRT -> Math.sqrt(x);
      case SIN -> ScalarTrigonometry.sin(x);
      case COS -> ScalarTrigonometry.cos(x);
      case TANH -> ScalarMath.tanh(x);
      case SIGMOID -> ScalarMath.sigmoid(x);
      case SOFTPLUS -> ScalarMath.softplus(x);
      case RELU -> Math.max(x, 0);
    };
  }

  @Override
  public void binary(
      Op.Binary op, Grid grid, double[] a, int ao, double[] b, int bo, double[] out, int oo) {
    for (int i = 0; i < grid.rows(); i++) {
      for (int j = 0; j < grid.columns(); j++) {
        double left = a[ao + i * grid.aStride() + j];
        double right = b[bo + i * grid.bStride() + j];
        out[oo + i * grid.columns() + j] = apply(op, left, right);
      }
    }
  }

  static double apply(Op.Binary op, double left, double right) {
    return switch (op) {
      case ADD -> left + right;
      case SUB -> left - right;
      case MUL -> left * right;
      case DIV -> left / right;
      case POW -> ScalarPower.pow(left, right);
      case GREATER -> left > right ? 1 : 0;
      case GREATER_EQUAL -> left >= right ? 1 : 0;
      case EQUAL -> left == right ? 1 : 0;
    };
  }

  @Override
  public void where(
      double[] c, int co, double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = c[co + i] != 0 ? a[ao + i] : b[bo + i];
    }
  }

  @Override
  public void power(double exponent, double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = ScalarPower.power(x[xo + i], exponent);
    }
  }

  @Override
  public void tanhPullback(double[] g, int go, double[] y, int yo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = g[go + i] * (1 - y[yo + i] * y[yo + i]);
    }
  }

  @Override
  public Product product(Matrix a, Matrix b) {
    return new ScalarProduct(a, b);
  }

  private record ScalarProduct(Matrix a, Matrix b) implements Product {
    @Override
    public int scratchSize() {
      return 0;
    }

    @Override
    public void run(
        double[] x, int xo, double[] y, int yo, double[] out, int oo, double[] scratch, int so) {
      int n = b.columns();
      for (int i = 0; i < a.rows(); i++) {
        int row = oo + i * n;
        Arrays.fill(out, row, row + n, 0);
        for (int k = 0; k < a.columns(); k++) {
          double left = x[xo + i * a.rowStride() + k * a.columnStride()];
          int from = yo + k * b.rowStride();
          for (int j = 0; j < n; j++) {
            out[row + j] = Math.fma(left, y[from + j * b.columnStride()], out[row + j]);
          }
        }
      }
    }
  }

  @Override
  public void columnSums(int rows, int n, double[] x, int xo, double[] out, int oo) {
    Arrays.fill(out, oo, oo + n, 0);
    for (int i = 0; i < rows; i++) {
      accumulate(x, xo + i * n, out, oo, n);
    }
  }

  @Override
  public void accumulate(double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] += x[xo + i];
    }
  }
}
