package org.flowline.odesolvers;

import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.field.VectorField;

/// The state of one solve, between the loop's steps.
final class SolverState {

  final Samples samples;
  final Step step;
  final Stepper stepper;
  final StepControl control;
  final EventDetector detector;
  long rejected;
  double lastStep;

  /// The first component of the state that is not finite, initially or after an event; −1 if none.
  private int nonFinite;

  private String remedy = "start from a finite y0";

  SolverState(Integrator integrator, VectorField field, Samples samples, double[] y0) {
    if (field instanceof StochasticField stochastic) {
      stochastic.path().requireCovered(samples.start(), samples.end());
    }
    this.samples = samples;
    this.stepper = Stepper.of(integrator.method(), field, integrator.stepSize());
    this.step = new Step(integrator.method(), stepper, samples.start(), y0);
    this.control =
        stepper.control(integrator.stepSize(), integrator.method(), samples.start(), samples.end());
    this.detector = new EventDetector(integrator.events(), y0.length);
    this.nonFinite = Step.nonFinite(y0);
  }

  void restoreState(Checkpoint from) {
    step.t = from.t();
    step.end = from.t();
    step.firstTime = from.firstTime();
    step.freshSlope = from.freshSlope();
    step.index = from.stats().accepted();
    rejected = from.stats().rejected();
    lastStep = from.stats().lastStep();
    stepper.field().restoreCounts(from.stats());
    try {
      control.restoreState(from.control());
      stepper.restoreState(from.stepper());
      detector.restoreState(from.detector(), from.occurrences());
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "resume: a checkpoint of another method, step size or events; want the integrator that wrote it",
          e);
    }
  }

  /// Returns whether the end is not reached and nothing stops the solve.
  boolean unfinished() {
    return nonFinite < 0
        && step.t != samples.end()
        && !step.cancelled
        && detector.stop == null
        && detector.stuck == null;
  }

  /// Applies the events at the step's end.
  void applyEvents() {
    detector.apply(step);
    nonFinite = Step.nonFinite(step.y1);
    remedy = "an event made it so; its reset must give a finite state";
    samples.replace(step);
    control.restart(step);
    stepper.restart();
  }

  Solution solution() {
    double stiffness = control.stiffness(step);
    return new Solution(this, status(), stats(stiffness));
  }

  private Stats stats(double stiffness) {
    CountedField field = stepper.field();
    return new Stats(
        field.evaluations,
        field.jacobians,
        field.factorisations,
        step.index,
        rejected,
        lastStep,
        control.proposal(),
        stiffness);
  }

  Checkpoint checkpoint() {
    return new Checkpoint(
        samples.times,
        samples.values,
        step.t,
        step.y0,
        stats(Double.NaN),
        step.firstTime,
        step.freshSlope,
        control.saveState(),
        stepper.saveState(),
        detector.saveState(),
        detector.occurrences);
  }

  private Status status() {
    long trials = step.index + rejected;
    if (nonFinite >= 0) {
      return Status.of(Reason.NON_FINITE_STATE, step, trials, nonFinite, remedy);
    }
    if (detector.stop != null) {
      return Status.event(step, trials, detector.stop.name());
    }
    if (detector.stuck != null) {
      return Status.accumulation(step, trials, detector.stuck.name());
    }
    if (step.t == samples.end()) {
      return Status.success(step, trials);
    }
    return step.cancelled && !control.stuck()
        ? Status.of(Reason.CANCELLED, step, trials, -1, "resume from the solution's checkpoint")
        : control.failure(step, trials);
  }
}
