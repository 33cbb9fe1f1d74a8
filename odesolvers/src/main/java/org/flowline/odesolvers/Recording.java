package org.flowline.odesolvers;

import java.util.Arrays;

/// Records a function `g(t, y(t))` along a solve, at every step or at given times.
///
///     var energy = Recording.everyStep(1, (t, y, out) -> out[0] = y[1] * y[1] / 2 + y[0]);
///     integrator.withObserver(energy).solve(field, y0, 0, 10);
///
/// The state itself at given times is in the [Solution]. Memory: `8 (1 + w)` bytes per value of
/// width `w`. A resumed solve continues the recording; another one needs [#clear]. For one solve at
/// a time.
public final class Recording implements StepObserver {

  /// `out = g(t, y)`; must not modify `y` nor keep either array.
  @FunctionalInterface
  public interface Function {
    /// Overwrites `out`, as wide as the recording, with `g(t, y)`.
    void evaluate(double t, double[] y, double[] out);
  }

  private final int width;
  private final Function g;

  /// Ascending; empty to record every step.
  private final double[] wanted;

  private final boolean everyStep;
  private double[] times = new double[16];
  private double[][] values = new double[16][];
  private int size;
  private boolean begun;
  private double lastEnd;
  private double[] y = new double[0];

  private Recording(int width, Function g, boolean everyStep, double[] wanted) {
    if (width < 1) {
      throw new IllegalArgumentException("Recording: width %s, want at least 1".formatted(width));
    }
    this.width = width;
    this.g = g;
    this.everyStep = everyStep;
    this.wanted = wanted;
  }

  /// Returns a recording of `g` at the beginning of the solve and at the end of each accepted step;
  /// before the jump, if an [Event] changes the state.
  ///
  /// @param width number of values of `g`
  /// @throws IllegalArgumentException if the width is not positive
  public static Recording everyStep(int width, Function g) {
    return new Recording(width, g, true, new double[0]);
  }

  /// Returns a recording of `g` of the dense output at these times, in any order, if the solve
  /// reaches them; the steps do not depend on them.
  ///
  /// @param width number of values of `g`
  /// @throws IllegalArgumentException if the width is not positive, there are no times, or one is
  ///     not finite
  public static Recording at(int width, Function g, double... times) {
    double[] wanted = Arrays.stream(times).sorted().distinct().toArray();
    if (wanted.length == 0 || !Double.isFinite(wanted[0] + wanted[wanted.length - 1])) {
      throw new IllegalArgumentException(
          "Recording: times %s, want finite ones, at least one".formatted(Arrays.toString(times)));
    }
    return new Recording(width, g, false, wanted);
  }

  /// @throws IllegalStateException if the step does not follow the last one
  @Override
  public void accepted(Step step) {
    if (begun && step.t() != lastEnd) {
      throw new IllegalStateException(
          "Recording: a step from %s after one that ended at %s, want the next one; clear() before another solve"
              .formatted(step.t(), lastEnd));
    }
    if (everyStep) {
      if (!begun) {
        add(step.t(), step.y0());
      }
      add(step.end(), step.y1());
    } else {
      pass(step);
    }
    begun = true;
    lastEnd = step.end();
  }

  /// Records the wanted times within the step, without its start, which belongs to the step before.
  private void pass(Step step) {
    boolean forward = step.h() > 0;
    double low = Math.min(step.t(), step.end());
    double high = Math.max(step.t(), step.end());
    int from = Arrays.binarySearch(wanted, low);
    int to = Arrays.binarySearch(wanted, high);
    int first = from < 0 ? -from - 1 : from;
    int last = to < 0 ? -to - 2 : to;
    for (int i = first; i <= last; i++) {
      double time = wanted[forward ? i : last - (i - first)];
      if (time != step.t() || !begun) {
        interpolate(step, time);
      }
    }
  }

  private void interpolate(Step step, double time) {
    if (y.length != step.y0().length) {
      y = new double[step.y0().length];
    }
    step.interpolate(time, y);
    add(time, y);
  }

  private void add(double time, double[] state) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    if (values[size] == null) {
      values[size] = new double[width];
    }
    times[size] = time;
    g.evaluate(time, state, values[size]);
    size++;
  }

  /// The number of values so far.
  public int size() {
    return size;
  }

  /// The times of the values, in the order of the solve.
  public double[] times() {
    return Arrays.copyOf(times, size);
  }

  /// `values()[i]` is `g` at `times()[i]`; a copy.
  public double[][] values() {
    double[][] copy = new double[size][];
    Arrays.setAll(copy, i -> values[i].clone());
    return copy;
  }

  /// Removes the values and keeps their memory for the next solve.
  public void clear() {
    size = 0;
    begun = false;
  }
}
