package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.flowline.odesolvers.Event.Occurrence;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class EventsAreFoundOnTheSolution {

  /// `y'' = −10`: every method of order 2 and above solves it exactly.
  private static final VectorField FALLING =
      VectorField.of(
          2,
          (t, y, dydt) -> {
            dydt[0] = y[1];
            dydt[1] = -10;
          });

  private static final Event FLOOR = Event.stop("floor", (t, y) -> y[0]).falling();

  private static final Event BOUNCE =
      Event.jump("bounce", (t, y) -> y[0], (t, y) -> y[1] = -0.8 * y[1]).falling();

  private static final VectorField ROTATION =
      VectorField.of(
          2,
          (t, y, dydt) -> {
            dydt[0] = -y[1];
            dydt[1] = y[0];
          });

  private static Integrator tight(Method method) {
    return Integrator.of(method, Adaptive.of(1e-12, 1e-12));
  }

  @Test
  void stopsWhereTheBallHitsTheFloor() {
    Solution solution =
        tight(Methods.DOPRI5)
            .withEvent(FLOOR)
            .solve(FALLING, new double[] {5, 0}, 0, 0.5, 0.9, 2)
            .orThrow();
    assertEquals(Reason.EVENT, solution.status().reason());
    assertTrue(solution.status().message().startsWith("event floor at t = "));
    assertEquals(1, solution.status().t(), 2e-12);
    assertEquals(-10, solution.last()[1], 2e-11);
    assertEquals(5 - 5 * 0.81, solution.values()[2][0], 1e-11);
    assertTrue(Double.isNaN(solution.values()[3][0]));
    assertTrue(solution.last()[0] <= 0); // after the root
  }

  /// Impacts are 2 v/g apart, with v falling by 0.8 each time.
  @Test
  void bouncesAtTheTimesOfTheClosedForm() {
    for (Method method : List.of(Methods.DOPRI5, Methods.TSIT5, Methods.RODAS5P)) {
      Solution solution =
          tight(method).withEvent(BOUNCE).solve(FALLING, new double[] {5, 0}, 0, 7).orThrow();
      double t = 1;
      double speed = 8;
      assertEquals(7, solution.occurrences().size());
      for (Occurrence bounce : solution.occurrences()) {
        assertEquals(t, bounce.t(), 1e-9, method.name());
        assertEquals(-speed / 0.8, bounce.before()[1], 1e-8);
        assertEquals(speed, bounce.after()[1], 1e-8);
        t += 2 * speed / 10;
        speed *= 0.8;
      }
    }
  }

  @Test
  void countsTheChosenDirectionOnly() {
    Event.Function height = (t, y) -> y[0];
    assertEquals(List.of(0.5, 1.5, 2.5, 3.5), crossings(Event.mark("both", height)));
    assertEquals(List.of(1.5, 3.5), crossings(Event.mark("up", height).rising()));
    assertEquals(List.of(0.5, 2.5), crossings(Event.mark("down", height).falling()));
  }

  /// Returns the roots of cos t, in units of π.
  private static List<Double> crossings(Event event) {
    Solution solution =
        tight(Methods.DOPRI5)
            .withEvent(event)
            .solve(ROTATION, new double[] {1, 0}, 0, 4 * Math.PI)
            .orThrow();
    List<Double> found = new ArrayList<>();
    for (Occurrence occurrence : solution.occurrences()) {
      assertEquals(0, occurrence.before()[0], 1e-9);
      found.add(Math.rint(occurrence.t() / Math.PI * 1e6) / 1e6);
    }
    return found;
  }

  @Test
  void isAsCloseAsItsTolerance() {
    double[] y0 = {1, 0};
    Event.Function g = (t, y) -> y[0];
    double rough = at(Event.stop("g", g).withTolerance(1e-2), y0);
    double fine = at(Event.stop("g", g).withTolerance(1e-13), y0);
    assertEquals(Math.PI / 2, fine, 1e-10);
    assertEquals(Math.PI / 2, rough, 1e-2);
    assertTrue(rough - Math.PI / 2 > 1e-9, "after the root by " + (rough - Math.PI / 2));
  }

  private static double at(Event event, double[] y0) {
    return tight(Methods.DOPRI5).withEvent(event).solve(ROTATION, y0, 0, 3).status().t();
  }

  @Test
  void theEarliestOfSeveralWins() {
    Event late = Event.stop("late", (t, y) -> y[0] + 0.5);
    Event early = Event.stop("early", (t, y) -> y[0] - 0.5);
    Solution solution =
        Integrator.of(Methods.DOPRI5, Constant.of(3, 1)) // both within one step
            .withEvent(late)
            .withEvent(early)
            .solve(ROTATION, new double[] {1, 0}, 0, 3);
    assertEquals("early", solution.occurrences().getFirst().event().name());
    assertEquals(1, solution.occurrences().size());
  }

  @Test
  void simultaneousOnesHappenInTheirOrder() {
    Event first = Event.jump("first", (t, y) -> t - 1, (t, y) -> y[0] += 1);
    Event second = Event.jump("second", (t, y) -> t - 1, (t, y) -> y[0] *= 2);
    VectorField rest = VectorField.of(1, (t, y, dydt) -> dydt[0] = 0);
    double[] y0 = {3};
    Integrator integrator = tight(Methods.DOPRI5);
    assertEquals(8, integrator.withEvent(first).withEvent(second).solve(rest, y0, 0, 2).last()[0]);
    assertEquals(7, integrator.withEvent(second).withEvent(first).solve(rest, y0, 0, 2).last()[0]);
  }

  /// A function that rises and falls between the ends of a step.
  @Test
  void checksWithinAStepFindWhatItsEndsDoNotShow() {
    Event.Function bump = (t, y) -> 0.1 - Math.abs(t - 0.5);
    Integrator oneStep = Integrator.of(Methods.RK4, Constant.of(1, 1));
    Solution blind =
        oneStep.withEvent(Event.stop("bump", bump)).solve(ROTATION, new double[] {1, 0}, 0, 1);
    Solution seen =
        oneStep
            .withEvent(Event.stop("bump", bump).withChecks(9))
            .solve(ROTATION, new double[] {1, 0}, 0, 1);
    assertEquals(Reason.SUCCESS, blind.status().reason());
    assertEquals(Reason.EVENT, seen.status().reason());
    assertEquals(0.4, seen.status().t(), 1e-9);
  }

  @Test
  void arisesNeitherAtTheStartNorTwiceAtAJump() {
    Event both = Event.jump("both", (t, y) -> y[0], (t, y) -> y[1] = -y[1]);
    Solution solution =
        tight(Methods.DOPRI5).withEvent(both).solve(FALLING, new double[] {0, 10}, 0, 5).orThrow();
    assertEquals(2, solution.occurrences().size()); // at 2 and 4, not at 0
    assertEquals(2, solution.occurrences().get(0).t(), 1e-9);
    assertEquals(4, solution.occurrences().get(1).t(), 1e-9);
  }

  @Test
  void aJumpAcrossAnotherEventsRootIsNoEventOfThat() {
    Event kick = Event.jump("kick", (t, y) -> t - 1, (t, y) -> y[0] = 10);
    Event line = Event.mark("line", (t, y) -> y[0] - 5);
    VectorField rest = VectorField.of(1, (t, y, dydt) -> dydt[0] = 0);
    Solution solution =
        tight(Methods.DOPRI5)
            .withEvent(kick)
            .withEvent(line)
            .solve(rest, new double[] {0}, 0, 2)
            .orThrow();
    assertEquals(List.of("kick"), names(solution));
  }

  /// One step over [0, 20], in which sin(t + ½) has six roots.
  @Test
  void allMarksWithinAStepAreRecordedInTheOrderOfTime() {
    VectorField clock = VectorField.of(1, (t, y, dydt) -> dydt[0] = 1);
    Solution solution =
        Integrator.of(Methods.RK4, Constant.of(20, 1))
            .withEvent(Event.mark("late", (t, y) -> t - 12))
            .withEvent(Event.mark("wave", (t, y) -> Math.sin(t + 0.5)).withChecks(99))
            .withEvent(Event.mark("early", (t, y) -> t - 1))
            .solve(clock, new double[] {0}, 0, 20)
            .orThrow();
    assertEquals(
        List.of("early", "wave", "wave", "wave", "late", "wave", "wave", "wave"), names(solution));
    List<Double> times = solution.occurrences().stream().map(Occurrence::t).toList();
    double[] roots = {1, 1, 2, 3, 12, 4, 5, 6};
    for (int i = 0; i < roots.length; i++) {
      double root = i == 0 || i == 4 ? roots[i] : roots[i] * Math.PI - 0.5;
      assertEquals(root, times.get(i), 1e-9);
    }
  }

  /// The message names the event that stops the solve, for two events at one time in any order.
  @Test
  void theStatusNamesTheEventThatStops() {
    Event stop = Event.stop("stop", (t, y) -> t - 1);
    Event jump = Event.jump("jump", (t, y) -> t - 1, (t, y) -> y[0] += 1);
    String message =
        tight(Methods.DOPRI5)
            .withEvent(stop)
            .withEvent(jump)
            .solve(ROTATION, new double[] {1, 0}, 0, 2)
            .status()
            .message();
    assertTrue(message.startsWith("event stop at t = 1.0"), message);
  }

  private static List<String> names(Solution solution) {
    return solution.occurrences().stream().map(occurrence -> occurrence.event().name()).toList();
  }

  @Test
  void isFoundBackwardInTime() {
    Solution solution =
        tight(Methods.DOPRI5)
            .withEvent(Event.stop("top", (t, y) -> y[1]))
            .solve(FALLING, new double[] {0, -10}, 1, -3)
            .orThrow();
    assertEquals(Reason.EVENT, solution.status().reason());
    assertEquals(0, solution.status().t(), 1e-11);
    assertEquals(5, solution.last()[0], 1e-10);
  }

  /// Constant steps continue from an event to their next node.
  @Test
  void constantStepsKeepTheirNodes() {
    List<Double> ends = new ArrayList<>();
    Event kick = Event.jump("kick", (t, y) -> t - 0.55, (t, y) -> y[1] += 1);
    Integrator.of(Methods.RK4, Constant.of(0.25, 4))
        .withEvent(kick)
        .withObserver(step -> ends.add(Math.rint(step.end() * 1e9) / 1e9))
        .solve(FALLING, new double[] {5, 0}, 0, 1)
        .orThrow();
    assertEquals(List.of(0.25, 0.5, 0.55, 0.75, 1.0), ends);
  }

  @Test
  void atTheEndOfAStepItDoesNotShortenIt() {
    List<Double> ends = new ArrayList<>();
    Event kick = Event.jump("kick", (t, y) -> t - 0.5, (t, y) -> y[0] = 0);
    Solution solution =
        Integrator.of(Methods.EULER, Constant.of(0.25, 4))
            .withEvent(kick)
            .withObserver(step -> ends.add(step.end()))
            .solve(VectorField.of(1, (t, y, dydt) -> dydt[0] = 1), new double[] {1}, 0, 0.5, 1)
            .orThrow();
    assertEquals(List.of(0.25, 0.5, 0.75, 1.0), ends);
    assertEquals(0, solution.values()[1][0]); // after the jump
    assertEquals(0.5, solution.last()[0]);
  }

  /// The values at requested times are those after a jump, and so is the trajectory.
  @Property(tries = 100)
  void valuesDoNotDependOnTheRequestedTimes(@ForAll @DoubleRange(min = 0.01, max = 5.99) double t) {
    Trajectory trajectory = new Trajectory();
    Integrator integrator = Integrator.of(Methods.TSIT5, Adaptive.of(1e-8, 1e-8)).withEvent(BOUNCE);
    double[] y0 = {5, 0};
    Solution plain = integrator.withObserver(trajectory).solve(FALLING, y0, 0, 6).orThrow();
    Solution sampled = integrator.solve(FALLING, y0, 0, t, 6).orThrow();
    assertArrayEquals(plain.last(), sampled.last());
    double[] y = new double[2];
    trajectory.evaluate(t, y);
    assertArrayEquals(y, sampled.values()[1], 1e-12);
  }

  @Test
  void refusesASenselessTolerance() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> FLOOR.withTolerance(0)).getMessage();
    assertEquals(
        "event floor: tolerance 0.0 and 0 checks, want a tolerance > 0 and at least 0 checks",
        message);
  }

  @Test
  void aResetToWhatIsNotFiniteIsBlamed() {
    Event broken = Event.jump("broken", (t, y) -> t - 0.5, (t, y) -> y[1] = Double.NaN);
    Status status =
        tight(Methods.DOPRI5).withEvent(broken).solve(FALLING, new double[] {5, 0}, 0, 1).status();
    assertEquals(Reason.NON_FINITE_STATE, status.reason());
    assertEquals(1, status.worstComponent());
    assertTrue(
        status.message().endsWith("an event made it so; its reset must give a finite state"));
  }
}
