package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.Method;

/// The accepted steps of a solve, kept with their slopes: its dense output as a function of time,
/// and what a discrete adjoint walks back over.
///
/// Memory: `8 (1 + s) n` bytes per step for `n` components and `s` slopes. [#clear] keeps that
/// memory for the next recording, which then allocates nothing up to the size reached before.
/// Recorded steps must follow one another, as those of one solve do, or of several that go on from
/// each other. For one thread at a time, since looking up uses a workspace.
public final class Trajectory implements StepObserver {

  private Method method;
  private int dimension;
  private int steps;
  private double[] starts = new double[16];
  private double[] sizes = new double[16];
  private double[] firstTimes = new double[16];
  private double[] lastTimes = new double[16];
  private double[] plannedEnds = new double[16];
  private boolean[] freshSlopes = new boolean[16];

  /// Per step `y0`.
  private double[][] states = new double[16][];

  /// Per step the slopes `k_1 … k_s`.
  private double[][][] slopes = new double[16][][];

  private long inSteps;

  private double[] lastState = new double[0];
  private double lastEnd;
  private double[] weights = new double[0];
  private final Copy copy = new Copy();

  /// Of no steps, until a solve shows it some.
  public Trajectory() {}

  /// @throws IllegalStateException if the step does not follow the last one
  @Override
  public void accepted(Step step) {
    if (steps == 0) {
      begin(step);
    } else {
      requireNext(step);
    }
    if (steps == starts.length) {
      grow();
    }
    makeRoom(step.stages());
    copy.step = step;
    step.slope(0); // the caller alone may evaluate what only the dense output needs
    step.team().run(copy);
    copy.step = null;
    starts[steps] = step.t();
    sizes[steps] = step.h();
    firstTimes[steps] = step.stageTime(0);
    lastTimes[steps] = step.stageTime(1);
    plannedEnds[steps] = step.plannedEnd();
    freshSlopes[steps] = step.freshSlope();
    lastEnd = step.end();
    steps++;
  }

  /// The arrays of the next step are those of an earlier recording where they fit.
  private void makeRoom(int stages) {
    double[] state = states[steps];
    if (state != null && state.length == dimension && slopes[steps].length == stages) {
      return;
    }
    inSteps -= state == null ? 0 : (1L + slopes[steps].length) * state.length;
    states[steps] = new double[dimension];
    slopes[steps] = new double[stages][];
    for (int i = 0; i < stages; i++) {
      slopes[steps][i] = new double[dimension]; // several times as fast as new double[stages][n]
    }
    inSteps += (1L + stages) * dimension;
  }

  private void begin(Step step) {
    method = step.method();
    dimension = step.y0().length;
    if (lastState.length != dimension) {
      lastState = new double[dimension];
    }
    if (weights.length != step.stages()) {
      weights = new double[step.stages()];
    }
  }

  private void requireNext(Step step) {
    boolean sameKind = step.method() == method && step.y0().length == dimension;
    if (!sameKind || step.t() != lastEnd || step.h() > 0 != sizes[0] > 0) {
      throw new IllegalStateException(
          "Trajectory: a step of %s from %s by %s after one of %s ending at %s, want the next one; "
                  .formatted(step.method().name(), step.t(), step.h(), method.name(), lastEnd)
              + "clear() before another solve");
    }
  }

  /// Copies the arrays of a step, range by range.
  private final class Copy implements ThreadTeam.Work {
    private Step step;

    @Override
    public void part(int k, int parts) {
      int from = ThreadTeam.rangeStart(dimension, k, parts);
      int length = ThreadTeam.rangeStart(dimension, k + 1, parts) - from;
      System.arraycopy(step.y0(), from, states[steps], from, length);
      for (int i = 0; i < step.stages(); i++) {
        System.arraycopy(step.slope(i), from, slopes[steps][i], from, length);
      }
      System.arraycopy(step.y1(), from, lastState, from, length);
    }
  }

