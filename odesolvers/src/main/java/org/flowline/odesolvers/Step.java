package org.flowline.odesolvers;

import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Method;

/// One step `y0 ↦ y1` from `t` to `end`, tried or accepted, with its slopes `k_i` and dense output
///
///     y(t + θh) = y0 + h Σ b_i(θ) k_i
///
/// A view of the integrator's workspace, valid only during the call of the [StepObserver]: the next
/// step overwrites it. Its arrays must be neither modified nor kept.
public final class Step {

  // The workspace, which the loop, the stepper and the control write.

  double t;
  double h;
  double end;

  /// The end of the step if no event had shortened it.
  private double plannedEnd;

  /// The times at which stages with `c = 0` and `c = 1` are evaluated: `t` and `end`, except at
  /// jumps of the field.
  double firstTime;

  double lastTime;
  double error = Double.NaN;
  long index;
  boolean cancelled;

  /// True if the field is another one after this step.
  boolean jumped;

  /// True if the slope at the start was evaluated for this step, not taken from the last one.
  boolean freshSlope;
  double[] y0;
  double[] y1;

  /// A buffer for the end of a step that an event shortens; null until the first event.
  private double[] spare;

  final double[][] k;

  /// Estimated errors `h Σ (b_i − b̂_i) k_i`, if the control uses them.
  final double[] errors;

  /// Estimated errors by the second embedded solution, if the method has one.
  final double[] coarseErrors;

  private final Method method;
  private final Stepper stepper;
  private final LinearCombination dense;

  /// True if the slopes that only the dense output needs are evaluated.
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

  /// The threads that share the work on its arrays.
  ThreadTeam team() {
    return stepper.field().team().on(y0.length);
  }

  /// The method of the step.
  public Method method() {
    return method;
  }

  /// The number of steps accepted before this one.
  public long index() {
    return index;
  }

  /// The time at the start.
  public double t() {
    return t;
  }

  /// The signed step size; negative in a backward solve.
  public double h() {
    return h;
  }

  /// The exact end: `t + h` up to rounding, or the time of an [Event] before that.
  public double end() {
    return end;
  }

  /// The end the step would have without an [Event]: `t + h` up to rounding.
  public double plannedEnd() {
    return plannedEnd;
  }

  /// The state at `t`.
  public double[] y0() {
    return y0;
  }

  /// The state at `end`.
  public double[] y1() {
    return y1;
  }

  /// The slope `k_i`, counted from 0. Slopes that only the dense output needs are evaluated at the
  /// first call.
  public double[] slope(int i) {
    complete();
    return k[i];
  }

  /// The time at which a stage with node `c` is evaluated: `t + c h`, exactly the ends for `c = 0`
  /// and `c = 1`, and at a jump of the field the neighbouring number on the side of the step.
  public double stageTime(double c) {
    return c == 0 ? firstTime : c == 1 ? lastTime : t + c * h;
  }

  /// Returns whether the slope at the start was evaluated for this step; otherwise it is the last
  /// slope of the step before, as in methods that are [ButcherTableau#fsal].
  public boolean freshSlope() {
    return freshSlope;
  }

  /// Ends the solve after this step, with the status `CANCELLED`; see [Integrator#resume].
  public void cancel() {
    cancelled = true;
  }

  /// Declares that the field is another one after this step: the next step reuses no slope and no
  /// estimate of earlier steps. For jumps at times known beforehand see
  /// [StepSize.Adaptive#withJumps].
  public void fieldJumps() {
    jumped = true;
  }

  /// `f` at the start, which costs an evaluation if the method does not take it.
  double[] startSlope() {
    return stepper.startSlope().at(this);
  }

  /// Evaluates the field at any state.
  void evaluate(double time, double[] y, double[] dydt) {
    stepper.field().evaluate(time, y, dydt);
  }

  private void complete() {
    if (!complete) {
      stepper.complete(this);
      complete = true;
    }
  }

  /// The norm of the error estimate in units of the tolerance, at most 1 if accepted; NaN for fixed
  /// step sizes.
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
    method.denseRates(time == end && end == plannedEnd ? 1 : (time - t) / h, rates);
    LinearCombination.sum(rates, k, dydt);
  }

  private void requireInside(double time) {
    if (!(Math.min(t, end) <= time && time <= Math.max(t, end))) {
      throw new IllegalArgumentException(
          "step: time %s is outside [%s, %s]; use a Trajectory for other times"
              .formatted(time, t, end));
    }
  }

  /// Sets the next trial step: of size `h`, to `end`.
  void plan(double h, double end) {
    this.h = h;
    this.end = end;
    this.plannedEnd = end;
    this.lastTime = end;
    this.complete = false;
  }

  /// Ends the step early, at `time`, with the state of the dense output there.
  void shorten(double time) {
    if (spare == null) {
      spare = new double[y0.length];
    }
    interpolate(time, spare);
    double[] full = y1;
    y1 = spare;
    spare = full;
    end = time;
  }

  boolean shortened() {
    return end != plannedEnd;
  }

  /// Turns this step into the next one, from the end of this one.
  void next() {
    double[] free = y0;
    y0 = y1;
    y1 = free;
    t = end;
    firstTime = end;
    freshSlope = false;
    index++;
  }

  /// Returns the index of the first component of `y` that is not finite; −1 if all are.
  static int nonFinite(double[] y) {
    // 0·x is NaN exactly if x is not finite; four sums hide the latency of additions.
    double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
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
