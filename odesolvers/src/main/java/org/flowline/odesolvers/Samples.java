package org.flowline.odesolvers;

import java.util.Arrays;

/// The values of a solution at the requested times, collected from the accepted steps.
final class Samples {

  final double[] times;
  final double[][] values;
  private final int direction;
  private int next;

  /// @throws IllegalArgumentException unless the times are at least one, finite and monotone
  Samples(double[] times, double[] y0) {
    this(times, y0.length);
    collect(times[0], y0);
  }

  private Samples(double[] times, int n) {
    requireMonotone("solve", times);
    this.times = times.clone();
    this.direction = end() >= start() ? 1 : -1;
    this.values = new double[times.length][n];
    for (double[] row : values) {
      Arrays.fill(row, Double.NaN);
    }
  }

  /// Returns the samples of a resumed solve.
  static Samples of(Checkpoint checkpoint) {
    double[] times = checkpoint.times();
    var samples = new Samples(times, checkpoint.y().length);
    double[][] values = checkpoint.values();
    while (samples.isReached(checkpoint.t())) {
      double[] reached = values[samples.next];
      boolean here = times[samples.next] == checkpoint.t();
      if (reached.length == 0) { // a light checkpoint holds the state at its own time alone
        reached = here ? checkpoint.y() : samples.values[samples.next];
      }
      samples.set(reached);
    }
    return samples;
  }

  /// @throws IllegalArgumentException unless the times are at least one, finite, and increasing or
  ///     decreasing; equal ones may follow one another
  static void requireMonotone(String operation, double[] times) {
    if (times.length == 0) {
      throw new IllegalArgumentException(operation + ": no times, want at least one, the start");
    }
    boolean forward = times[times.length - 1] >= times[0];
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i])) {
        throw new IllegalArgumentException(
            "%s: times[%s] = %s, want a finite number".formatted(operation, i, times[i]));
      }
      if (i > 0 && (forward ? times[i] < times[i - 1] : times[i] > times[i - 1])) {
        throw new IllegalArgumentException(
            "%s: times[%s] = %s after times[%s] = %s, want increasing or decreasing times; sort them"
                .formatted(operation, i, times[i], i - 1, times[i - 1]));
      }
    }
    if (!Double.isFinite(times[times.length - 1] - times[0])) {
      throw new IllegalArgumentException(
          "%s: from %s to %s is longer than the largest number; scale the time"
              .formatted(operation, times[0], times[times.length - 1]));
    }
  }

  private boolean isReached(double t) {
    return next < times.length && (t - times[next]) * direction >= 0;
  }

  private void set(double[] value) {
    System.arraycopy(value, 0, values[next], 0, value.length);
    next++;
  }

  /// Collects the state at all times up to `t`.
  private void collect(double t, double[] y) {
    while (isReached(t)) {
      set(y);
    }
  }

  /// Collects the values at all times up to the step's end.
  void collect(Step step) {
    while (isReached(step.end)) {
      step.interpolate(times[next], values[next]);
      next++;
    }
  }

  /// Replaces the values at the step's end by the state after a jump.
  void replace(Step step) {
    for (int i = next - 1; i >= 0 && times[i] == step.end; i--) {
      System.arraycopy(step.y1, 0, values[i], 0, step.y1.length);
    }
  }

  double start() {
    return times[0];
  }

  double end() {
    return times[times.length - 1];
  }
}