  private void grow() {
    int capacity = 2 * steps;
    starts = Arrays.copyOf(starts, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    firstTimes = Arrays.copyOf(firstTimes, capacity);
    lastTimes = Arrays.copyOf(lastTimes, capacity);
    plannedEnds = Arrays.copyOf(plannedEnds, capacity);
    freshSlopes = Arrays.copyOf(freshSlopes, capacity);
    states = Arrays.copyOf(states, capacity);
    slopes = Arrays.copyOf(slopes, capacity);
  }

  /// Forgets the steps and keeps their memory for the next recording.
  public void clear() {
    steps = 0;
  }

  /// Number of steps recorded.
  public int steps() {
    return steps;
  }

  /// The method that made the steps.
  public Method method() {
    requireSteps();
    return method;
  }

  /// Number of components of the state.
  public int dimension() {
    requireSteps();
    return dimension;
  }

  /// Where step `n` starts.
  public double t(int n) {
    return starts[requireStep(n)];
  }

  /// The signed size of step `n`.
  public double h(int n) {
    return sizes[requireStep(n)];
  }

  /// The time at which step `n` evaluated a stage with node `c`; see [Step#stageTime].
  public double stageTime(int n, double c) {
    requireStep(n);
    return c == 0 ? firstTimes[n] : c == 1 ? lastTimes[n] : starts[n] + c * sizes[n];
  }

  /// Whether step `n` took its first slope over from the step before; see [Step#freshSlope].
  public boolean reusesSlope(int n) {
    return !freshSlopes[requireStep(n)];
  }

  /// Where step `n` ends; exactly where the next one starts.
  public double end(int n) {
    return requireStep(n) + 1 < steps ? starts[n + 1] : lastEnd;
  }

  /// Where step `n` would have ended, had no event shortened it; see [Step#plannedEnd].
  public double plannedEnd(int n) {
    return plannedEnds[requireStep(n)];
  }

  /// Where the trajectory starts.
  public double start() {
    return t(0);
  }

  /// Where it ends; before its start if it was recorded backward.
  public double end() {
    return end(steps - 1);
  }

  /// Overwrites `y` with the state at the start of step `n`.
  public void copyState(int n, double[] y) {
    System.arraycopy(state(n), 0, y, 0, dimension);
  }

  /// The state at the start of step `n`: the record itself, to be read until the next solve, not
  /// changed or kept.
  public double[] state(int n) {
    return states[requireStep(n)];
  }

  /// The slopes `k_1 … k_s` of step `n`; to be read as [#state].
  public double[][] slopes(int n) {
    return slopes[requireStep(n)];
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

  /// Index of the step that contains `t`; the later one where two meet. Cost: O(log steps).
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
      boolean begun = forward ? starts[middle] <= t : starts[middle] >= t;
      if (begun) {
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
    int n = find(t);
    if (t == starts[n]) {
      copyState(n, y);
    } else if (t == lastEnd) {
      copyLastState(y);
    } else {
      double h = sizes[n];
      method.denseWeights((t - starts[n]) / h, weights);
      combine(slopes[n], y);
      for (int j = 0; j < dimension; j++) {
        y[j] = states[n][j] + h * y[j];
      }
    }
  }

  /// Overwrites `dydt` with the derivative of the dense output at `t`.
  ///
  /// @throws IllegalArgumentException if `t` is outside the trajectory
  public void derivative(double t, double[] dydt) {
    int n = find(t);
    method.denseRates(t == lastTimes[n] ? 1 : (t - starts[n]) / sizes[n], weights);
    combine(slopes[n], dydt);
  }

  /// `out = Σ weights_i k_i`.
  private void combine(double[][] k, double[] out) {
    Arrays.fill(out, 0, dimension, 0);
    for (int i = 0; i < weights.length; i++) {
      double weight = weights[i];
      double[] slope = k[i];
      for (int j = 0; j < dimension; j++) {
        out[j] += weight * slope[j];
      }
    }
  }

  /// Bytes held, whether in use or kept for the next recording.
  public long bytes() {
    return 8 * (6L * starts.length + lastState.length + weights.length + inSteps);
  }

  private int requireStep(int n) {
    if (n < 0 || n >= steps) {
      throw new IllegalArgumentException(
          "Trajectory: step %d of %d, want one from 0 to %d".formatted(n, steps, steps - 1));
    }
    return n;
  }

  private void requireSteps() {
    if (steps == 0) {
      throw new IllegalStateException(
          "Trajectory: no steps recorded; pass it to withObserver and solve first");
    }
  }
}
