package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.LinearCombination;

/// The norm of an error `e` in units of the tolerance, over the `m` components with a finite
/// `atol`:
///
///     E² = (1/m) Σ (e_i / (atol_i + rtol_i max(|y0_i|, |y1_i|)))²
///
/// The order of the sum depends only on the number of components, not on the team.
final class ErrorNorm implements ThreadTeam.Work {

  private static final int BLOCK = 1024;

  private final double[] rtol;
  private final double[] atol;
  private final int count;

  private final double[] ratios;

  /// Sums over blocks of [#BLOCK] components, added in their order.
  private final double[] blocks;

  private final ThreadTeam team;
  private double[] errors;
  private double[] y0;
  private double[] y1;

  /// @throws IllegalArgumentException if the tolerances do not fit `n` components
  ErrorNorm(Tolerance tolerance, int n, ThreadTeam team) {
    this.rtol = each("rtol", tolerance.rtol(), n);
    this.atol = each("atol", tolerance.atol(), n);
    this.count = (int) Arrays.stream(atol).filter(Double::isFinite).count();
    this.ratios = new double[n];
    this.blocks = new double[Math.max(1, (n + BLOCK - 1) / BLOCK)];
    this.team = team.on(n);
  }

  /// Returns the norm over all components, with the largest finite `atol` for those that are left
  /// out: for equations, which must be solved in all of them. Null for fixed steps.
  static ErrorNorm everywhere(StepSize size, int n) {
    return size instanceof StepSize.Adaptive adaptive
        ? new ErrorNorm(adaptive.tolerance().everywhere(), n, ThreadTeam.SERIAL)
        : null;
  }

  /// Returns one value for each of `n` components.
  static double[] each(String what, double[] values, int n) {
    if (values.length == n) {
      return values;
    }
    if (values.length != 1) {
      throw new IllegalArgumentException(
          "Tolerance: %s values of %s for %s components, want one or %s"
              .formatted(values.length, what, n, n));
    }
    double[] all = new double[n];
    Arrays.fill(all, values[0]);
    return all;
  }

  /// Returns `E²` of `errors` or any other vector; NaN if `y1` or an error with a finite tolerance
  /// is not finite.
  double square(double[] errors, double[] y0, double[] y1) {
    return ratios.length < LinearCombination.LONG
        ? squareSmall(errors, y0, y1)
        : squareLong(errors, y0, y1);
  }

  private double squareSmall(double[] errors, double[] y0, double[] y1) {
    double sum = 0;
    for (int j = 0; j < ratios.length; j++) {
      double ratio = ratio(j, errors, y0, y1);
      sum += ratio * ratio;
    }
    return sum / count;
  }

  private double squareLong(double[] errors, double[] y0, double[] y1) {
    this.errors = errors;
    this.y0 = y0;
    this.y1 = y1;
    if (team == ThreadTeam.SERIAL) {
      part(0, 1);
    } else {
      team.run(this);
    }
    double sum = blocks[0];
    for (int block = 1; block < blocks.length; block++) {
      sum += blocks[block];
    }
    return sum / count;
  }

  @Override
  public void part(int k, int parts) {
    for (int i = blocks.length * k / parts; i < blocks.length * (k + 1) / parts; i++) {
      int from = i * BLOCK;
      blocks[i] = sumOfSquares(from, Math.min(ratios.length, from + BLOCK));
    }
  }

  /// Sums with vectorised divisions, and in four independent sums to hide the latency of additions.
  private double sumOfSquares(int from, int to) {
    double[] r = ratios, e = errors, a = y0, b = y1;
    for (int j = from; j < to; j++) {
      r[j] = ratio(j, e, a, b);
    }
    double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    int j = from;
    for (; j + 3 < to; j += 4) {
      sum0 += r[j] * r[j];
      sum1 += r[j + 1] * r[j + 1];
      sum2 += r[j + 2] * r[j + 2];
      sum3 += r[j + 3] * r[j + 3];
    }
    for (; j < to; j++) {
      sum0 += r[j] * r[j];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  /// Returns a component of the sum; NaN if `y1` is not finite, as is `0·x`.
  private double ratio(int j, double[] errors, double[] y0, double[] y1) {
    double scale = atol[j] + rtol[j] * Math.max(Math.abs(y0[j]), Math.abs(y1[j]));
    return errors[j] / scale + 0 * y1[j];
  }

  /// Returns the component with the largest error, or the first whose error is NaN.
  int worst(double[] errors, double[] y0, double[] y1) {
    int worst = -1;
    double largest = -1;
    for (int j = 0; j < errors.length; j++) {
      double scale = atol[j] + rtol[j] * Math.max(Math.abs(y0[j]), Math.abs(y1[j]));
      double ratio = Math.abs(errors[j]) / scale;
      if (Double.isNaN(ratio)) {
        return j;
      }
      if (ratio > largest) {
        largest = ratio;
        worst = j;
      }
    }
    return worst;
  }
}
