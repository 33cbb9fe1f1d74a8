package org.flowline.odesolvers;

import java.util.Arrays;
import java.util.List;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// The one loop: advances `dy/dt = f(t, y)` by a [Method] with a [StepSize], watched by observers.
///
///     Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-10)).solve(field, y0, 0, 1, 2)
///
/// Immutable: every solve has a workspace of its own, so that one integrator may serve many
/// threads. After set-up a step allocates nothing, and no evaluation leaves `[t0, t1]`, but for
/// [Methods#YOSHIDA4] and [Methods#KVAERNO5], which have nodes beyond the step. Factorisations,
/// which are Hipparchus', and [HipparchusMethod]s do allocate.
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

  /// Steps of this method and this size, without observers and events.
  ///
  /// @throws IllegalArgumentException if the step size is adaptive and the method estimates no
  ///     error, or fixed and the method is run by Hipparchus
  public static Integrator of(Method method, StepSize stepSize) {
    if (stepSize instanceof StepSize.Adaptive && !method.embedded()) {
      throw new IllegalArgumentException(
          "Adaptive: %s has no embedded pair to estimate its error, want one of %s; or use Constant"
              .formatted(method.name(), Methods.embeddedNames()));
    }
    if (stepSize instanceof StepSize.Fixed && method instanceof HipparchusMethod) {
      throw new IllegalArgumentException(
          "%s: fixed steps, want an Adaptive step size, as Hipparchus makes its own steps; or use RK4"
              .formatted(method.name()));
    }
    return new Integrator(method, stepSize, new StepObserver[0], new Event[0]);
  }

  /// This integrator with one more observer; they are called in the order they were added.
  public Integrator withObserver(StepObserver observer) {
    StepObserver[] more = Arrays.copyOf(observers, observers.length + 1);
    more[observers.length] = observer;
    return new Integrator(method, stepSize, more, events);
  }

  /// This integrator without its observers.
  public Integrator withoutObservers() {
    return new Integrator(method, stepSize, new StepObserver[0], events);
  }

  /// This integrator watching for one more event.
  public Integrator withEvent(Event event) {
    Event[] more = Arrays.copyOf(events, events.length + 1);
    more[events.length] = event;
    return new Integrator(method, stepSize, observers, more);
  }

  /// This integrator without its events.
  public Integrator withoutEvents() {
    return new Integrator(method, stepSize, observers, new Event[0]);
  }

  /// This integrator with other step sizes.
  ///
  /// @throws IllegalArgumentException if they do not fit the method
  public Integrator withStepSize(StepSize other) {
    return new Integrator(of(method, other).method, other, observers, events);
  }

  /// What makes a step.
  public Method method() {
    return method;
  }

  /// How large steps are.
  public StepSize stepSize() {
    return stepSize;
  }

  /// What is watched for, in the order it was added.
  public List<Event> events() {
    return List.of(events);
  }

  /// Who watches, in the order of their calls.
  public List<StepObserver> observers() {
    return List.of(observers);
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
    requireDimension("solve", field, y0);
    return advance(begin(field, y0, times));
  }

  private static void requireDimension(String operation, VectorField field, double[] y0) {
    if (y0.length != field.dimension()) {
      throw new IllegalArgumentException(
          "%s: y0 has %d components, want %d, the field's dimension"
              .formatted(operation, y0.length, field.dimension()));
    }
  }

  private SolverState begin(VectorField field, double[] y0, double[] times) {
    var solve = new SolverState(this, field, new Samples(times, y0), y0);
    solve.watch.start(solve.step.t, y0);
    return solve;
  }

  /// Where [#solve] stands before its first step; [#resume] from there is the solve.
  public Checkpoint initialCheckpoint(VectorField field, double[] y0, double... times) {
    requireDimension("initialCheckpoint", field, y0);
    return begin(field, y0, times).checkpoint();
  }

  /// Goes on with a solve that was cancelled, or ran out of steps, to the same bits as if it had
  /// never stopped. Integrator and field must be those of the solve, but for observers and limits.
  ///
  /// @throws IllegalArgumentException if the checkpoint does not fit the field
  public Solution resume(VectorField field, Checkpoint from) {
    if (from.y().length != field.dimension()) {
      throw new IllegalArgumentException(
          "resume: the checkpoint has %d components, want %d, the field's dimension"
              .formatted(from.y().length, field.dimension()));
    }
    var solve = new SolverState(this, field, Samples.of(from), from.y());
    solve.recall(from);
    return advance(solve);
  }

  /// The loop.
  private Solution advance(SolverState solve) {
    Step step = solve.step;
    Stepper stepper = solve.stepper;
    StepControl control = solve.control;
    if (stepper instanceof HipparchusRun run) {
      run.drive(solve, () -> accept(solve));
      return solve.solution();
    }
    while (solve.goesOn() && control.aim(step)) {
      boolean solved = stepper.trial(step);
      if (control.accepts(step, solved)) {
        accept(solve);
      } else {
        solve.rejected++;
        for (StepObserver observer : observers) {
          observer.rejected(step);
        }
      }
    }
    return solve.solution();
  }

  /// Lets a step stand, up to the first event in it.
  private void accept(SolverState solve) {
    Step step = solve.step;
    boolean event = events.length > 0 && solve.watch.shorten(step);
    for (StepObserver observer : observers) {
      observer.accepted(step);
    }
    solve.samples.collect(step);
    solve.stepper.advance(step);
    if (event) {
      solve.happen();
    } else if (step.jumped) {
      solve.stepper.restart();
    }
    step.jumped = false;
    solve.lastStep = step.end - step.t;
    step.advance();
  }
}
