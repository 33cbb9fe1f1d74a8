package org.flowline.odesolvers.method;

import java.util.Arrays;
import java.util.stream.IntStream;

/// `out = y + h (w_1 k_1 + w_2 k_2 + …)` over selected slopes, the one kernel of every explicit
/// method.
///
/// The sum runs from left to right with separate multiplications and additions, so that a textbook
/// loop written the same way gives the same bits. Up to seven terms go through memory once.
///
/// Small states have code of their own, which keeps its sums in registers. It also keeps short
/// loops out of the profile of the long ones, which the JVM would otherwise not turn into vectors.
///
/// @param stages positions of `k_1, k_2, …` among the slopes
/// @param weights `w_1, w_2, …`; shared with the caller, who may change them between calls
public record LinearCombination(int[] stages, double[] weights) {

  /// States with fewer components than this are small.
  public static final int LONG = 16;

  /// The combination with these weights, of which zeros are left out.
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

  /// The combination of all slopes with weights to be set later.
  public static LinearCombination ofAll(int stages) {
    return new LinearCombination(IntStream.range(0, stages).toArray(), new double[stages]);
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
    double sum0 = 0;
    double sum1 = 0;
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
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
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
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
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
    double[] w = weights;
    int[] s = stages;
    switch (s.length) {
      case 0 -> System.arraycopy(y, from, out, from, to - from);
      case 1 -> add(y, h, w[0], k[s[0]], out, from, to);
      case 2 -> add(y, h, w[0], k[s[0]], w[1], k[s[1]], out, from, to);
      case 3 -> add(y, h, w[0], k[s[0]], w[1], k[s[1]], w[2], k[s[2]], out, from, to);
      case 4 ->
          add(y, h, w[0], k[s[0]], w[1], k[s[1]], w[2], k[s[2]], w[3], k[s[3]], out, from, to);
      case 5 ->
          add(
              y, h, w[0], k[s[0]], w[1], k[s[1]], w[2], k[s[2]], w[3], k[s[3]], w[4], k[s[4]], out,
              from, to);
      case 6 ->
          add(
              y, h, w[0], k[s[0]], w[1], k[s[1]], w[2], k[s[2]], w[3], k[s[3]], w[4], k[s[4]], w[5],
              k[s[5]], out, from, to);
      case 7 ->
          add(
              y, h, w[0], k[s[0]], w[1], k[s[1]], w[2], k[s[2]], w[3], k[s[3]], w[4], k[s[4]], w[5],
              k[s[5]], w[6], k[s[6]], out, from, to);
      default -> addMany(y, h, k, out, from, to);
    }
  }

  /// Eight terms and more, four per pass over `out`, still from left to right.
  private void addMany(double[] y, double h, double[][] k, double[] out, int from, int to) {
    double[] w = weights;
    int[] s = stages;
    int i = s.length % 4;
    Arrays.fill(out, from, to, 0);
    for (int single = 0; single < i; single++) {
      accumulate(w[single], k[s[single]], out, from, to);
    }
    for (; i < s.length; i += 4) {
      accumulate(
          w[i],
          k[s[i]],
          w[i + 1],
          k[s[i + 1]],
          w[i + 2],
          k[s[i + 2]],
          w[i + 3],
          k[s[i + 3]],
          out,
          from,
          to);
    }
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * out[j];
    }
  }

  private static void accumulate(double a1, double[] k1, double[] out, int from, int to) {
    for (int j = from; j < to; j++) {
      out[j] = out[j] + a1 * k1[j];
    }
  }

  private static void accumulate(
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double a4,
      double[] k4,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] = out[j] + a1 * k1[j] + a2 * k2[j] + a3 * k3[j] + a4 * k4[j];
    }
  }

  private static void add(
      double[] y, double h, double a1, double[] k1, double[] out, int from, int to) {
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a1 * k1[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a1 * k1[j] + a2 * k2[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a1 * k1[j] + a2 * k2[j] + a3 * k3[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double a4,
      double[] k4,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a1 * k1[j] + a2 * k2[j] + a3 * k3[j] + a4 * k4[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double a4,
      double[] k4,
      double a5,
      double[] k5,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] = y[j] + h * (a1 * k1[j] + a2 * k2[j] + a3 * k3[j] + a4 * k4[j] + a5 * k5[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double a4,
      double[] k4,
      double a5,
      double[] k5,
      double a6,
      double[] k6,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] =
          y[j] + h * (a1 * k1[j] + a2 * k2[j] + a3 * k3[j] + a4 * k4[j] + a5 * k5[j] + a6 * k6[j]);
    }
  }

  private static void add(
      double[] y,
      double h,
      double a1,
      double[] k1,
      double a2,
      double[] k2,
      double a3,
      double[] k3,
      double a4,
      double[] k4,
      double a5,
      double[] k5,
      double a6,
      double[] k6,
      double a7,
      double[] k7,
      double[] out,
      int from,
      int to) {
    for (int j = from; j < to; j++) {
      out[j] =
          y[j]
              + h
                  * (a1 * k1[j]
                      + a2 * k2[j]
                      + a3 * k3[j]
                      + a4 * k4[j]
                      + a5 * k5[j]
                      + a6 * k6[j]
                      + a7 * k7[j]);
    }
  }
}
