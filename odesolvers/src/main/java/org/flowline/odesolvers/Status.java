package org.flowline.odesolvers;

import java.io.Serializable;
import java.util.Locale;

/// Why a solve ended, and where.
///
/// @param t the time reached
/// @param h size of the last step tried
/// @param steps steps tried, accepted and rejected ones together
/// @param worstComponent component of the state with the largest error or the first that is not
///     finite; −1 if there is none
/// @param message what happened, where, and what to do
public record Status(
    Reason reason, double t, double h, long steps, int worstComponent, String message)
    implements Serializable {

  /// What ends a solve.
  public enum Reason {
    /// The end was reached.
    SUCCESS,
    /// [StepSize.Adaptive#withMaxSteps] was exhausted.
    MAX_STEPS,
    /// No step that changes `t`, or none above the minimal step, was accurate enough.
    STEP_SIZE_UNDERFLOW,
    /// The state or the field became infinite or NaN, or what is computed of them.
    NON_FINITE_STATE,
    /// The equations of an implicit method were not solved, at any step size.
    NONLINEAR_SOLVER,
    /// An [Event] stopped the solve.
    EVENT,
    /// An observer called [Step#cancel].
    CANCELLED
  }

  /// Whether it ended as it should: at the last time, or at an event that stops it.
  public boolean succeeded() {
    return reason == Reason.SUCCESS || reason == Reason.EVENT;
  }

  /// Does nothing if the solve [#succeeded].
  ///
  /// @throws SolveException unless it ended as it should
  public void requireSuccess() {
    if (!succeeded()) {
      throw new SolveException(this);
    }
  }

  static Status success(Step step, long steps) {
    // No format: this one is made in every solve, and the short ones would notice.
    String message = "reached t = " + step.t + " in " + steps + " steps";
    return new Status(Reason.SUCCESS, step.t, step.h, steps, -1, message);
  }

  static Status maxSteps(Step step, long steps, int worst, String remedy) {
    return of(Reason.MAX_STEPS, step, steps, worst, "too many steps at t = ", ": " + remedy);
  }

  static Status underflow(Step step, long steps, int worst, String remedy) {
    return of(
        Reason.STEP_SIZE_UNDERFLOW,
        step,
        steps,
        worst,
        "step size underflow at t = ",
        ": " + remedy);
  }

  static Status nonFinite(Step step, long steps, int worst, String remedy) {
    return of(
        Reason.NON_FINITE_STATE, step, steps, worst, "state not finite at t = ", ": " + remedy);
  }

  static Status unsolved(Step step, long steps, String remedy) {
    return of(
        Reason.NONLINEAR_SOLVER,
        step,
        steps,
        -1,
        "Newton's iteration did not converge at t = ",
        ": " + remedy);
  }

  static Status event(Step step, long steps, String name) {
    return of(Reason.EVENT, step, steps, -1, "event " + name + " at t = ", "");
  }

  static Status cancelled(Step step, long steps) {
    return of(
        Reason.CANCELLED,
        step,
        steps,
        -1,
        "cancelled by an observer at t = ",
        ": resume from the solution's checkpoint");
  }

  private static Status of(
      Reason reason, Step step, long steps, int worst, String what, String remedy) {
    String component = worst < 0 ? "" : ", worst component " + worst;
    String message =
        String.format(
            Locale.ROOT,
            "%s%s (h = %.3g, %d steps%s)%s",
            what,
            step.t,
            step.h,
            steps,
            component,
            remedy);
    return new Status(reason, step.t, step.h, steps, worst, message);
  }
}
