package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.List;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// Advances `dy/dt = f(t, y)` by a [Method] with a [StepSize] and shows every step to the
/// observers: the one loop of this module.
///
///     Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-10)).solve(field, y0, 0, 1, 2)
///
/// Immutable: every solve has its own workspace, so that one integrator may serve many threads.
/// After set-up a step allocates nothing; exceptions are the factorisations, which are Hipparchus',
/// and [org.flowline.odesolvers.method.HipparchusMethod]s. No evaluation leaves `[t0, t1]`, except
/// by [Methods#YOSHIDA4] and [Methods#KVAERNO5], which have nodes beyond the step.
public final class Integrator {

  private final Method method;
  private final StepSize stepSize;
  private final StepObserver[] observers;
  private final Event[] events;

  private Integrator(Method method, StepSize stepSize, StepObserver[] observers, Event[] events) {
    this.method = method;
    this.stepSize = stepSize;
    this.observers = observers;
    this.events = events;
  }

  /// Returns an integrator of this method and step size, without observers and events.
  ///
  /// @throws IllegalArgumentException if the step size is adaptive and the method estimates no
  ///     error, or fixed and the method chooses its own steps
  public static Integrator of(Method method, StepSize stepSize) {
    if (stepSize instanceof StepSize.Adaptive && !method.embedded()) {
      throw new IllegalArgumentException(
          "Adaptive: %s has no embedded pair to estimate its error, want one of %s; or use Constant"
              .formatted(method.name(), Methods.embeddedNames()));
    }
    if (stepSize instanceof StepSize.Fixed && !method.fixedSteps()) {
      throw new IllegalArgumentException(
          "%s: fixed steps, want an Adaptive step size, as the method chooses its own steps; or use RK4"
              .formatted(method.name()));
    }
    return new Integrator(method, stepSize, new StepObserver[0], new Event[0]);
  }

  /// Returns this integrator with one more observer; observers are called in the order of addition.
  public Integrator withObserver(StepObserver observer) {
    StepObserver[] more = Arrays.copyOf(observers, observers.length + 1);
    more[observers.length] = observer;
    return new Integrator(method, stepSize, more, events);
  }

  /// Returns this integrator without observers.
  public Integrator withoutObservers() {
    return new Integrator(method, stepSize, new StepObserver[0], events);
  }

  /// Returns this integrator with one more event.
  public Integrator withEvent(Event event) {
    Event[] more = Arrays.copyOf(events, events.length + 1);
    more[events.length] = event;
    return new Integrator(method, stepSize, observers, more);
  }

  /// Returns this integrator without events.
  public Integrator withoutEvents() {
    return new Integrator(method, stepSize, observers, new Event[0]);
  }

  /// Returns this integrator with another step size.
  ///
  /// @throws IllegalArgumentException if it does not fit the method
  public Integrator withStepSize(StepSize other) {
    return new Integrator(of(method, other).method, other, observers, events);
  }

  /// The method of the steps.
  public Method method() {
    return method;
  }

  /// The size of the steps.
  public StepSize stepSize() {
    return stepSize;
  }

  /// The events, in the order of addition.
  public List<Event> events() {
    return List.of(events);
  }

  /// The observers, in the order of their calls.
  public List<StepObserver> observers() {
    return List.of(observers);
  }

  /// Solves from `times[0]`, where the state is `y0`, to the last of `times`, forward or backward.
  ///
  /// The steps depend on the first and the last time only; values between are read off the dense
  /// output, and values at a step's end are exact. A numerical failure, such as overflow, is
  /// reported in the solution's [Status], not by an exception. `y0` is not modified.
  ///
  /// @param times increasing or decreasing, where equal ones may follow one another; a solve of
  ///     length 0, from a single time for instance, is the identity
  /// @throws IllegalArgumentException if `y0` does not fit the field, the field does not fit the
  ///     method, or the times do not fit the step size
  public Solution solve(VectorField field, double[] y0, double... times) {
    return run(begin("solve", field, y0, times));
  }

  private SolverState begin(String operation, VectorField field, double[] y0, double[] times) {
    requireDimension(operation, "y0", y0, field);
    var state = new SolverState(this, field, new Samples(times, y0), y0);
    state.detector.initialise(state.step.t, y0);
    return state;
  }

  private static void requireDimension(String operation, String what, double[] y, VectorField f) {
    if (y.length != f.dimension()) {
      throw new IllegalArgumentException(
          "%s: %s has %s components, want %s, the field's dimension"
              .formatted(operation, what, y.length, f.dimension()));
    }
  }

  /// Returns the checkpoint before the first step of [#solve]; [#resume] from there is the solve.
  public Checkpoint initialCheckpoint(VectorField field, double[] y0, double... times) {
    return begin("initialCheckpoint", field, y0, times).checkpoint();
  }

  /// Continues a solve that was cancelled or ran out of steps, with the same bits as without the
  /// interruption. Integrator and field must be the same, except for observers and limits.
  ///
  /// @throws IllegalArgumentException if the checkpoint does not fit the field
  public Solution resume(VectorField field, Checkpoint from) {
    requireDimension("resume", "the checkpoint", from.y(), field);
    var state = new SolverState(this, field, Samples.of(from), from.y());
    state.restoreState(from);
    return run(state);
  }

  /// The loop.
  private Solution run(SolverState state) {
    Step step = state.step;
    StepControl control = state.control;
    try (Stepper stepper = state.stepper) {
      while (state.unfinished() && control.proposeStep(step)) {
        boolean solved = stepper.trial(step);
        if (control.accepts(step, solved)) {
          accept(state);
        } else {
          reject(state);
        }
      }
      return state.solution();
    }
  }

  /// Accepts the step, up to the first event in it.
  private void accept(SolverState state) {
    Step step = state.step;
    boolean event = events.length > 0 && state.detector.shorten(step);
    if (state.detector.stuck != null) {
      reject(state);
      return;
    }
    for (StepObserver observer : observers) {
      observer.accepted(step);
    }
    state.samples.collect(step);
    state.stepper.accept(step);
    if (event) {
      state.applyEvents();
    } else if (step.jumped) {
      state.stepper.restart();
    }
    step.jumped = false;
    state.lastStep = step.end - step.t;
    step.next();
  }

  private void reject(SolverState state) {
    state.rejected++;
    for (StepObserver observer : observers) {
      observer.rejected(state.step);
    }
  }
}
