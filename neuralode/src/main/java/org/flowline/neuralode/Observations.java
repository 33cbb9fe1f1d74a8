package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;

/// What the gradient methods share: the observed states as one array, and the answer to a failed
/// solve.
final class Observations {
  private Observations() {}

  static double[] flat(double[][] values, int n) {
    double[] flat = new double[values.length * n];
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(values[i], 0, flat, i * n, n);
    }
    return flat;
  }

  static double dot(double[] x, int xo, double[] y, int yo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[xo + i] * y[yo + i];
    }
    return sum;
  }

  static TrajectoryGradient failed(
      DifferentiableField field, double[] times, Status status, Stats forward) {
    return new TrajectoryGradient(
        Double.NaN,
        nan(field.parameterCount()),
        nan(field.dimension()),
        nan(times.length),
        status,
        forward,
        0);
  }

  private static double[] nan(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }
}
