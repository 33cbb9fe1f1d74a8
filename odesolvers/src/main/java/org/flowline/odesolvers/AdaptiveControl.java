package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.method.Method;

/// Steps as large as the tolerances allow; see [StepSize.Adaptive] for the equations.
///
/// No step ends outside the interval, and none is a sliver: the rest of the interval is taken whole
/// when it is hardly longer than a step, and in two halves when it is shorter than two.
final class AdaptiveControl implements StepControl {

  /// Factor after a step whose result or error is not finite.
  private static final double AFTER_NON_FINITE = 0.1;

  /// Factor after a step whose equations were not solved.
  private static final double AFTER_UNSOLVED = 0.25;

  /// The controller remembers no smaller error than this (as DOPRI5 does).
  private static final double LOG_SMALLEST_ERROR = Math.log(1e-4);

  /// The rest of the interval is taken whole up to this many steps.
  private static final double STRETCH = 1.01;

  /// From so many trials on, a solve that ended well is asked whether the field was stiff.
  private static final long MANY_TRIALS = 1000;

  private static final String START =
      "the field's value at the start is not finite; start inside its domain";

  private final StepSize.Adaptive size;
  private final Method method;
  private final Stepper stepper;
  private final ErrorNorm norm;
  private final int direction;
  private final double exponent;
  private final double gain;
  private final double memory;
  private final double olderMemory;

  /// Where a step must end: forced times within the interval, and its end, ascending.
  private final double[] targets;

  /// Those where the field jumps, ascending.
  private final double[] jumps;

  /// Index of the target ahead.
  private int ahead;

  /// Magnitude of the next step, before it is fitted to the interval.
  private double h;

  private double lastLogError = LOG_SMALLEST_ERROR;
  private double olderLogError = LOG_SMALLEST_ERROR;
  private boolean begun;
  private boolean rejected;
  private boolean unsolved;
  private long trials;

  /// Magnitude of the step last tried, before it was fitted to the interval.
  private double unfitted;

