package org.flowline.neuralode;

/// Sums of vectors that are parts of longer arrays.
public final class Vectors {

  private Vectors() {}

  /// `sum_j += factor · x_{from + j}`
  public static void addScaled(double[] sum, double factor, double[] x, int from) {
    addScaled(sum, factor, x, from, 0, sum.length);
  }

  /// In the components `begin … end − 1` alone.
  public static void addScaled(
      double[] sum, double factor, double[] x, int from, int begin, int end) {
    for (int j = begin; j < end; j++) {
      sum[j] += factor * x[from + j];
    }
  }

  /// `sum_j += x_{from + j}`
  public static void add(double[] sum, double[] x, int from) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += x[from + j];
    }
  }

  /// The Euclidean norm, free of overflow and underflow; not finite if a component is not.
  public static double norm(double[] x) {
    double scale = 0;
    for (double value : x) {
      scale = Math.max(scale, Math.abs(value));
    }
    if (scale == 0 || !Double.isFinite(scale)) {
      return scale;
    }
    double sum = 0;
    for (double value : x) {
      sum += value / scale * (value / scale);
    }
    return scale * Math.sqrt(sum);
  }
}
