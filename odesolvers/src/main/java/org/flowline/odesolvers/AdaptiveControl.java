package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.method.Method;

/// Controls steps as large as the tolerances allow; see [StepSize.Adaptive] for the equations.
///
/// No step ends outside the interval, and none is much shorter than the one before: the rest of the
/// interval is one step if it is hardly longer than a step, and two halves if it is shorter than
/// two.
final class AdaptiveControl implements StepControl {

  /// The factor after a step whose result or error is not finite.
  private static final double AFTER_NON_FINITE = 0.1;

  /// The factor after a step whose equations were not solved.
  private static final double AFTER_UNSOLVED = 0.25;

  /// The smallest error the controller remembers (as DOPRI5 does).
  private static final double LOG_SMALLEST_ERROR = Math.log(1e-4);

  /// The longest rest of the interval that is one step, in units of the step.
  private static final double STRETCH = 1.01;

  /// The number of trials from which on a successful solve estimates the stiffness.
  private static final long MANY_TRIALS = 1000;

  /// The norm below which a vector does not determine the scale of the solution.
  private static final double VAGUE = 1e-5;

  private final StepSize.Adaptive size;
  private final Method method;
  private final Stepper stepper;
  private final ErrorNorm norm;
  private final int direction;
  private final double exponent;
  private final double gain;
  private final double lastGain;
  private final double olderGain;

  /// Times at which a step must end: forced times within the interval, and its end, ascending.
  private final double[] targets;

  /// Times at which the field jumps, as the step size says, ascending.
  private final double[] jumps;

  /// Times at which the field is not smooth, as the field says.
  private final Breakpoints breakpoints;

  /// The index of the next target.
  private int target;

  /// The magnitude of the next step, before it is fitted to the interval.
  private double h;

  private double lastLogError = LOG_SMALLEST_ERROR;
  private double olderLogError = LOG_SMALLEST_ERROR;
  /// True if `h` is known: not at the beginning and after jumps.
  private boolean scaled;

  private boolean rejected;
  private boolean unsolved;
  private long trials;

  /// The magnitude of the last trial step, before it was fitted to the interval.
  private double unfitted;

  private double stiffness = Double.NaN;
  private Reason failure = Reason.SUCCESS;

  AdaptiveControl(StepSize.Adaptive size, Stepper stepper, Method method, double t0, double t1) {
    StepSize.Adaptive.Gains gains = size.gains();
    this.size = size;
    this.method = method;
    this.stepper = stepper;
    this.norm =
        new ErrorNorm(size.tolerance(), stepper.field().dimension(), stepper.field().team());
    this.direction = t1 > t0 ? 1 : -1;
    this.exponent = 1.0 / method.errorOrder();
    this.gain = -exponent * (gains.integral() + gains.proportional() + gains.derivative());
    this.lastGain = exponent * (gains.proportional() + 2 * gains.derivative());
    this.olderGain = -exponent * gains.derivative();
    this.jumps = size.forced().jumps();
    Arrays.sort(jumps);
    this.breakpoints = stepper.field().breakpoints();
    this.targets = targets(size.forced(), breakpoints, t0, t1);
    this.target = direction > 0 ? 0 : targets.length - 1;
  }

  /// Returns the forced times and breakpoints within an interval and its end, ascending.
  static double[] targets(
      StepSize.Adaptive.Forced forced, Breakpoints breakpoints, double t0, double t1) {
    if (forced == StepSize.Adaptive.Forced.NONE && breakpoints.isEmpty()) {
      return new double[] {t1};
    }
    double low = Math.min(t0, t1);
    double high = Math.max(t0, t1);
    DoubleStream times =
        DoubleStream.concat(Arrays.stream(forced.stops()), Arrays.stream(forced.jumps()))
            .filter(time -> low < time && time < high);
    DoubleStream all = DoubleStream.concat(times, breakpoints.between(low, high));
    return DoubleStream.concat(all, DoubleStream.of(t1)).sorted().distinct().toArray();
  }

