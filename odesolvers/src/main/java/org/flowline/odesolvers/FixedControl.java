package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.Breakpoints;

/// Controls steps known beforehand: each is accepted if its result is finite, and none is repeated.
final class FixedControl implements StepControl {

  /// The largest distance of a forced time from a node with which it is one, in units of the step.
  private static final double NO_STEP = 1e-9;

  private final StepSize.Fixed size;
  private final double t0;
  private final double t1;
  private final Stepper stepper;
  private final int direction;

  /// Forced times and breakpoints within the interval, and its end, ascending.
  private final double[] targets;

  private final double[] jumps;
  private final Breakpoints breakpoints;

  /// True if there are no jumps and breakpoints.
  private final boolean smooth;

  /// The index of the next target.
  private int target;

  /// True if the last step ended at a node, or would have without an event.
  private boolean atNode = true;

  /// The number of the next step.
  private long next;

  private int nonFinite = -1;
  private Reason failure = Reason.SUCCESS;

  FixedControl(StepSize.Fixed size, Stepper stepper, double t0, double t1) {
    this.size = size;
    this.stepper = stepper;
    this.direction = t1 > t0 ? 1 : -1;
    this.breakpoints = stepper.field().breakpoints();
    this.targets = AdaptiveControl.targets(size.forced(), breakpoints, t0, t1);
    this.target = direction > 0 ? 0 : targets.length - 1;
    this.jumps = size.forced().jumps();
    Arrays.sort(jumps);
    this.smooth = jumps.length == 0 && breakpoints.isEmpty();
    this.t0 = t0;
    this.t1 = t1;
    if (t0 != t1) { // a solve of length 0 takes no step
      switch (size) {
        case StepSize.Constant constant -> requireEnd(constant, t0, t1);
        case StepSize.Grid grid -> requireEnds(grid, t0, t1);
      }
    }
  }

  private static void requireEnd(StepSize.Constant constant, double t0, double t1) {
    double end = constant.end(t0);
    double scale = Math.max(Math.max(Math.abs(t0), Math.abs(t1)), Math.abs(t1 - t0));
    double miss = Math.abs(end - t1);
    if (!(miss <= 1e-12 * scale && miss <= Math.abs(constant.h()) / 2)) {
      throw new IllegalArgumentException(
          "solve: %s steps of %s from %s end at %s, want the last requested time %s; request end(t0), or use Grid"
              .formatted(constant.steps(), constant.h(), t0, end, t1));
    }
  }

  private static void requireEnds(StepSize.Grid grid, double t0, double t1) {
    double first = grid.node(t0, 0);
    double last = grid.node(t0, grid.steps());
    if (first != t0 || last != t1) {
      throw new IllegalArgumentException(
          "solve: the grid runs from %s to %s, want the requested interval from %s to %s"
              .formatted(first, last, t0, t1));
    }
  }

  @Override
  public boolean proposeStep(Step step) {
    if (failure != Reason.SUCCESS) {
      return false;
    }
    if (!smooth) {
      step.firstTime = breakpoints.beside(step.t, direction);
      if (jumpsAt(step.t)) {
        stepper.restart();
        step.firstTime = direction < 0 ? Math.nextDown(step.t) : step.firstTime;
      } else if (breakpoints.jumpsAt(step.t)) {
        stepper.restartSlope();
      }
    }
    double node = node(Math.min(next + 1, size.steps()));
    double h = size.size(Math.min(next, size.steps() - 1));
    double end = node;
    if (targets.length > 1) {
      if (step.t == targets[target]) {
        target += direction;
      }
      double beyond = (end - targets[target]) * direction;
      atNode = beyond <= NO_STEP * Math.abs(h);
      end = !atNode || beyond >= -NO_STEP * Math.abs(h) ? targets[target] : end;
    }
    boolean whole = end == node && step.t == node(next);
    step.plan(whole ? h : end - step.t, end); // the rest of a step, if it was divided
    if (!smooth) {
      boolean before = direction > 0 && jumpsAt(end);
      step.lastTime = before ? Math.nextDown(end) : breakpoints.beside(end, -direction);
    }
    return step.end != step.t;
  }

  private boolean jumpsAt(double time) {
    return Arrays.binarySearch(jumps, time) >= 0;
  }

  private double node(long n) {
    return n == 0 ? t0 : n == size.steps() ? t1 : size.node(t0, n);
  }

  @Override
  public boolean accepts(Step step, boolean solved) {
    nonFinite = Step.nonFinite(step.y1);
    if (!solved) {
      failure = Reason.NONLINEAR_SOLVER;
    } else if (nonFinite >= 0) {
      failure = Reason.NON_FINITE_STATE;
    } else if (atNode) {
      next++;
    }
    return failure == Reason.SUCCESS;
  }

  @Override
  public void restart(Step step) {
    if (step.shortened() && atNode) {
      next--; // its rest is still to be done
    }
  }

  @Override
  public boolean stuck() {
    return failure != Reason.SUCCESS;
  }

  @Override
  public Status failure(Step step, long steps) {
    String remedy = "try smaller steps, or an Adaptive step size";
    return switch (failure) {
      case NONLINEAR_SOLVER ->
          Status.of(
              failure,
              step,
              steps,
              -1,
              remedy + "; a Grid from another solve does not follow where this one changes fast");
      case NON_FINITE_STATE -> Status.of(failure, step, steps, nonFinite, remedy);
      default ->
          Status.of(
              Reason.STEP_SIZE_UNDERFLOW,
              step,
              steps,
              -1,
              "the steps vanish against t; shift the time's origin");
    };
  }

  @Override
  public double[] saveState() {
    return new double[] {next, target};
  }

  @Override
  public void restoreState(double[] state) {
    next = (long) state[0];
    target = (int) state[1];
  }
}
