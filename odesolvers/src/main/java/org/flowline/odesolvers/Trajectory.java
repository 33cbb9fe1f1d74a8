package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Method;

/// The accepted steps of a solve with their slopes: its dense output as a function of time, and the
/// record of a discrete adjoint.
///
/// Memory: `8 (1 + s) n` bytes per step for `n` components and `s` slopes. [#clear] keeps that
/// memory for the next recording, which then allocates nothing up to the size reached before.
/// Recorded steps must follow one another, as do the steps of one solve, or of several that
/// continue each other. For one thread at a time, since evaluation uses a workspace.
public final class Trajectory implements StepObserver {

  private Method method;
  private int dimension;
  private int steps;
  private Entry[] entries = new Entry[16];
  private double[] lastState = new double[0];
  private double lastEnd;
  private double[] weights = new double[0];
  private long numbers;
  private final Copy copy = new Copy();

  /// A recorded step, whose arrays a later recording reuses.
  private static final class Entry {
    double t;
    double h;
    double firstTime;
    double lastTime;
    double plannedEnd;
    double error;
    boolean freshSlope;
    final double[] y0;
    final double[][] slopes;

    Entry(int dimension, int stages) {
      y0 = new double[dimension];
      slopes = new double[stages][];
      for (int i = 0; i < stages; i++) {
        slopes[i] = new double[dimension]; // several times as fast as new double[stages][n]
      }
    }

    long numbers() {
      return (1L + slopes.length) * y0.length;
    }
  }

  /// Creates a trajectory without steps, for [Integrator#withObserver].
  public Trajectory() {}

  /// @throws IllegalStateException if the step does not follow the last one
  @Override
  public void accepted(Step step) {
    if (steps == 0) {
      begin(step);
    } else {
      requireNext(step);
    }
    if (steps == entries.length) {
      entries = Arrays.copyOf(entries, 2 * steps);
    }
    Entry entry = room();
    copy.step = step;
    copy.entry = entry;
    step.slope(0); // only the caller may evaluate the slopes of the dense output
    step.team().run(copy);
    copy.step = null;
    entry.t = step.t;
    entry.h = step.h;
    entry.firstTime = step.firstTime;
    entry.lastTime = step.lastTime;
    entry.plannedEnd = step.plannedEnd();
    entry.error = step.error;
    entry.freshSlope = step.freshSlope;
    lastEnd = step.end;
    steps++;
  }

  /// Returns the next entry, from an earlier recording if it fits.
  private Entry room() {
    Entry entry = entries[steps];
    if (entry == null || entry.y0.length != dimension || entry.slopes.length != method.stages()) {
      numbers -= entry == null ? 0 : entry.numbers();
      entry = new Entry(dimension, method.stages());
      numbers += entry.numbers();
      entries[steps] = entry;
    }
    return entry;
  }

  private void begin(Step step) {
    method = step.method();
    dimension = step.y0().length;
    if (lastState.length != dimension) {
      lastState = new double[dimension];
    }
    if (weights.length != method.stages()) {
      weights = new double[method.stages()];
    }
  }

  private void requireNext(Step step) {
    boolean sameKind = step.method() == method && step.y0().length == dimension;
    if (!sameKind || step.t() != lastEnd || step.h() > 0 != entries[0].h > 0) {
      throw new IllegalStateException(
          "Trajectory: a step of %s from %s by %s after one of %s ending at %s, want the next one; clear() before another solve"
              .formatted(step.method().name(), step.t(), step.h(), method.name(), lastEnd));
    }
  }

  /// Copies the arrays of a step, range by range.
  private final class Copy implements ThreadTeam.Work {
    private Step step;
    private Entry entry;

    @Override
    public void part(int k, int parts) {
      int from = ThreadTeam.rangeStart(dimension, k, parts);
      int length = ThreadTeam.rangeStart(dimension, k + 1, parts) - from;
      System.arraycopy(step.y0, from, entry.y0, from, length);
      for (int i = 0; i < step.k.length; i++) {
        System.arraycopy(step.k[i], from, entry.slopes[i], from, length);
      }
      System.arraycopy(step.y1, from, lastState, from, length);
    }
  }

  /// Removes the steps and keeps their memory for the next recording.
  public void clear() {
    steps = 0;
  }

  /// The number of recorded steps.
  public int steps() {
    return steps;
  }

  /// The method of the steps.
  public Method method() {
    requireSteps();
    return method;
  }

  /// The number of components of the state.
  public int dimension() {
    requireSteps();
    return dimension;
  }

