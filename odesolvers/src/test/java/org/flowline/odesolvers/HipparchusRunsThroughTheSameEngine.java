package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.HipparchusMethod;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.exception.LocalizedCoreFormats;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Observers, dense output, events, cancelling and statuses of Hipparchus' integrators.
class HipparchusRunsThroughTheSameEngine {

  private static final StepSize.Adaptive TIGHT = StepSize.Adaptive.of(1e-9, 1e-9);

  static Stream<HipparchusMethod> methods() {
    return Methods.hipparchus().stream();
  }

  /// Closed forms, forward and backward, at the end, at requested times and as recorded: errors of
  /// a few hundred steps at 1e-9, and of the interpolation of Adams' methods.
  @ParameterizedTest
  @MethodSource("methods")
  void valuesAreRightEverywhere(HipparchusMethod method) {
    for (Problem forward : Problem.all()) {
      for (Problem problem : new Problem[] {forward, forward.backward()}) {
        double middle = problem.t0() + 0.3 * (problem.t1() - problem.t0());
        var trajectory = new Trajectory();
        Solution solution =
            Integrator.of(method, TIGHT)
                .withObserver(trajectory)
                .solve(problem.field(), problem.start(), problem.t0(), middle, problem.t1())
                .orThrow();
        assertArrayEquals(problem.exact().apply(middle), solution.values()[1], 1e-6);
        assertArrayEquals(problem.end(), solution.last(), 1e-6);
        assertEquals(problem.t1(), solution.status().t());
        assertEquals(trajectory.steps(), solution.stats().accepted());
        double[] y = new double[problem.field().dimension()];
        double[] rate = y.clone();
        for (int i = 0; i <= 100; i++) {
          double t = problem.t0() + i / 100.0 * (problem.t1() - problem.t0());
          trajectory.evaluate(t, y);
          assertArrayEquals(problem.exact().apply(t), y, 1e-6, method + " at " + t);
        }
        trajectory.derivative(middle, y);
        problem.field().evaluate(middle, problem.exact().apply(middle), rate);
        assertArrayEquals(rate, y, 1e-4, method + ", " + problem);
      }
    }
  }

