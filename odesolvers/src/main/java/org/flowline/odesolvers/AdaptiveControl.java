package org.flowline.odesolvers;

import org.flowline.odesolvers.Status.Reason;

/// Steps as large as the tolerances allow; see [StepSize.Adaptive] for the equations.
///
/// No step ends outside the interval, and none is a sliver: the rest of the interval is taken whole
/// when it is hardly longer than a step, and in two halves when it is shorter than two.
final class AdaptiveControl implements StepControl {

  /// Factor after a step whose result or error is not finite.
  private static final double AFTER_NON_FINITE = 0.1;

  /// The controller remembers no smaller error than this (as DOPRI5 does).
  private static final double LOG_SMALLEST_ERROR = Math.log(1e-4);

  /// The rest of the interval is taken whole up to this many steps.
  private static final double STRETCH = 1.01;

  private static final String START =
      "the field's value at the start is not finite; start inside its domain";

  private final StepSize.Adaptive size;
  private final Stepper stepper;
  private final double t1;
  private final double exponent;
  private final double gain;
  private final double memory;

  /// Magnitude of the next step, before it is fitted to the interval.
  private double h;

  private double lastLogError = LOG_SMALLEST_ERROR;
  private boolean rejected;
  private long trials;
  private Reason obstacle = Reason.SUCCESS;

  AdaptiveControl(StepSize.Adaptive size, Stepper stepper, Method method, double t1) {
    this.size = size;
    this.stepper = stepper;
    this.t1 = t1;
    this.exponent = 1.0 / (Math.min(method.order(), method.embeddedOrder()) + 1);
    this.gain = -exponent * (size.gains().integral() + size.gains().proportional());
    this.memory = exponent * size.gains().proportional();
  }

  @Override
  public boolean aim(Step step) {
    if (trials == 0) {
      begin(step);
    }
    if (trials == size.limits().maxSteps()) {
      obstacle = Reason.MAX_STEPS;
    }
    if (obstacle != Reason.SUCCESS) {
      return false;
    }
    double rest = Math.abs(t1 - step.t);
    double maxStep = size.limits().maxStep();
    h = Math.max(Math.min(h, maxStep), smallest(step));
    if (rest <= h || (rest <= STRETCH * h && rest <= maxStep)) {
      step.end = t1;
    } else {
      step.end = step.t + Math.copySign(rest < 2 * h ? rest / 2 : h, t1 - step.t);
    }
    step.h = step.end - step.t;
    return true;
  }

  private void begin(Step step) {
    stepper.start(step);
    if (Step.nonFinite(step.k[0]) >= 0) {
      obstacle = Reason.NON_FINITE_STATE;
      return;
    }
    double given = size.limits().initialStep();
    h = given > 0 ? given : InitialStep.estimate(size, stepper, step, t1, exponent);
  }

  @Override
  public boolean accepts(Step step) {
    trials++;
    stepper.estimate(step);
    double square = meanSquareError(step);
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

  private void adapt(Step step, double logError) {
    StepSize.Adaptive.Gains gains = size.gains();
    double factor = gains.safety() * Math.exp(gain * logError + memory * lastLogError);
    double largest = rejected ? 1 : gains.maxFactor();
    h = Math.abs(step.h) * Math.clamp(factor, gains.minFactor(), largest);
    lastLogError = Math.max(logError, LOG_SMALLEST_ERROR);
  }

  private void shrink(Step step, double square) {
    StepSize.Adaptive.Gains gains = size.gains();
    double tried = Math.min(h, Math.abs(step.h));
    if (tried <= smallest(step)) {
      obstacle = Reason.STEP_SIZE_UNDERFLOW;
    }
    if (Double.isFinite(square)) {
      double factor = gains.safety() * Math.exp(-exponent * Math.log(square) / 2);
      h = tried * Math.max(factor, gains.minFactor());
    } else {
      h = tried * AFTER_NON_FINITE;
    }
  }

  /// A few units in the last place of `t`, so that stages stay apart, or the minimal step.
  private double smallest(Step step) {
    return Math.max(size.limits().minStep(), 4 * Math.ulp(step.t));
  }

  /// The square of the error norm; NaN if the result is not finite.
  private double meanSquareError(Step step) {
    double[] y0 = step.y0;
    double[] y1 = step.y1;
    double[] errors = step.errors;
    double rtol = size.rtol();
    double atol = size.atol();
    double sum = 0;
    double infinite = 0;
    for (int j = 0; j < errors.length; j++) {
      double ratio = errors[j] / (atol + rtol * Math.max(Math.abs(y0[j]), Math.abs(y1[j])));
      sum += ratio * ratio;
      infinite += 0 * y1[j];
    }
    return sum / errors.length + infinite;
  }

  private int worstComponent(Step step) {
    int worst = -1;
    double largest = -1;
    for (int j = 0; j < step.errors.length; j++) {
      double scale = Math.max(Math.abs(step.y0[j]), Math.abs(step.y1[j]));
      double ratio = Math.abs(step.errors[j]) / (size.atol() + size.rtol() * scale);
      if (Double.isNaN(ratio)) {
        return j;
      }
      if (ratio > largest) {
        largest = ratio;
        worst = j;
      }
    }
    return worst;
  }

  @Override
  public Status failure(Step step, long steps) {
    return switch (obstacle) {
      case MAX_STEPS -> {
        String remedy = "loosen rtol (%s), or allow more than %d with withMaxSteps";
        int worst = worstComponent(step);
        yield Status.maxSteps(step, steps, worst, remedy.formatted(size.rtol(), trials));
      }
      case STEP_SIZE_UNDERFLOW -> {
        String remedy =
            Double.isFinite(step.error)
                ? "the solution may blow up there, or the field be stiff or discontinuous; "
                    + "loosen rtol (%s), or end the interval before".formatted(size.rtol())
                : "field or state are not finite beyond; end the interval before";
        String minimal = size.limits().minStep() > 0 ? "; lower the minimal step" : "";
        yield Status.underflow(step, steps, worstComponent(step), remedy + minimal);
      }
      case NON_FINITE_STATE -> Status.nonFinite(step, steps, Step.nonFinite(step.k[0]), START);
      case SUCCESS -> throw new IllegalStateException("no obstacle: aim has not refused");
    };
  }
}
