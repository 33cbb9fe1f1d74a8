package org.flowline.odesolvers;

/// A root `t*` of `g(t, y(t))` on the dense output, at which the solve stops, or the state jumps
/// and the solve continues.
///
/// The step that contains the earliest root ends there; `y(t*)` is the value of the dense output. A
/// root is found if `g` has different signs at the ends of a step, or at the further points of
/// [#withChecks]. Events closer together than their accuracy happen together, in the order of their
/// addition. `g` must not be NaN.
///
/// A jump may leave `g` at its root, as a bounce does: `g` then passes through or returns, as its
/// rate after the jump says. Where it ought to return and does not, a body rests on what it has hit
/// (resting contact), or the jumps accumulate (a Zeno sequence), and the solve ends with
/// [Status.Reason#EVENTS_ACCUMULATE]. A rate below 1e-4 of the rate before counts as none.
///
/// @param name name in messages and [Occurrence]s
/// @param g the function, of `t` and `y` only
/// @param direction the sign changes that count, in the direction of integration
/// @param effect the effect of the event
/// @param tolerance accuracy of `t*` as a part of the step that contains it; see [#accuracy]
/// @param checks number of points within each step, besides its end, at which the sign of `g` is
///     read
public record Event(
    String name, Function g, Direction direction, Effect effect, double tolerance, int checks) {

  /// `g(t, y)`; must not modify or keep `y`.
  @FunctionalInterface
  public interface Function {
    /// Returns the value of `g`; only its sign matters.
    double evaluate(double t, double[] y);
  }

  /// `y ← r(t, y)`, in place.
  @FunctionalInterface
  public interface Reset {
    /// Overwrites `y`, the state before the jump, with the state after it.
    void apply(double t, double[] y);
  }

  /// The sign changes that count.
  public enum Direction {
    /// Changes from negative to positive.
    RISING,
    /// Changes from positive to negative.
    FALLING,
    /// All changes.
    BOTH;

    boolean counts(double before, double after) {
      boolean rising = before < 0 && after >= 0;
      boolean falling = before > 0 && after <= 0;
      return switch (this) {
        case RISING -> rising;
        case FALLING -> falling;
        case BOTH -> rising || falling;
      };
    }
  }

  /// The effect of an event.
  public sealed interface Effect {

    /// Ends the solve, with the status `EVENT`.
    record Stop() implements Effect {}

    /// Changes the state and continues the solve.
    record Jump(Reset reset) implements Effect {}

    /// Adds all occurrences within a step to [Solution#occurrences].
    record Mark() implements Effect {}
  }

  /// One occurrence of an event.
  ///
  /// @param event the event
  /// @param step the accepted step in which or at whose end it occurred, as [Step#index]
  /// @param t the time
  /// @param accuracy the largest distance of `t` from the root, with the sign of the direction of
  ///     the solve
  /// @param before the state before it
  /// @param after the state after it; equal to `before` unless the event is a [Effect.Jump]
  public record Occurrence(
      Event event, long step, double t, double accuracy, double[] before, double[] after) {

    @Override
    public String toString() {
      return "event %s at t = %s".formatted(event.name, t);
    }
  }

  /// @throws IllegalArgumentException if the tolerance is not positive or the checks are negative
  public Event {
    if (!(tolerance > 0) || checks < 0) {
      throw new IllegalArgumentException(
          "event %s: tolerance %s and %s checks, want a tolerance > 0 and at least 0 checks"
              .formatted(name, tolerance, checks));
    }
  }

  /// Returns an event that ends the solve where `g` changes its sign.
  public static Event stop(String name, Function g) {
    return new Event(name, g, Direction.BOTH, new Effect.Stop(), 1e-12, 0);
  }

  /// Returns an event that changes the state where `g` changes its sign.
  public static Event jump(String name, Function g, Reset reset) {
    return new Event(name, g, Direction.BOTH, new Effect.Jump(reset), 1e-12, 0);
  }

  /// Returns an event that records where `g` changes its sign.
  public static Event mark(String name, Function g) {
    return new Event(name, g, Direction.BOTH, new Effect.Mark(), 1e-12, 0);
  }

  /// Returns this event for rising `g` only.
  public Event rising() {
    return new Event(name, g, Direction.RISING, effect, tolerance, checks);
  }

  /// Returns this event for falling `g` only.
  public Event falling() {
    return new Event(name, g, Direction.FALLING, effect, tolerance, checks);
  }

  /// Returns this event with the given accuracy of `t*`, as a part of the step that contains it.
  public Event withTolerance(double tolerance) {
    return new Event(name, g, direction, effect, tolerance, checks);
  }

  /// Returns this event with this many further checks of the sign within each step.
  public Event withChecks(int checks) {
    return new Event(name, g, direction, effect, tolerance, checks);
  }

  /// Returns the largest distance of `t*` from the root in a step between these times: the
  /// tolerance, but at least a few units in the last place of the times.
  public double accuracy(double from, double to) {
    double ulp = Math.ulp(Math.max(Math.abs(from), Math.abs(to)));
    return Math.max(tolerance * Math.abs(to - from), 4 * ulp);
  }
}
