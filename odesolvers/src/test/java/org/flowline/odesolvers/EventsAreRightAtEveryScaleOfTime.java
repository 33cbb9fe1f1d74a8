package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.odesolvers.Event.Occurrence;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A ball dropped from 1 m, with the closed form of its bounces, at any origin and scale of time.
class EventsAreRightAtEveryScaleOfTime {

  private static final double G = 9.81;

  /// The time of the first impact.
  private static final double FALL = Math.sqrt(2 / G);

  /// The ball where a second takes `scale`, in either direction.
  private record Ball(double scale) implements PartitionedField {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public int split() {
      return 1;
    }

    @Override
    public void evaluateFirst(double t, double[] y, double[] dydt) {
      dydt[0] = y[1] / scale;
    }

    @Override
    public void evaluateSecond(double t, double[] y, double[] dydt) {
      dydt[1] = -G / scale;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      evaluateFirst(t, y, dydt);
      evaluateSecond(t, y, dydt);
    }
  }

  private static Event bounce(double restitution, double floor) {
    return Event.jump("bounce", (t, y) -> y[0] - floor, (t, y) -> y[1] = -restitution * y[1]);
  }

  static List<Method> methods() {
    return Stream.concat(Methods.all().stream(), Methods.hipparchus().stream())
        .filter(method -> !(method instanceof Stochastic) && method.order() > 1)
        .toList();
  }

  private static Solution solve(Method method, Event event, double t0, double unit, double span) {
    double t1 = t0 + unit * span;
    boolean fixed = !method.embedded() && !(method instanceof HipparchusMethod);
    StepSize size =
        fixed
            ? Constant.of((t1 - t0) / 100, 100)
            : Adaptive.of(method.order() < 3 ? 1e-5 : 1e-9, 1e-10);
    return Integrator.of(method, size)
        .withEvent(event)
        .solve(new Ball(unit), new double[] {1, 0}, t0, t1);
  }

  /// The impacts are 2 v/g apart, with v falling by 0.8 each time.
  @ParameterizedTest
  @MethodSource("methods")
  void bounces(Method method) {
    for (double t0 : new double[] {0, 1, 1e4, 1e6, 1.7e9}) {
      for (double scale : new double[] {1e-15, 1e-11, 1e-6, 1, 1e6, 1e15}) {
        if (scale < 1e6 * Math.ulp(t0)) {
          continue;
        }
        for (int direction : new int[] {1, -1}) {
          String what = method.name() + " from " + t0 + " by " + direction * scale;
          Solution solution = solve(method, bounce(0.8, 0), t0, direction * scale, 2).orThrow();
          double accuracy = 1e-6 + 1e-3 * (method.order() < 3 ? 1 : 0) + 40 * Math.ulp(t0) / scale;
          double impact = FALL;
          double speed = 0.8 * G * FALL;
          assertEquals(3, solution.occurrences().size(), what);
          for (Occurrence bounce : solution.occurrences()) {
            assertEquals(impact, direction * (bounce.t() - t0) / scale, accuracy, what);
            assertEquals(speed, bounce.after()[1], 20 * accuracy, what);
            impact += 2 * speed / G;
            speed *= 0.8;
          }
          assertTrue(solution.last()[0] > 0, what);
        }
      }
    }
  }

  /// A ball without restitution stays where it has fallen, a ball with one comes to rest after
  /// `FALL (1 + e)/(1 − e)`: the solve ends there, not below the floor.
  @ParameterizedTest
  @MethodSource("methods")
  void restsAndZenoSequencesAreNamed(Method method) {
    for (double[] origin : new double[][] {{0, 1}, {0, 1e-15}, {-1, 1e-6}, {1.7e9, -1e3}}) {
      for (double restitution : new double[] {0, 0.3, 0.6}) {
        for (Event event : List.of(bounce(restitution, 0), bounce(restitution, 0).falling())) {
          Solution solution = solve(method, event, origin[0], origin[1], 3);
          String what = method.name() + ", " + restitution + ": " + solution.status();
          assertEquals(Reason.EVENTS_ACCUMULATE, solution.status().reason(), what);
          double rest = FALL * (1 + restitution) / (1 - restitution);
          boolean fixed = !method.embedded() && !(method instanceof HipparchusMethod);
          double end = (solution.status().t() - origin[0]) / origin[1];
          assertEquals(rest, end, fixed ? 0.1 : 3e-3, what);
          assertTrue(solution.last()[0] > -1e-7, what + ": " + solution.last()[0]);
        }
      }
    }
  }

  /// Returns on a floor far from 0 become rounding errors of the height: neither events without end
  /// nor a fall through the floor.
  @ParameterizedTest
  @MethodSource("methods")
  void restsAreNamedAtEveryHeight(Method method) {
    boolean fixed = !method.embedded() && !(method instanceof HipparchusMethod);
    for (double floor : new double[] {1e-6, 1, 1000, -1000}) {
      for (double unit : new double[] {1, -1e-15, 1e6}) {
        for (double restitution : new double[] {0, 0.3, 0.8}) {
          Solution solution = solve(method, restitution, floor, unit);
          String what = "%s, %s on %s: %s".formatted(method.name(), restitution, floor, solution);
          assertEquals(Reason.EVENTS_ACCUMULATE, solution.status().reason(), what);
          double rest = FALL * (1 + restitution) / (1 - restitution);
          assertEquals(rest, solution.status().t() / unit, fixed ? 0.1 : 0.01, what);
          assertEquals(floor, solution.last()[0], 1e-7, what);
        }
      }
    }
  }

