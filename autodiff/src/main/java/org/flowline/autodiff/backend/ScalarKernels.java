package org.flowline.autodiff.backend;

import java.util.Arrays;
import org.flowline.autodiff.Op;

/// Plain loops: the reference for [VectorKernels], and what runs where the Vector API is not
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
      case LOG -> ScalarMath.log(x);
      case SQRT -> Math.sqrt(x);
      case SIN -> ScalarMath.sin(x);
      case COS -> ScalarMath.cos(x);
      case TANH -> ScalarMath.tanh(x);
      case SIGMOID -> ScalarMath.sigmoid(x);
      case SOFTPLUS -> ScalarMath.softplus(x);
      case RELU -> Math.max(x, 0);
    };
  }

  @Override
  public void binary(
      Op.Binary op, double[] a, int ao, double[] b, int bo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      double left = a[ao + i];
      double right = b[bo + i];
      out[oo + i] =
          switch (op) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
          };
    }
  }

  @Override
  public void power(double exponent, double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] = ScalarMath.power(x[xo + i], exponent);
    }
  }

  @Override
  public void matmul(
      Matrix a, int n, double[] av, int ao, double[] b, int bo, double[] out, int oo) {
    for (int i = 0; i < a.rows(); i++) {
      int row = oo + i * n;
      Arrays.fill(out, row, row + n, 0);
      for (int k = 0; k < a.columns(); k++) {
        double left = av[ao + i * a.rowStride() + k * a.columnStride()];
        int from = bo + k * n;
        for (int j = 0; j < n; j++) {
          out[row + j] = Math.fma(left, b[from + j], out[row + j]);
        }
      }
    }
  }

  @Override
  public void accumulate(double[] x, int xo, double[] out, int oo, int n) {
    for (int i = 0; i < n; i++) {
      out[oo + i] += x[xo + i];
    }
  }
}