  /// The time at the start of step `n`.
  public double t(int n) {
    return entry(n).t;
  }

  /// The signed size of step `n`.
  public double h(int n) {
    return entry(n).h;
  }

  /// The time at which step `n` evaluated a stage with node `c`; see [Step#stageTime].
  public double stageTime(int n, double c) {
    Entry entry = entry(n);
    return c == 0 ? entry.firstTime : c == 1 ? entry.lastTime : entry.t + c * entry.h;
  }

  /// Returns whether the first slope of step `n` is the last of the step before; see
  /// [Step#freshSlope].
  public boolean reusesSlope(int n) {
    return !entry(n).freshSlope;
  }

  /// The end of step `n`; exactly the start of the next one.
  public double end(int n) {
    entry(n);
    return n + 1 < steps ? entries[n + 1].t : lastEnd;
  }

  /// The end that step `n` would have without an event; see [Step#plannedEnd].
  public double plannedEnd(int n) {
    return entry(n).plannedEnd;
  }

  /// The norm of the estimated error of step `n`; see [Step#error].
  public double error(int n) {
    return entry(n).error;
  }

  /// The time at the start of the trajectory.
  public double start() {
    return t(0);
  }

  /// The time at the end of the trajectory; before its start if it was recorded backward.
  public double end() {
    return end(steps - 1);
  }

  /// Overwrites `y` with the state at the start of step `n`.
  public void copyState(int n, double[] y) {
    System.arraycopy(state(n), 0, y, 0, dimension);
  }

  /// The state at the start of step `n`: the record itself, which must be neither modified nor kept
  /// until the next solve.
  public double[] state(int n) {
    return entry(n).y0;
  }

  /// The slopes `k_i` of step `n`: the record itself, as [#state].
  public double[][] slopes(int n) {
    return entry(n).slopes;
  }

  /// Overwrites `y` with the state at the end of the last step.
  public void copyLastState(double[] y) {
    requireSteps();
    System.arraycopy(lastState, 0, y, 0, dimension);
  }

  /// Overwrites `k` with the slope `k_i` of step `n`, both counted from 0.
  public void copySlope(int n, int i, double[] k) {
    System.arraycopy(slopes(n)[i], 0, k, 0, dimension);
  }

  /// Returns the index of the step that contains `t`; the later one where two meet. Cost: O(log
  /// steps).
  ///
  /// @throws IllegalArgumentException if `t` is outside the trajectory
  public int find(double t) {
    double start = start();
    double end = end();
    if (!(Math.min(start, end) <= t && t <= Math.max(start, end))) {
      throw new IllegalArgumentException(
          "Trajectory: time %s is outside [%s, %s], want a time that was solved for"
              .formatted(t, start, end));
    }
    boolean forward = start < end;
    int low = 0;
    int high = steps - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (forward ? entries[middle].t <= t : entries[middle].t >= t) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// Overwrites `y` with the dense output at `t`: the same numbers as [Step#interpolate].
  ///
  /// @throws IllegalArgumentException if `t` is outside the trajectory
  public void evaluate(double t, double[] y) {
    Entry entry = entries[find(t)];
    if (t == entry.t) {
      System.arraycopy(entry.y0, 0, y, 0, dimension);
    } else if (t == lastEnd) {
      copyLastState(y);
    } else {
      method.denseWeights((t - entry.t) / entry.h, weights);
      LinearCombination.sum(weights, entry.slopes, y);
      for (int j = 0; j < dimension; j++) {
        y[j] = entry.y0[j] + entry.h * y[j];
      }
    }
  }

  /// Overwrites `dydt` with the derivative of the dense output at `t`.
  ///
  /// @throws IllegalArgumentException if `t` is outside the trajectory
  public void derivative(double t, double[] dydt) {
    Entry entry = entries[find(t)];
    method.denseRates(t == entry.lastTime ? 1 : (t - entry.t) / entry.h, weights);
    LinearCombination.sum(weights, entry.slopes, dydt);
  }

  /// The number of bytes held, in use or kept for the next recording.
  public long bytes() {
    return 8 * (7L * entries.length + lastState.length + weights.length + numbers);
  }

  private Entry entry(int n) {
    if (n < 0 || n >= steps) {
      throw new IllegalArgumentException(
          "Trajectory: step %s of %s, want one from 0 to %s".formatted(n, steps, steps - 1));
    }
    return entries[n];
  }

  private void requireSteps() {
    if (steps == 0) {
      throw new IllegalStateException(
          "Trajectory: no steps recorded; pass it to withObserver and solve first");
    }
  }
}