  private static Solution solve(Method method, double restitution, double floor, double unit) {
    boolean fixed = !method.embedded() && !(method instanceof HipparchusMethod);
    StepSize size =
        fixed ? Constant.of(unit / 20, 100) : Adaptive.of(method.order() < 3 ? 1e-5 : 1e-9, 1e-10);
    return Integrator.of(method, size)
        .withEvent(bounce(restitution, floor))
        .solve(new Ball(unit), new double[] {floor + 1, 0}, 0, 5 * unit);
  }

  /// Tolerances are larger than the last returns here.
  @ParameterizedTest
  @MethodSource("methods")
  void noBallFallsThroughAFarFloor(Method method) {
    for (double floor : new double[] {1e6, 1e9}) {
      for (double unit : new double[] {1, -1e-15, 1e6}) {
        for (double restitution : new double[] {0, 0.6, 0.8}) {
          Solution solution = solve(method, restitution, floor, unit);
          String what = "%s, %s on %s: %s".formatted(method.name(), restitution, floor, solution);
          assertTrue(solution.last()[0] - floor > -1e-9 * floor, what);
          Reason reason = solution.status().reason();
          assertTrue(reason == Reason.EVENTS_ACCUMULATE || reason == Reason.SUCCESS, what);
        }
      }
    }
  }

  @Test
  void theMessageNamesTheEvent() {
    String message = solve(Methods.DOPRI5, bounce(0, 0), 0, 1, 3).status().message();
    assertTrue(message.startsWith("event bounce accumulates at t = 0.4515"), message);
  }

  /// A contact that the field supports is no failure.
  @Test
  void supportedContactGoesOn() {
    VectorField field =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              boolean rests = y[0] <= 1e-9 && y[1] == 0;
              dydt[0] = y[1];
              dydt[1] = rests ? 0 : -G;
            });
    Solution solution =
        Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-10))
            .withEvent(bounce(0, 0))
            .solve(field, new double[] {1, 0}, 0, 3)
            .orThrow();
    assertEquals(1, solution.occurrences().size());
    assertEquals(0, solution.last()[0], 1e-9);
  }

  /// `g = c y` has the roots of `y` for every `c`.
  @Test
  void theSizeOfTheFunctionDoesNotMatter() {
    VectorField rotation =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              dydt[0] = -y[1];
              dydt[1] = y[0];
            });
    for (double c : new double[] {1e-310, 1e-300, 1e-200, 1e-160, 1e-100, 1, 1e100, 1e300}) {
      Status status =
          Integrator.of(Methods.DOPRI5, Adaptive.of(1e-11, 1e-11))
              .withEvent(Event.stop("zero", (t, y) -> c * y[0]))
              .solve(rotation, new double[] {1, 0}, 0, 3)
              .status();
      assertEquals(Reason.EVENT, status.reason(), "c = " + c);
      assertEquals(Math.PI / 2, status.t(), 1e-10, "c = " + c);
    }
  }

  /// A function that only changes its sign, which has no rate at its root.
  @Test
  void stepFunctionsAreFound() {
    for (double scale : new double[] {1e-15, 1, 1e15}) {
      VectorField rest = VectorField.of(1, (t, y, dydt) -> dydt[0] = 0);
      Solution solution =
          Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9))
              .withEvent(Event.jump("switch", (t, y) -> t < scale ? -1 : 1, (t, y) -> y[0] += 1))
              .solve(rest, new double[] {0}, 0, 3 * scale)
              .orThrow();
      assertEquals(1, solution.occurrences().size());
      assertEquals(1, solution.last()[0]);
      assertEquals(1, solution.occurrences().getFirst().t() / scale, 1e-11);
    }
  }

  /// A whole flight within the first step, from the floor itself.
  @Test
  void aFlightThatStartsAtTheRootEndsAtIt() {
    for (double scale : new double[] {1e-15, 1, 1e15}) {
      Status status =
          Integrator.of(Methods.RK4, Constant.of(10 * scale, 1))
              .withEvent(Event.stop("floor", (t, y) -> y[0]))
              .solve(new Ball(scale), new double[] {0, G}, 0, 10 * scale)
              .status();
      assertEquals(Reason.EVENT, status.reason());
      assertEquals(2, status.t() / scale, 1e-10);
    }
  }

  /// A step that ends at a resting contact is refused, and its marks with it.
  @Test
  void noMarkIsLaterThanTheEnd() {
    for (int k = 1; k < 200; k++) {
      double late = 2.2 * FALL + k * FALL / 100;
      Solution solution =
          Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-10))
              .withEvent(bounce(0.5, 0))
              .withEvent(Event.mark("late", (t, y) -> t - late))
              .solve(new Ball(1), new double[] {1, 0}, 0, 5);
      assertEquals(Reason.EVENTS_ACCUMULATE, solution.status().reason());
      for (Occurrence occurrence : solution.occurrences()) {
        assertTrue(occurrence.t() <= solution.status().t(), occurrence + ": " + solution.status());
      }
    }
  }
}
