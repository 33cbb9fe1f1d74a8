package org.flowline.odesolvers;

/// Steps known beforehand: each stands if its result is finite, and none is repeated.
final class FixedControl implements StepControl {

  private final StepSize.Fixed size;
  private final double t0;
  private final double t1;
  private int nonFinite = -1;

  FixedControl(StepSize.Fixed size, double t0, double t1) {
    this.size = size;
    this.t0 = t0;
    this.t1 = t1;
    switch (size) {
      case StepSize.Constant constant -> requireEnd(constant, t0, t1);
      case StepSize.Grid grid -> requireEnds(grid, t0, t1);
    }
  }

  private static void requireEnd(StepSize.Constant constant, double t0, double t1) {
    double end = constant.end(t0);
    double scale = Math.max(Math.max(Math.abs(t0), Math.abs(t1)), Math.abs(t1 - t0));
    double miss = Math.abs(end - t1);
    if (!(miss <= 1e-12 * scale && miss <= Math.abs(constant.h()) / 2)) {
      throw new IllegalArgumentException(
          "solve: %d steps of %s from %s end at %s, want the last requested time %s"
                  .formatted(constant.steps(), constant.h(), t0, end, t1)
              + "; request end(t0), or use Grid");
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
  public boolean aim(Step step) {
    long next = step.index + 1;
    step.h = size.size(step.index);
    step.end = next == size.steps() ? t1 : size.node(t0, next);
    return nonFinite < 0 && step.end != step.t;
  }

  @Override
  public boolean accepts(Step step) {
    nonFinite = Step.nonFinite(step.y1);
    return nonFinite < 0;
  }

  @Override
  public Status failure(Step step, long steps) {
    return nonFinite < 0
        ? Status.underflow(step, steps, -1, "the steps vanish against t; shift the time's origin")
        : Status.nonFinite(step, steps, nonFinite, "try smaller steps, or an Adaptive step size");
  }
}
