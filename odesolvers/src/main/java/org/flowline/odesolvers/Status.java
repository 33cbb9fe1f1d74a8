package org.flowline.odesolvers;

import java.io.Serializable;
import java.util.Locale;

/// The reason for the end of a solve, and its place.
///
/// @param t the time reached
/// @param h size of the last trial step
/// @param steps number of trial steps, accepted and rejected
/// @param worstComponent component of the state with the largest error, or the first one that is
///     not finite; −1 if there is none
/// @param message what happened, where, and what to do
public record Status(
    Reason reason, double t, double h, long steps, int worstComponent, String message)
    implements Serializable {

  /// Reasons for the end of a solve.
  public enum Reason {
    /// The solve reached its end.
    SUCCESS,
    /// [StepSize.Adaptive#withMaxSteps] was exhausted.
    MAX_STEPS,
    /// No step that changes `t`, or none above the minimal step, was accurate enough.
    STEP_SIZE_UNDERFLOW,
    /// The state, the field, or a quantity computed from them became infinite or NaN.
    NON_FINITE_STATE,
    /// The equations of an implicit method were not solved at any step size, or not at a fixed one.
    NONLINEAR_SOLVER,
    /// An [Event] stopped the solve.
    EVENT,
    /// The jumps of an [Event] follow one another at one time: a body rests on what it has hit, or
    /// the intervals between the jumps shrink to nothing (a Zeno sequence).
    EVENTS_ACCUMULATE,
    /// An observer called [Step#cancel].
    CANCELLED
  }

  /// Returns whether the solve reached its last time or an event that stops it.
  public boolean succeeded() {
    return reason == Reason.SUCCESS || reason == Reason.EVENT;
  }

  /// Does nothing if the solve [#succeeded].
  ///
  /// @throws SolveException otherwise
  public void requireSuccess() {
    if (!succeeded()) {
      throw new SolveException(this);
    }
  }

  static Status success(Step step, long steps) {
    // No format: every solve makes this one, and short solves would become slower.
    String message = "reached t = " + step.t + " in " + steps + " steps";
    return new Status(Reason.SUCCESS, step.t, step.h, steps, -1, message);
  }

  static Status event(Step step, long steps, String name) {
    return of(Reason.EVENT, step, steps, -1, "event " + name, "");
  }

  static Status accumulation(Step step, long steps, String name) {
    String remedy =
        ": the state rests there, or its jumps are a Zeno sequence; stop the solve there, or let the field hold the state";
    return of(Reason.EVENTS_ACCUMULATE, step, steps, -1, "event " + name + " accumulates", remedy);
  }

  static Status of(Reason reason, Step step, long steps, int worst, String remedy) {
    String what =
        switch (reason) {
          case MAX_STEPS -> "too many steps";
          case STEP_SIZE_UNDERFLOW -> "step size underflow";
          case NON_FINITE_STATE -> "state not finite";
          case NONLINEAR_SOLVER -> "the equations of the step were not solved";
          case CANCELLED -> "cancelled by an observer";
          case SUCCESS, EVENT, EVENTS_ACCUMULATE ->
              throw new IllegalArgumentException("no failure: " + reason);
        };
    return of(reason, step, steps, worst, what, ": " + remedy);
  }

  private static Status of(
      Reason reason, Step step, long steps, int worst, String what, String remedy) {
    String component = worst < 0 ? "" : ", worst component " + worst;
    String message =
        String.format(
            Locale.ROOT,
            "%s at t = %s (h = %.3g, %s steps%s)%s",
            what,
            step.t,
            step.h,
            steps,
            component,
            remedy);
    return new Status(reason, step.t, step.h, steps, worst, message);
  }
}
