package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Method;

/// One step `y0 ↦ y1` from `t` to `end`, tried or accepted, with its slopes `k_i` and dense output
///
///     y(t + θh) = y0 + h Σ b_i(θ) k_i
///
/// A view of the integrator's workspace, valid during the call of the [StepObserver] only: the
/// next step overwrites it. Its arrays are to be read, not changed or kept.
public final class Step {

  /// The workspace proper; the loop, the stepper and the control write it.
  double t;
  double h;
  double end;

  /// Where the step would end if no event had shortened it.
  private double whole;

  /// Where stages with `c = 0` and `c = 1` are evaluated: `t` and `end`, but for jumps of the
  /// field.
  double firstTime;

  double lastTime;
  double error = Double.NaN;
  long index;
  boolean cancelled;

  /// Whether the field is another one behind this step.
  boolean jumped;

  /// Whether the slope at the start was evaluated for this step, not taken over from the last one.
  boolean freshSlope;
  double[] y0;
  double[] y1;

  /// Room for the end of a step that an event shortens; null until one does.
  private double[] spare;

  final double[][] k;

  /// Estimated errors `h Σ (b_i − b̂_i) k_i`, where the control asked for them.
  final double[] errors;

  /// Those of the second embedded solution, if the method has one.
  final double[] coarseErrors;

  private final Method method;
  private final Stepper stepper;
  private final LinearCombination dense;

  /// Whether the slopes that only the dense output needs are there.
  private boolean complete;

  Step(Method method, Stepper stepper, double t, double[] y0) {
    this.method = method;
    this.stepper = stepper;
    this.t = t;
    this.end = t;
    this.firstTime = t;
    this.lastTime = t;
    this.y0 = y0.clone();
    this.y1 = y0.clone();
    this.k = new double[method.stages()][];
    for (int i = 0; i < k.length; i++) {
      k[i] = new double[y0.length]; // several times as fast as new double[stages][n]
    }
    this.errors = new double[method.embedded() ? y0.length : 0];
    boolean coarse = method instanceof ButcherTableau tableau && tableau.coarse();
    this.coarseErrors = new double[coarse ? y0.length : 0];
    this.dense = LinearCombination.ofAll(method.stages());
  }

  /// Who shares the work on its arrays.
  ThreadTeam team() {
    return stepper.field().team().on(y0.length);
  }

  /// The method that made it.
  public Method method() {
    return method;
  }

  /// Number of steps accepted before this one.
  public long index() {
    return index;
  }

  /// Where the step starts.
  public double t() {
    return t;
  }

  /// Signed step size; negative when going backward.
  public double h() {
    return h;
  }

  /// Where the step ends, exactly; `t + h` but for rounding, or before, at an [Event].
  public double end() {
    return end;
  }

  /// Where the step would end, had no [Event] shortened it; what [#h] leads to.
  public double plannedEnd() {
    return whole;
  }

  /// The state at `t`.
  public double[] y0() {
    return y0;
  }

  /// The state at `end`.
  public double[] y1() {
    return y1;
  }

  /// Number of slopes.
  public int stages() {
    return k.length;
  }

  /// The slope `k_i`, counted from 0. Those that only the dense output needs are evaluated when
  /// first asked for.
  public double[] slope(int i) {
    complete();
    return k[i];
  }

  /// The time at which a stage with node `c` is evaluated: `t + c h`, and exactly the ends for `c =
  /// 0` and `c = 1`; but on its own side of a time where the field jumps.
  public double stageTime(double c) {
    return c == 0 ? firstTime : c == 1 ? lastTime : t + c * h;
  }

  /// Whether the slope at the start was evaluated for this step, instead of being the last slope of
  /// the step before, as it can be for methods that are [ButcherTableau#fsal].
  public boolean freshSlope() {
    return freshSlope;
  }

  /// Ends the solve after this step, with the status `CANCELLED`; see [Integrator#resume].
  public void cancel() {
    cancelled = true;
  }

  /// Says that the field is another one behind this step: the next one takes no slope over, and
  /// nothing that was learnt of the field before. For jumps at times known beforehand see
  /// [StepSize.Adaptive#withJumps].
  public void fieldJumps() {
    jumped = true;
  }

  private void complete() {
    if (!complete) {
      stepper.complete(this);
      complete = true;
    }
  }

  /// Norm of the error estimate in units of the tolerance, at most 1 if accepted; NaN for step
  /// sizes that do not look at it.
  public double error() {
    return error;
  }

  /// Overwrites `y` with the dense output at `time`; exactly `y0` and `y1` at the ends.
  ///
  /// @throws IllegalArgumentException if `time` is outside the step
  public void interpolate(double time, double[] y) {
    requireInside(time);
    if (time == end) {
      System.arraycopy(y1, 0, y, 0, y1.length);
    } else if (time == t) {
      System.arraycopy(y0, 0, y, 0, y0.length);
    } else {
      complete();
      method.denseWeights((time - t) / h, dense.weights());
      dense.apply(y0, h, k, y);
    }
  }

  /// Overwrites `dydt` with the derivative of the dense output at `time`.
  ///
  /// @throws IllegalArgumentException if `time` is outside the step
  public void derivative(double time, double[] dydt) {
    requireInside(time);
    complete();
    double[] rates = dense.weights();
    method.denseRates(time == end && end == whole ? 1 : (time - t) / h, rates);
    Arrays.fill(dydt, 0);
    for (int i = 0; i < k.length; i++) {
      for (int j = 0; j < dydt.length; j++) {
        dydt[j] += rates[i] * k[i][j];
      }
    }
  }

  private void requireInside(double time) {
    if (!(Math.min(t, end) <= time && time <= Math.max(t, end))) {
      throw new IllegalArgumentException(
          "step: time %s is outside [%s, %s]; ask a Trajectory for other times"
              .formatted(time, t, end));
    }
  }

  /// Sets what to try next: a step of `h` to `end`.
  void aim(double h, double end) {
    this.h = h;
    this.end = end;
    this.whole = end;
    this.lastTime = end;
    this.complete = false;
  }

  /// Ends the step early, at `time`, with the state of the dense output there.
  void shorten(double time) {
    if (spare == null) {
      spare = new double[y0.length];
    }
    interpolate(time, spare);
    double[] whole = y1;
    y1 = spare;
    spare = whole;
    end = time;
  }

  boolean shortened() {
    return end != whole;
  }

  /// Makes room for the next step: what was the end is the start.
  void advance() {
    double[] start = y0;
    y0 = y1;
    y1 = start;
    t = end;
    firstTime = end;
    freshSlope = false;
    index++;
  }

  /// Index of the first component of `y` that is not finite; −1 if all are.
  static int nonFinite(double[] y) {
    // 0·x is NaN exactly if x is not finite; four sums at once keep the adders busy.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int j = 0;
    for (; j + 3 < y.length; j += 4) {
      sum0 += 0 * y[j];
      sum1 += 0 * y[j + 1];
      sum2 += 0 * y[j + 2];
      sum3 += 0 * y[j + 3];
    }
    for (; j < y.length; j++) {
      sum0 += 0 * y[j];
    }
    return sum0 + sum1 + (sum2 + sum3) == 0 ? -1 : firstNonFinite(y);
  }

  private static int firstNonFinite(double[] y) {
    int j = 0;
    while (Double.isFinite(y[j])) {
      j++;
    }
    return j;
  }
}
