package org.flowline.neuralode;

/// Operations on vectors, some of which are parts of longer arrays; the output is the last array.
public final class Vectors {

  private Vectors() {}

  /// `yⱼ += α x_{from + j}`
  public static void axpy(double alpha, double[] x, int from, double[] y) {
    axpy(alpha, x, from, y, 0, y.length);
  }

  /// `yⱼ += α x_{from + j}` for `j = begin … end − 1`
  public static void axpy(double alpha, double[] x, int from, double[] y, int begin, int end) {
    for (int j = begin; j < end; j++) {
      y[j] += alpha * x[from + j];
    }
  }

  /// `yⱼ += x_{from + j}`
  public static void add(double[] x, int from, double[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] += x[from + j];
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

  /// `yⱼ = α xⱼ` for `j = begin … end − 1`
  public static void scale(double alpha, double[] x, double[] y, int begin, int end) {
    for (int j = begin; j < end; j++) {
      y[j] = alpha * x[j];
    }
  }

  /// `x = −x`
  public static void negate(double[] x) {
    negate(x, 0, x.length, x, 0);
  }

  /// `y_{at + j} = −xⱼ` for `j = begin … end − 1`
  public static void negate(double[] x, int begin, int end, double[] y, int at) {
    for (int j = begin; j < end; j++) {
      y[at + j] = -x[j];
    }
  }

  /// `Σ x_{from + j} yⱼ`
  public static double dot(double[] x, int from, double[] y) {
    // Four independent sums: no addition waits for the previous one.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int n = y.length;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      sum0 += x[from + i] * y[i];
      sum1 += x[from + i + 1] * y[i + 1];
      sum2 += x[from + i + 2] * y[i + 2];
      sum3 += x[from + i + 3] * y[i + 3];
    }
    for (; i < n; i++) {
      sum0 += x[from + i] * y[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  /// `max |xⱼ − yⱼ|` for `j = 0 … n − 1`
  public static double maxDistance(double[] x, double[] y, int n) {
    double distance = 0;
    for (int j = 0; j < n; j++) {
      distance = Math.max(distance, Math.abs(x[j] - y[j]));
    }
    return distance;
  }

  /// `max |xⱼ|`, or [Double#MIN_NORMAL] where all are 0, so that it can be divided by.
  public static double maxNorm(double[] x) {
    double norm = Double.MIN_NORMAL;
    for (double value : x) {
      norm = Math.max(norm, Math.abs(value));
    }
    return norm;
  }
}
