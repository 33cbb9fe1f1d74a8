package org.flowline.odesolvers;

import java.util.Arrays;

/// The values of a solution at the requested times, collected from the accepted steps.
final class Samples {

  final double[] times;
  final double[][] values;
  private final int direction;
  private int next = 1;

  /// @throws IllegalArgumentException unless the times are at least two, finite and strictly
  ///     monotone
  Samples(double[] times, double[] y0) {
    this(times, y0.length);
    System.arraycopy(y0, 0, values[0], 0, y0.length);
  }

  private Samples(double[] times, int n) {
    requireMonotone("solve", times);
    this.times = times.clone();
    this.direction = times[1] > times[0] ? 1 : -1;
    this.values = new double[times.length][n];
    for (double[] row : values) {
      Arrays.fill(row, Double.NaN);
    }
  }

  /// Returns the samples of a resumed solve.
  static Samples of(Checkpoint checkpoint) {
    double[] times = checkpoint.times();
    int n = checkpoint.y().length;
    var samples = new Samples(times, n);
    System.arraycopy(
        checkpoint.values()[0], 0, samples.values[0], 0, checkpoint.values()[0].length);
    while (samples.next < times.length
        && (checkpoint.t() - times[samples.next]) * samples.direction >= 0) {
      double[] reached = checkpoint.values()[samples.next];
      boolean light = reached.length == 0; // at the end, where the state is the value
      System.arraycopy(light ? checkpoint.y() : reached, 0, samples.values[samples.next], 0, n);
      samples.next++;
    }
    return samples;
  }

  static void requireMonotone(String operation, double[] times) {
    if (times.length < 2) {
      throw new IllegalArgumentException(
          "%s: %s times, want at least two, the start and the end"
              .formatted(operation, times.length));
    }
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i])) {
        throw new IllegalArgumentException(
            "%s: times[%s] = %s, want a finite number".formatted(operation, i, times[i]));
      }
      boolean forward = times[1] > times[0];
      if (i > 0 && (times[i] == times[i - 1] || times[i] > times[i - 1] != forward)) {
        throw new IllegalArgumentException(
            "%s: times[%s] = %s after times[%s] = %s, want strictly increasing or strictly decreasing times; sort them and drop repeated ones"
                .formatted(operation, i, times[i], i - 1, times[i - 1]));
      }
    }
    if (!Double.isFinite(times[times.length - 1] - times[0])) {
      throw new IllegalArgumentException(
          "%s: from %s to %s is longer than the largest number; scale the time"
              .formatted(operation, times[0], times[times.length - 1]));
    }
  }

  /// Collects the values at all times up to the step's end.
  void collect(Step step) {
    while (next < times.length && (step.end - times[next]) * direction >= 0) {
      step.interpolate(times[next], values[next]);
      next++;
    }
  }

  /// Replaces the value at the step's end by the state after a jump.
  void replace(Step step) {
    if (times[next - 1] == step.end) {
      System.arraycopy(step.y1, 0, values[next - 1], 0, step.y1.length);
    }
  }

  double start() {
    return times[0];
  }

  double end() {
    return times[times.length - 1];
  }
}