  private double stiffness = Double.NaN;
  private Reason obstacle = Reason.SUCCESS;

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
    this.memory = exponent * (gains.proportional() + 2 * gains.derivative());
    this.olderMemory = -exponent * gains.derivative();
    this.jumps = size.forced().jumps();
    Arrays.sort(jumps);
    this.targets = targets(size.forced(), t0, t1);
    this.ahead = direction > 0 ? 0 : targets.length - 1;
  }

  private static double[] targets(StepSize.Adaptive.Forced forced, double t0, double t1) {
    if (forced == StepSize.Adaptive.Forced.NONE) {
      return new double[] {t1};
    }
    double low = Math.min(t0, t1);
    double high = Math.max(t0, t1);
    DoubleStream times =
        DoubleStream.concat(Arrays.stream(forced.stops()), Arrays.stream(forced.jumps()))
            .filter(time -> low < time && time < high);
    return DoubleStream.concat(times, DoubleStream.of(t1)).sorted().distinct().toArray();
  }

  @Override
  public boolean aim(Step step) {
    if (targets[ahead] == step.t) {
      ahead += direction;
      begun &= !jumpsAt(step.t);
    }
    if (!begun) {
      begin(step);
    }
    if (trials == size.limits().maxSteps()) {
      obstacle = Reason.MAX_STEPS;
    }
    if (obstacle != Reason.SUCCESS) {
      return false;
    }
    double target = targets[ahead];
    double rest = Math.abs(target - step.t);
    double maxStep = size.limits().maxStep();
    h = Math.max(Math.min(h, maxStep), smallest(step));
    unfitted = h;
    double end = target;
    if (rest > h && (rest > STRETCH * h || rest > maxStep)) {
      end = step.t + direction * (rest < 2 * h ? rest / 2 : h);
    }
    step.aim(end - step.t, end);
    step.lastTime = lastTime(end);
    return true;
  }

  private void begin(Step step) {
    step.firstTime = direction < 0 && jumpsAt(step.t) ? Math.nextDown(step.t) : step.t;
    stepper.restart();
    if (Step.nonFinite(stepper.start(step)) >= 0) {
      obstacle = Reason.NON_FINITE_STATE;
      return;
    }
    double given = size.limits().initialStep();
    if (trials > 0 || given == 0) {
      double target = targets[ahead];
      double longest = Math.min(Math.abs(target - step.t), size.limits().maxStep());
      boolean whole = longest == Math.abs(target - step.t);
      step.aim(direction * longest, whole ? target : step.t + direction * longest);
      step.lastTime = lastTime(step.end);
      h = InitialStep.estimate(norm, stepper, step, exponent);
    } else {
      h = given;
    }
    begun = true;
  }

  /// Where `f` is evaluated at the end of a step: before the jump, if there is one.
  private double lastTime(double end) {
    return direction > 0 && jumpsAt(end) ? Math.nextDown(end) : end;
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
            * Math.exp(gain * logError + memory * lastLogError + olderMemory * olderLogError);
    double largest = rejected ? 1 : gains.maxFactor();
    h = Math.abs(step.h) * Math.clamp(factor, gains.minFactor(), largest);
    olderLogError = lastLogError;
    lastLogError = Math.max(logError, LOG_SMALLEST_ERROR);
  }

  private void shrink(Step step, double square) {
    StepSize.Adaptive.Gains gains = size.gains();
    double tried = Math.min(h, Math.abs(step.h));
    if (tried <= smallest(step)) {
      obstacle = unsolved ? Reason.NONLINEAR_SOLVER : Reason.STEP_SIZE_UNDERFLOW;
    }
    if (Double.isFinite(square)) {
      double factor = gains.safety() * Math.exp(-exponent * Math.log(square) / 2);
      h = tried * Math.max(factor, gains.minFactor());
    } else {
      h = tried * (unsolved ? AFTER_UNSOLVED : AFTER_NON_FINITE);
    }
  }

  /// A few units in the last place of `t`, so that stages stay apart, or the minimal step.
  private double smallest(Step step) {
    return Math.max(size.limits().minStep(), 4 * Math.ulp(step.t));
  }

  @Override
  public void restart(Step step) {
    begun = false;
    rejected = false;
    lastLogError = LOG_SMALLEST_ERROR;
    olderLogError = LOG_SMALLEST_ERROR;
  }

  @Override
  public double stiffness(Step step) {
    boolean asked =
        switch (obstacle) {
          case MAX_STEPS, STEP_SIZE_UNDERFLOW -> true;
          case SUCCESS -> trials >= MANY_TRIALS && !step.cancelled;
          default -> false;
        };
    stiffness = asked ? StiffnessHint.of(method, stepper.field(), step, unfitted) : Double.NaN;
    return stiffness;
  }

  @Override
  public boolean stuck() {
    return obstacle != Reason.SUCCESS;
  }

  @Override
  public Status failure(Step step, long steps) {
    double rtol = size.tolerance().tightest();
    int worst = norm.worst(step.errors, step.y0, step.y1);
    String minimal = size.limits().minStep() > 0 ? "; lower the minimal step" : "";
    return switch (obstacle) {
      case MAX_STEPS -> {
        String remedy = "loosen rtol (%s), or allow more than %d with withMaxSteps";
        yield Status.maxSteps(
            step,
            steps,
            worst,
            StiffnessHint.remedy(method, stiffness) + remedy.formatted(rtol, trials));
      }
      case STEP_SIZE_UNDERFLOW -> {
        String remedy =
            Double.isFinite(step.error)
                ? "the solution may blow up there, or the field be stiff or discontinuous; "
                    + StiffnessHint.remedy(method, stiffness)
                    + "loosen rtol (%s), or end the interval before".formatted(rtol)
                : "field or state are not finite beyond; end the interval before";
        yield Status.underflow(step, steps, worst, remedy + minimal);
      }
      case NONLINEAR_SOLVER ->
          Status.unsolved(
              step, steps, "the field may jump or have no slope there; see withJumps" + minimal);
      case NON_FINITE_STATE ->
          Status.nonFinite(step, steps, Step.nonFinite(stepper.start(step)), START);
      case SUCCESS, EVENT, CANCELLED ->
          throw new IllegalStateException("no obstacle: aim has not refused");
    };
  }

  @Override
  public double proposal() {
    return h;
  }

  @Override
  public double[] memory() {
    return new double[] {
      h, lastLogError, olderLogError, begun ? 1 : 0, rejected ? 1 : 0, trials, ahead
    };
  }

  @Override
  public void recall(double[] memory) {
    h = memory[0];
    lastLogError = memory[1];
    olderLogError = memory[2];
    begun = memory[3] != 0;
    rejected = memory[4] != 0;
    trials = (long) memory[5];
    ahead = (int) memory[6];
  }
}