  @Override
  public boolean proposeStep(Step step) {
    if (targets[target] == step.t) {
      target += direction;
      scaled &= !jumpsAt(step.t) && !breakpoints.jumpsAt(step.t);
      step.firstTime = firstTime(step.t);
    }
    if (!scaled) {
      setInitialStep(step);
    }
    int passed = breakpoints.isEmpty() ? 0 : direction > 0 ? target : targets.length - 1 - target;
    if (trials - passed >= size.limits().maxSteps()) {
      failure = Reason.MAX_STEPS;
    }
    if (failure != Reason.SUCCESS) {
      return false;
    }
    double rest = Math.abs(targets[target] - step.t);
    double maxStep = size.limits().maxStep();
    h = Math.max(Math.min(h, maxStep), smallest(step));
    unfitted = h;
    double end = targets[target];
    if (rest > h && (rest > STRETCH * h || rest > maxStep)) {
      end = step.t + direction * (rest < 2 * h ? rest / 2 : h);
    }
    plan(step, end);
    return true;
  }

  private void plan(Step step, double end) {
    step.plan(end - step.t, end);
    step.lastTime = lastTime(end);
  }

  private void setInitialStep(Step step) {
    step.firstTime = firstTime(step.t);
    if (breakpoints.jumpsAt(step.t)) {
      stepper.restartSlope();
    } else {
      stepper.restart();
    }
    if (Step.nonFinite(stepper.startSlope().at(step)) >= 0) {
      failure = Reason.NON_FINITE_STATE;
      return;
    }
    h = size.limits().initialStep();
    if (trials > 0 || h == 0) {
      double rest = Math.abs(targets[target] - step.t);
      double longest = Math.min(rest, size.limits().maxStep());
      step.plan(
          direction * longest, longest == rest ? targets[target] : step.t + direction * longest);
      step.lastTime = lastTime(step.end);
      h = estimateInitialStep(step);
    }
    scaled = true;
  }

  /// Returns a first step of at most `step.h` by one explicit Euler step, Hairer, Nørsett & Wanner
  /// (1993), II.4:
  ///
  ///     h0 = 0.01 ‖y0‖/‖f0‖
  ///     h1 = (0.01 / max(‖f0‖, ‖f1 − f0‖/h0))^{1/k}
  ///     h  = min(50 h0, h1)
  ///
  /// with norms in units of the tolerance. Not `100 h0`, as in the book: there `hλ = −1` for `y' =
  /// λy`, where the error estimate of BOSH3 is 0. Costs one evaluation, within the interval; `y1`
  /// and the errors of the step serve as workspace.
  private double estimateInitialStep(Step step) {
    double longest = Math.abs(step.h);
    double[] y0 = step.y0;
    double[] f0 = stepper.startSlope().at(step);
    double[] y1 = step.y1;
    double[] f1 = step.errors;
    double sizeOfState = Math.sqrt(norm.square(y0, y0, y0));
    double slope = Math.sqrt(norm.square(f0, y0, y0));
    double unknown = Math.min(1e-6, 1e-3 * longest);
    double h0 = sizeOfState < VAGUE || slope < VAGUE ? unknown : 0.01 * sizeOfState / slope;
    h0 = h0 > 0 ? Math.min(h0, longest) : unknown; // norms may overflow

    double signed = Math.copySign(h0, step.h);
    for (int j = 0; j < y0.length; j++) {
      y1[j] = y0[j] + signed * f0[j];
    }
    stepper.field().evaluate(h0 < longest ? step.t + signed : step.lastTime, y1, f1);
    for (int j = 0; j < y0.length; j++) {
      f1[j] -= f0[j];
    }
    double steepest = Math.max(slope, Math.sqrt(norm.square(f1, y0, y0)) / h0);
    if (!Double.isFinite(steepest)) {
      return h0 * 1e-3;
    }
    double h1 =
        steepest <= 1e-15 ? Math.max(unknown, h0 * 1e-3) : Math.pow(0.01 / steepest, exponent);
    return Math.min(Math.min(50 * h0, h1), longest);
  }

  /// Returns the time at which `f` is evaluated at the start of a step: after a jump or a kink.
  private double firstTime(double start) {
    return direction < 0 && jumpsAt(start)
        ? Math.nextDown(start)
        : breakpoints.beside(start, direction);
  }

  /// Returns the time at which `f` is evaluated at the end of a step: before a jump or a kink.
  private double lastTime(double end) {
    return direction > 0 && jumpsAt(end) ? Math.nextDown(end) : breakpoints.beside(end, -direction);
  }

  private boolean jumpsAt(double time) {
    return jumps.length > 0 && Arrays.binarySearch(jumps, time) >= 0;
  }

  @Override
  public boolean accepts(Step step, boolean solved) {
    trials++;
    unsolved = !solved;
    double square = solved ? squareError(step) : Double.NaN;
    step.error = Math.sqrt(square);
    boolean accepted = square <= 1;
    if (accepted) {
      adapt(step, Math.log(square) / 2);
    } else {
      shrink(step, square);
    }
    rejected = !accepted;
    return accepted;
  }