  /// Steps and bits equal a run of Hipparchus alone, and every evaluation is counted.
  @ParameterizedTest
  @MethodSource("methods")
  void theStepsAreThoseOfHipparchus(HipparchusMethod method) {
    long[] calls = new long[1];
    VectorField pendulum = new Pendulum();
    VectorField counting =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              calls[0]++;
              pendulum.evaluate(t, y, dydt);
            });
    double[] y0 = {0.5, 1};
    var alone =
        method.create(4 * Math.ulp(7.0), 7, new double[] {1e-9, 1e-9}, new double[] {1e-9, 1e-9});
    double[] want =
        alone
            .integrate(
                new OrdinaryDifferentialEquation() {
                  @Override
                  public int getDimension() {
                    return 2;
                  }

                  @Override
                  public double[] computeDerivatives(double t, double[] y) {
                    double[] dydt = new double[2];
                    pendulum.evaluate(t, y, dydt);
                    return dydt;
                  }
                },
                new ODEState(0, y0),
                7)
            .getPrimaryState();
    Solution solution = Integrator.of(method, TIGHT).solve(counting, y0, 0, 7).orThrow();
    assertArrayEquals(want, solution.last());
    assertEquals(calls[0], solution.stats().evaluations());
  }

  /// A ball dropped from 1 bounces at √2, then each 2√2·0.9ⁿ later: the jump of the state restarts
  /// the integrator, and a stop ends it.
  @ParameterizedTest
  @MethodSource("methods")
  void eventsEndAndChangeIt(HipparchusMethod method) {
    VectorField fall =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              dydt[0] = y[1];
              dydt[1] = -1;
            });
    Event bounce =
        Event.jump(
                "bounce",
                (t, y) -> y[0],
                (t, y) -> {
                  y[0] = 0;
                  y[1] *= -0.9;
                })
            .falling();
    Event third = Event.stop("late", (t, y) -> t - 5.5);
    Solution solution =
        Integrator.of(method, TIGHT)
            .withEvent(bounce)
            .withEvent(third)
            .solve(fall, new double[] {1, 0}, 0, 6, 10);
    assertEquals(Status.Reason.EVENT, solution.status().reason());
    assertEquals(5.5, solution.status().t(), 1e-9);
    double root = Math.sqrt(2);
    assertEquals(root, solution.occurrences().get(0).t(), 1e-8);
    assertEquals(root * (1 + 2 * 0.9), solution.occurrences().get(1).t(), 1e-8);
    double late = 5.5 - root * (1 + 2 * 0.9);
    assertEquals(root * 0.81 * late - late * late / 2, solution.last()[0], 1e-7);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void anObserverCancelsItAndItGoesOn(HipparchusMethod method) {
    Solution part =
        Integrator.of(method, TIGHT)
            .withObserver(
                step -> {
                  if (step.end() > 1) {
                    step.cancel();
                  }
                })
            .solve(Problem.LINEAR.field(), new double[] {1, 0}, 0, 0.5, 2, 3);
    assertEquals(Status.Reason.CANCELLED, part.status().reason());
    Solution whole =
        Integrator.of(method, TIGHT).resume(Problem.LINEAR.field(), part.checkpoint()).orThrow();
    assertArrayEquals(Problem.LINEAR.exact().apply(0.5), whole.values()[1], 1e-7);
    assertArrayEquals(Problem.LINEAR.exact().apply(2), whole.values()[2], 1e-7);
    assertArrayEquals(Problem.LINEAR.exact().apply(3), whole.last(), 1e-7);
  }

  /// `y' = y²` from 1 explodes at t = 1; its square root ends at 0.
  @ParameterizedTest
  @MethodSource("methods")
  void whatNumbersDoEndsInAStatus(HipparchusMethod method) {
    VectorField blowUp = VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);
    Status status = Integrator.of(method, TIGHT).solve(blowUp, new double[] {1}, 0, 2).status();
    assertTrue(
        status.reason() == Status.Reason.STEP_SIZE_UNDERFLOW
            || status.reason() == Status.Reason.NON_FINITE_STATE
            || status.reason() == Status.Reason.MAX_STEPS,
        status.message());
    assertEquals(1, status.t(), 0.01, status.message());

    VectorField nan = VectorField.of(1, (t, y, dydt) -> dydt[0] = Double.NaN);
    Status none = Integrator.of(method, TIGHT).solve(nan, new double[] {1}, 0, 2).status();
    assertTrue(!none.succeeded(), none.message());

    Status few =
        Integrator.of(method, TIGHT.withMaxSteps(5).withMaxStep(0.1))
            .solve(new Pendulum(), new double[] {0.5, 1}, 0, 10)
            .status();
    assertEquals(Status.Reason.MAX_STEPS, few.reason());
  }

  /// Exceptions of the field and of observers reach the caller, even of Hipparchus' types.
  @ParameterizedTest
  @MethodSource("methods")
  void exceptionsOfTheFieldReachTheCaller(HipparchusMethod method) {
    var error = new MathIllegalStateException(LocalizedCoreFormats.SIMPLE_MESSAGE, "mine");
    VectorField faulty =
        VectorField.of(
            1,
            (t, y, dydt) -> {
              throw error;
            });
    var integrator = Integrator.of(method, TIGHT);
    assertEquals(
        error,
        assertThrows(
            RuntimeException.class, () -> integrator.solve(faulty, new double[] {1}, 0, 1)));
    var watched =
        integrator.withObserver(
            step -> {
              throw error;
            });
    assertEquals(
        error,
        assertThrows(
            RuntimeException.class,
            () -> watched.solve(new Pendulum(), new double[] {0.5, 1}, 0, 1)));
  }

  /// The thread that runs Hipparchus has ended when the solve has, in every case: at its end, at an
  /// event, after a restart, cancelled, out of steps, by an exception, with an interrupted caller.
  @ParameterizedTest
  @MethodSource("methods")
  void noThreadOutlivesASolve(HipparchusMethod method) {
    Set<Thread> threads = new HashSet<>();
    VectorField pendulum = new Pendulum();
    VectorField field =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              threads.add(Thread.currentThread());
              pendulum.evaluate(t, y, dydt);
            });
    VectorField failing =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              field.evaluate(t, y, dydt);
              if (t > 1) {
                throw new StackOverflowError("mine");
              }
            });
    Integrator plain = Integrator.of(method, TIGHT);
    Event.Function down = (t, y) -> y[0];
    double[] y0 = {0.5, 1};
    plain.solve(field, y0, 0, 2).orThrow();
    plain.withEvent(Event.stop("down", down)).solve(field, y0, 0, 9).orThrow();
    plain.withEvent(Event.jump("kick", down, (t, y) -> y[1] = -y[1])).solve(field, y0, 0, 9);
    plain.withObserver(Step::cancel).solve(field, y0, 0, 9);
    plain.withObserver(Step::fieldJumps).solve(field, y0, 0, 0.1);
    plain.withStepSize(TIGHT.withMaxSteps(2)).solve(field, y0, 0, 9);
    plain.initialCheckpoint(field, y0, 0, 9);
    assertThrows(StackOverflowError.class, () -> plain.solve(failing, y0, 0, 9));
    var watched =
        plain.withObserver(
            step -> {
              throw new IllegalStateException("mine");
            });
    assertThrows(IllegalStateException.class, () -> watched.solve(field, y0, 0, 9));
    Thread.currentThread().interrupt();
    plain.solve(field, y0, 0, 2).orThrow();
    assertTrue(Thread.interrupted());
    assertTrue(threads.size() >= 8, threads.toString());
    assertTrue(threads.stream().noneMatch(Thread::isAlive), threads.toString());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void limitsAreKept(HipparchusMethod method) {
    List<Double> sizes = new ArrayList<>();
    Integrator.of(method, TIGHT.withMaxStep(0.01))
        .withObserver(step -> sizes.add(step.h()))
        .solve(new Pendulum(), new double[] {0.5, 1}, 0, 1)
        .orThrow();
    assertTrue(sizes.stream().allMatch(h -> h <= 0.01 * (1 + 1e-12)), sizes.toString());
    assertTrue(sizes.size() >= 100);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void nothingIsEvaluatedOutside(HipparchusMethod method) {
    for (double end : new double[] {1e-3, 1, -1}) {
      VectorField guarded =
          VectorField.of(
              1,
              (t, y, dydt) -> {
                assertTrue(Math.min(0, end) <= t && t <= Math.max(0, end), "at " + t);
                dydt[0] = Math.cos(t);
              });
      Solution solution = Integrator.of(method, TIGHT).solve(guarded, new double[1], 0, end);
      assertEquals(Math.sin(end), solution.orThrow().last()[0], 1e-7); // 100 steps at 1e-9
    }
  }

  /// Intervals of any position, length and direction, with rounding at their ends.
  @Property(tries = 100)
  void everyIntervalEndsWhereItShould(
      @ForAll @DoubleRange(min = -1000, max = 1000) double t0,
      @ForAll @DoubleRange(min = -5, max = 5) double length) {
    double t1 = t0 + length;
    if (Math.abs(t1 - t0) < 1e-6) {
      return;
    }
    for (HipparchusMethod method : Methods.hipparchus()) {
      Solution solution =
          Integrator.of(method, TIGHT)
              .solve(
                  VectorField.of(1, (t, y, dydt) -> dydt[0] = Math.cos(t - t0) - y[0] / 10),
                  new double[] {1},
                  t0,
                  t1);
      assertTrue(solution.status().succeeded(), method + ": " + solution.status().message());
      assertEquals(t1, solution.status().t());
      assertTrue(solution.stats().accepted() > 0);
    }
  }

  @Test
  void whatHipparchusCannotDoIsRefused() {
    Method method = Methods.ADAMS_MOULTON;
    assertEquals(
        "ADAMS_MOULTON: fixed steps, want an Adaptive step size, as the method chooses its own"
            + " steps; or use RK4",
        assertThrows(
                IllegalArgumentException.class,
                () -> Integrator.of(method, StepSize.Constant.of(0.1, 10)))
            .getMessage());
    refused("gains, safety or factors", TIGHT.withSafety(0.5));
    refused("forced times", TIGHT.withStops(0.5));
    refused("forced times", TIGHT.withJumps(0.5));
    assertEquals(
        "X: order 1 with 3 slopes, want an adaptive integrator: order at least 2, 1 … 64 slopes",
        assertThrows(
                IllegalArgumentException.class,
                () -> HipparchusMethod.of("X", 1, 3, (min, max, atol, rtol) -> null))
            .getMessage());
    assertEquals(Methods.GRAGG_BULIRSCH_STOER, Methods.named("gragg_bulirsch_stoer"));
  }

  private static void refused(String what, StepSize.Adaptive size) {
    assertEquals(
        "ADAMS_MOULTON: "
            + what
            + ", want tolerances and limits only, as Hipparchus has its own control; use TSIT5",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Integrator.of(Methods.ADAMS_MOULTON, size)
                        .solve(new Pendulum(), new double[2], 0, 1))
            .getMessage());
  }
}
