package org.flowline.odesolvers;

/// A moment of the solution: a root `t*` of `g(t, y(t))`, found on the dense output, at which the
/// solve stops, or the state jumps and the solve goes on.
///
/// The step that contains the earliest root ends there; `y(t*)` is the dense output's value. Roots
/// are looked for where `g` changes its sign between the ends of a step; [#withChecks] looks at
/// points between them too. Events less than the tolerance apart happen together, in the order they
/// were added. `g` must not be NaN.
///
/// @param name what messages and [Occurrence]s call it
/// @param g whose sign changes; depends on `t` and `y` alone
/// @param direction which changes count, in the direction of integration
/// @param effect what happens then
/// @param tolerance how close to the root `t*` is found, in units of time
/// @param checks points within each step at which the sign of `g` is looked at, beside its end
public record Event(
    String name, Function g, Direction direction, Effect effect, double tolerance, int checks) {

  /// `g(t, y)`; must not modify or keep `y`.
  @FunctionalInterface
  public interface Function {
    /// The value of `g`; its sign is what counts.
    double evaluate(double t, double[] y);
  }

  /// `y ← r(t, y)`, in place.
  @FunctionalInterface
  public interface Reset {
    /// Overwrites `y`, the state before the jump, with the one behind it.
    void apply(double t, double[] y);
  }

  /// Which changes of sign count.
  public enum Direction {
    /// From negative to positive.
    RISING,
    /// From positive to negative.
    FALLING,
    /// Either of them.
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

  /// What an event does.
  public sealed interface Effect {

    /// The solve ends there, with the status `EVENT`.
    record Stop() implements Effect {}

    /// The state jumps, and the solve goes on.
    record Jump(Reset reset) implements Effect {}

    /// It is recorded in [Solution#occurrences], as often as it happens within a step.
    record Mark() implements Effect {}
  }

  /// An event as it happened.
  ///
  /// @param event which one
  /// @param step the accepted step in which, or at whose end, counted from 0 as in [Step#index]
  /// @param t when
  /// @param before the state there
  /// @param after the state behind it; equal to `before` unless the event is a [Effect.Jump]
  public record Occurrence(Event event, long step, double t, double[] before, double[] after) {}

  /// @throws IllegalArgumentException if the tolerance is not positive or the checks are negative
  public Event {
    if (!(tolerance > 0) || checks < 0) {
      throw new IllegalArgumentException(
          "event %s: tolerance %s and %d checks, want a tolerance > 0 and at least 0 checks"
              .formatted(name, tolerance, checks));
    }
  }

  /// Ends the solve where `g` changes its sign.
  public static Event stop(String name, Function g) {
    return new Event(name, g, Direction.BOTH, new Effect.Stop(), 1e-12, 0);
  }

  /// Changes the state where `g` changes its sign.
  public static Event jump(String name, Function g, Reset reset) {
    return new Event(name, g, Direction.BOTH, new Effect.Jump(reset), 1e-12, 0);
  }

  /// Records where `g` changes its sign.
  public static Event mark(String name, Function g) {
    return new Event(name, g, Direction.BOTH, new Effect.Mark(), 1e-12, 0);
  }

  /// This event where `g` rises only.
  public Event rising() {
    return new Event(name, g, Direction.RISING, effect, tolerance, checks);
  }

  /// This event where `g` falls only.
  public Event falling() {
    return new Event(name, g, Direction.FALLING, effect, tolerance, checks);
  }

  /// This event, found this close to its root, in units of time.
  public Event withTolerance(double tolerance) {
    return new Event(name, g, direction, effect, tolerance, checks);
  }

  /// This event, with the sign of `g` looked at so many times within each step.
  public Event withChecks(int checks) {
    return new Event(name, g, direction, effect, tolerance, checks);
  }
}
