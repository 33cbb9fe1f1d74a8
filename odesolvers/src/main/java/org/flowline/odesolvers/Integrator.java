package org.flowline.odesolvers;

import java.util.Arrays;

/// The one loop: advances `dy/dt = f(t, y)` by a [Method] with a [StepSize], watched by observers.
///
///     Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-10)).solve(field, y0, 0, 1, 2)
///
/// Immutable: every solve has a workspace of its own, so that one integrator may serve many
/// threads. After set-up a step allocates nothing, and no evaluation leaves `[t0, t1]`.
public final class Integrator {

  private final Method method;
  private final StepSize stepSize;
  private final StepObserver[] observers;

  private Integrator(Method method, StepSize stepSize, StepObserver[] observers) {
    this.method = method;
    this.stepSize = stepSize;
    this.observers = observers;
  }

  /// @throws IllegalArgumentException if the step size is adaptive and the method estimates no
  ///     error
  public static Integrator of(Method method, StepSize stepSize) {
    if (stepSize instanceof StepSize.Adaptive && !method.embedded()) {
      throw new IllegalArgumentException(
          "Adaptive: %s has no embedded pair to estimate its error, want one of %s; or use Constant"
              .formatted(method.name(), Methods.embeddedNames()));
    }
    return new Integrator(method, stepSize, new StepObserver[0]);
  }

  /// This integrator with one more observer; they are called in the order they were added.
  public Integrator withObserver(StepObserver observer) {
    StepObserver[] more = Arrays.copyOf(observers, observers.length + 1);
    more[observers.length] = observer;
    return new Integrator(method, stepSize, more);
  }

  public Method method() {
    return method;
  }

  public StepSize stepSize() {
    return stepSize;
  }

  /// Solves from `times[0]`, where the state is `y0`, to the last of `times`, forward or backward.
  ///
  /// The steps depend on the first and the last time only; values between are read off the dense
  /// output, and those at a step's end are the step's own. What numbers do, such as overflow, ends
  /// in the solution's [Status], not in an exception. `y0` is not modified.
  ///
  /// @param times at least two, strictly increasing or strictly decreasing
  /// @throws IllegalArgumentException if `y0` does not fit the field, the field does not fit the
  ///     method, or the times do not fit the step size
  public Solution solve(VectorField field, double[] y0, double... times) {
    if (y0.length != field.dimension()) {
      throw new IllegalArgumentException(
          "solve: y0 has %d components, want %d, the field's dimension"
              .formatted(y0.length, field.dimension()));
    }
    var samples = new Samples(times, y0);
    double t1 = samples.end();
    var step = new Step(method, samples.start(), y0);
    var stepper = Stepper.of(method, field);
    var control = StepControl.of(stepSize, stepper, method, samples.start(), t1);

    int nonFinite = Step.nonFinite(y0);
    long rejected = 0;
    double lastStep = 0;
    while (nonFinite < 0 && step.t != t1 && control.aim(step)) {
      stepper.trial(step);
      if (control.accepts(step)) {
        for (StepObserver observer : observers) {
          observer.accepted(step);
        }
        samples.collect(step);
        lastStep = step.h;
        stepper.advance(step);
      } else {
        rejected++;
        for (StepObserver observer : observers) {
          observer.rejected(step);
        }
      }
    }

    long trials = step.index + rejected;
    Status status;
    if (nonFinite >= 0) {
      status = Status.nonFinite(step, trials, nonFinite, "start from a finite y0");
    } else {
      status = step.t == t1 ? Status.success(step, trials) : control.failure(step, trials);
    }
    return new Solution(
        samples, step.y0, status, new Stats(stepper.evaluations(), step.index, rejected, lastStep));
  }
}