  private double squareError(Step step) {
    stepper.estimate(step);
    double square = norm.square(step.errors, step.y0, step.y1);
    if (step.coarseErrors.length == 0 || square == 0) {
      return square;
    }
    double coarse = norm.square(step.coarseErrors, step.y0, step.y1);
    return square * square / (square + 0.01 * coarse);
  }

  private void adapt(Step step, double logError) {
    StepSize.Adaptive.Gains gains = size.gains();
    double factor =
        gains.safety()
            * Math.exp(gain * logError + lastGain * lastLogError + olderGain * olderLogError);
    double largest = rejected ? 1 : gains.maxFactor();
    h = Math.abs(step.h) * Math.clamp(factor, gains.minFactor(), largest);
    olderLogError = lastLogError;
    lastLogError = Math.max(logError, LOG_SMALLEST_ERROR);
  }

  private void shrink(Step step, double square) {
    StepSize.Adaptive.Gains gains = size.gains();
    double tried = Math.min(h, Math.abs(step.h));
    if (tried <= smallest(step)) {
      failure = unsolved ? Reason.NONLINEAR_SOLVER : Reason.STEP_SIZE_UNDERFLOW;
    }
    if (Double.isFinite(square)) {
      double factor = gains.safety() * Math.exp(-exponent * Math.log(square) / 2);
      h = tried * Math.max(factor, gains.minFactor());
    } else {
      h = tried * (unsolved ? AFTER_UNSOLVED : AFTER_NON_FINITE);
    }
  }

  /// Returns a few units in the last place of `t`, so that stages stay apart, or the minimal step.
  private double smallest(Step step) {
    return Math.max(size.limits().minStep(), 4 * Math.ulp(step.t));
  }

  @Override
  public void restart(Step step) {
    scaled = false;
    rejected = false;
    lastLogError = LOG_SMALLEST_ERROR;
    olderLogError = LOG_SMALLEST_ERROR;
  }

  @Override
  public double stiffness(Step step) {
    boolean wanted =
        switch (failure) {
          case MAX_STEPS, STEP_SIZE_UNDERFLOW -> true;
          case SUCCESS -> trials >= MANY_TRIALS && !step.cancelled;
          default -> false;
        };
    stiffness =
        wanted ? SpectralRadius.stiffness(method, stepper.field(), step, unfitted) : Double.NaN;
    return stiffness;
  }

  @Override
  public boolean stuck() {
    return failure != Reason.SUCCESS;
  }

  @Override
  public Status failure(Step step, long steps) {
    double rtol = size.tolerance().tightest();
    String stiff = SpectralRadius.remedy(method, stiffness);
    String minimal = size.limits().minStep() > 0 ? "; lower the minimal step" : "";
    String remedy =
        switch (failure) {
          case MAX_STEPS ->
              stiff
                  + "loosen rtol (%s), or allow more than %s with withMaxSteps"
                      .formatted(rtol, trials);
          case STEP_SIZE_UNDERFLOW ->
              (Double.isFinite(step.error)
                      ? "the solution may blow up there, or the field be stiff or discontinuous; %sloosen rtol (%s), or end the interval before"
                          .formatted(stiff, rtol)
                      : "field or state are not finite beyond; end the interval before")
                  + minimal;
          case NONLINEAR_SOLVER ->
              "the field may jump or have no slope there; see withJumps" + minimal;
          default -> "the field's value at the start is not finite; start inside its domain";
        };
    int worst =
        switch (failure) {
          case NONLINEAR_SOLVER -> -1;
          case NON_FINITE_STATE -> Step.nonFinite(stepper.startSlope().at(step));
          default -> norm.worst(step.errors, step.y0, step.y1);
        };
    return Status.of(failure, step, steps, worst, remedy);
  }

  @Override
  public double proposal() {
    return h;
  }

  @Override
  public double[] saveState() {
    return new double[] {
      h, lastLogError, olderLogError, scaled ? 1 : 0, rejected ? 1 : 0, trials, target
    };
  }

  @Override
  public void restoreState(double[] state) {
    h = state[0];
    lastLogError = state[1];
    olderLogError = state[2];
    scaled = state[3] != 0;
    rejected = state[4] != 0;
    trials = (long) state[5];
    target = (int) state[6];
  }
}
