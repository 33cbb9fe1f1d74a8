package org.flowline.odesolvers.method;

import java.util.Arrays;
import java.util.stream.IntStream;

/// `out = y + h (w_1 k_1 + w_2 k_2 + …)` over selected slopes, the kernel of every Runge–Kutta
/// step.
///
/// The sum runs from left to right with separate multiplications and additions, so that a textbook
/// loop written the same way gives the same bits. Up to seven terms take one pass over memory.
///
/// Small states have their own code, which keeps its sums in registers. It also keeps short loops
/// out of the profile of the long ones, which the JVM would otherwise not vectorise.
///
/// @param stages positions of `k_1, k_2, …` among the slopes
/// @param weights `w_1, w_2, …`; shared with the caller, who may change them between calls
public record LinearCombination(int[] stages, double[] weights) {

  /// States with fewer components than this are small.
  public static final int LONG = 16;

  /// Returns the combination with these weights, without the terms of weight zero.
  public static LinearCombination of(double[] row) {
    int terms = 0;
    int[] stages = new int[row.length];
    double[] weights = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      if (row[i] != 0) {
        stages[terms] = i;
        weights[terms++] = row[i];
      }
    }
    return new LinearCombination(Arrays.copyOf(stages, terms), Arrays.copyOf(weights, terms));
  }

  /// Returns the combination of all slopes, with weights to be set later.
  public static LinearCombination ofAll(int stages) {
    return new LinearCombination(IntStream.range(0, stages).toArray(), new double[stages]);
  }

  /// Overwrites the components of `out` for which there are slopes with `Σ weights_i k_i`.
  public static void sum(double[] weights, double[][] k, double[] out) {
    int n = k[0].length;
    Arrays.fill(out, 0, n, 0);
    for (int i = 0; i < weights.length; i++) {
      double weight = weights[i];
      double[] slope = k[i];
      for (int j = 0; j < n; j++) {
        out[j] += weight * slope[j];
      }
    }
  }

  /// Overwrites `out`, which must be none of the arrays read.
  public void apply(double[] y, double h, double[][] k, double[] out) {
    if (y.length < LONG) {
      applySmall(y, h, k, out);
    } else {
      applyLong(y, h, k, out, 0, y.length);
    }
  }

  /// Overwrites the components `from … to − 1` of `out`.
  public void apply(double[] y, double h, double[][] k, double[] out, int from, int to) {
    applyLong(y, h, k, out, from, to);
  }

  private void applySmall(double[] y, double h, double[][] k, double[] out) {
    int j = 0;
    for (; j + 4 < y.length; j += 4) {
      four(j, y, h, k, out);
    }
    switch (y.length - j) {
      case 1 -> one(j, y, h, k, out);
      case 2 -> two(j, y, h, k, out);
      case 3 -> three(j, y, h, k, out);
      case 4 -> four(j, y, h, k, out);
    }
  }

  private void one(int j, double[] y, double h, double[][] k, double[] out) {
    double sum0 = 0;
    for (int i = 0; i < stages.length; i++) {
      double w = weights[i];
      double[] slope = k[stages[i]];
      sum0 += w * slope[j];
    }
    out[j] = y[j] + h * sum0;
  }

  private void two(int j, double[] y, double h, double[][] k, double[] out) {
    double sum0 = 0, sum1 = 0;
    for (int i = 0; i < stages.length; i++) {
      double w = weights[i];
      double[] slope = k[stages[i]];
      sum0 += w * slope[j];
      sum1 += w * slope[j + 1];
    }
    out[j] = y[j] + h * sum0;
    out[j + 1] = y[j + 1] + h * sum1;
  }

  private void three(int j, double[] y, double h, double[][] k, double[] out) {
    double sum0 = 0, sum1 = 0, sum2 = 0;
    for (int i = 0; i < stages.length; i++) {
      double w = weights[i];
      double[] slope = k[stages[i]];
      sum0 += w * slope[j];
      sum1 += w * slope[j + 1];
      sum2 += w * slope[j + 2];
    }
    out[j] = y[j] + h * sum0;
    out[j + 1] = y[j + 1] + h * sum1;
    out[j + 2] = y[j + 2] + h * sum2;
  }

  private void four(int j, double[] y, double h, double[][] k, double[] out) {
    double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    for (int i = 0; i < stages.length; i++) {
      double w = weights[i];
      double[] slope = k[stages[i]];
      sum0 += w * slope[j];
      sum1 += w * slope[j + 1];
      sum2 += w * slope[j + 2];
      sum3 += w * slope[j + 3];
    }
    out[j] = y[j] + h * sum0;
    out[j + 1] = y[j + 1] + h * sum1;
    out[j + 2] = y[j + 2] + h * sum2;
    out[j + 3] = y[j + 3] + h * sum3;
  }

  private void applyLong(double[] y, double h, double[][] k, double[] out, int from, int to) {
    switch (stages.length) {
      case 0 -> System.arraycopy(y, from, out, from, to - from);
      case 1 -> add1(y, h, k, out, from, to);
      case 2 -> add2(y, h, k, out, from, to);
      case 3 -> add3(y, h, k, out, from, to);
      case 4 -> add4(y, h, k, out, from, to);
      case 5 -> add5(y, h, k, out, from, to);
      case 6 -> add6(y, h, k, out, from, to);
      case 7 -> add7(y, h, k, out, from, to);
      default -> addMany(y, h, k, out, from, to);
    }
  }

  /// Sums eight terms and more, four per pass over `out`, still from left to right.
  private void addMany(double[] y, double h, double[][] k, double[] out, int from, int to) {
    int i = stages.length % 4;
    Arrays.fill(out, from, to, 0);
    for (int single = 0; single < i; single++) {
      double a = weights[single];
      double[] p = k[stages[single]];
      for (int j = from; j < to; j++) {
        out[j] = out[j] + a * p[j];
      }
    }
    for (; i < stages.length; i += 4) {
      accumulate4(i, k, out, from, to);
    }
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * out[j];
    }
  }

  private void accumulate4(int i, double[][] k, double[] out, int from, int to) {
    double a = weights[i], b = weights[i + 1], c = weights[i + 2], d = weights[i + 3];
    double[] p = k[stages[i]], q = k[stages[i + 1]], r = k[stages[i + 2]], s = k[stages[i + 3]];
    for (int j = from; j < to; j++) {
      out[j] = out[j] + a * p[j] + b * q[j] + c * r[j] + d * s[j];
    }
  }

  // One loop for each number of terms: the JVM turns them into vector instructions.

  private void add1(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0];
    double[] p = k[stages[0]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j]);
    }
  }

  private void add2(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1];
    double[] p = k[stages[0]], q = k[stages[1]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j] + b * q[j]);
    }
  }

  private void add3(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1], c = weights[2];
    double[] p = k[stages[0]], q = k[stages[1]], r = k[stages[2]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j] + b * q[j] + c * r[j]);
    }
  }

  private void add4(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1], c = weights[2], d = weights[3];
    double[] p = k[stages[0]], q = k[stages[1]], r = k[stages[2]], s = k[stages[3]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j] + b * q[j] + c * r[j] + d * s[j]);
    }
  }

  private void add5(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1], c = weights[2], d = weights[3], e = weights[4];
    double[] p = k[stages[0]], q = k[stages[1]], r = k[stages[2]];
    double[] s = k[stages[3]], u = k[stages[4]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j] + b * q[j] + c * r[j] + d * s[j] + e * u[j]);
    }
  }

  private void add6(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1], c = weights[2];
    double d = weights[3], e = weights[4], f = weights[5];
    double[] p = k[stages[0]], q = k[stages[1]], r = k[stages[2]];
    double[] s = k[stages[3]], u = k[stages[4]], v = k[stages[5]];
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a * p[j] + b * q[j] + c * r[j] + d * s[j] + e * u[j] + f * v[j]);
    }
  }

  private void add7(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double a = weights[0], b = weights[1], c = weights[2], d = weights[3];
    double e = weights[4], f = weights[5], g = weights[6];
    double[] p = k[stages[0]], q = k[stages[1]], r = k[stages[2]], s = k[stages[3]];
    double[] u = k[stages[4]], v = k[stages[5]], w = k[stages[6]];
    for (int j = from; j < to; j++) {
      out[j] =
          y[j] + h * (a * p[j] + b * q[j] + c * r[j] + d * s[j] + e * u[j] + f * v[j] + g * w[j]);
    }
  }
}
