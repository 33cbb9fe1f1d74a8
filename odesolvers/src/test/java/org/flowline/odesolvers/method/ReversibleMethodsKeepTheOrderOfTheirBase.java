package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReversibleMethodsKeepTheOrderOfTheirBase {

  static Stream<ButcherTableau> bases() {
    return Methods.all().stream()
        .filter(method -> method instanceof ButcherTableau tableau && tableau.explicit())
        .map(ButcherTableau.class::cast);
  }

  @ParameterizedTest
  @MethodSource("bases")
  void atTheEndOfTheInterval(ButcherTableau base) {
    for (Problem problem : Problem.all()) {
      for (Problem either : new Problem[] {problem, problem.backward()}) {
        int order = base.order();
        int steps = order > 7 ? 6 : order > 6 ? 16 : order > 3 ? 8 : 32;
        int finer = order > 6 ? 2 : 8;
        double fine = error(base, either, finer * steps);
        double slope = Math.log(error(base, either, steps) / fine) / Math.log(finer);
        // At finite steps the next power of h is a few tenths of the slope; below 1e-14 there is
        // rounding only.
        assertTrue(slope >= order - 0.4 || fine <= 1e-14, base + " on " + either + ": " + slope);
      }
    }
  }

  /// Returns the larger error of the pair, whose signs differ and which may pass through zero.
  private static double error(ButcherTableau base, Problem problem, int steps) {
    Constant size = Constant.of((problem.t1() - problem.t0()) / steps, steps);
    Solution solution =
        Integrator.of(Reversible.of(base), size)
            .solve(problem.field(), problem.start(), problem.t0(), problem.t1())
            .orThrow();
    return Math.max(
        Problem.distance(solution.last(), problem.end()),
        Problem.distance(solution.checkpoint().companion(), problem.end()));
  }

  /// Errors at 0.3 and 0.5 of the interval, in the middle of a step for all step sizes, with a
  /// stronger coupling, 0.9, than any in use.
  @ParameterizedTest
  @MethodSource("bases")
  void insideTheSteps(ButcherTableau base) {
    int order = Math.min(base.order(), base.denseOrder() + 1);
    for (double coupling : new double[] {0.999, 0.9}) {
      Reversible method = new Reversible(base, coupling);
      for (Problem problem : Problem.all()) {
        int steps = order > 6 ? 5 : order > 3 ? 25 : order > 1 ? 125 : 625;
        double fine = inside(method, problem, 5 * steps);
        double slope = Math.log(inside(method, problem, steps) / fine) / Math.log(5);
        assertTrue(slope >= order - 0.4 || fine <= 1e-14, method + " on " + problem + ": " + slope);
      }
    }
  }

  private static double inside(Reversible method, Problem problem, int steps) {
    double length = problem.t1() - problem.t0();
    double[] times = {
      problem.t0(), problem.t0() + 0.3 * length, problem.t0() + 0.5 * length, problem.t1()
    };
    Solution solution =
        Integrator.of(method, Constant.of(length / steps, steps))
            .solve(problem.field(), problem.start(), times)
            .orThrow();
    double error = 0;
    for (int i = 1; i < 3; i++) {
      double[] exact = problem.exact().apply(times[i]);
      error = Math.max(error, Problem.distance(solution.values()[i], exact));
    }
    return error;
  }

  @ParameterizedTest
  @MethodSource("bases")
  void adaptively(ButcherTableau base) {
    if (!base.embedded()) {
      return;
    }
    Problem problem = Problem.LINEAR;
    Solution solution =
        Integrator.of(Reversible.of(base), Adaptive.of(1e-7, 1e-7).withMaxStep(0.05))
            .solve(problem.field(), problem.start(), 0, 0.123, 1.01, 2)
            .orThrow();
    for (int i = 0; i < 4; i++) {
      double[] exact = problem.exact().apply(solution.times()[i]);
      // Each step within 1e-7 of numbers of size 1.
      double bound = 1e-7 * solution.stats().accepted();
      assertEquals(0, Problem.distance(solution.values()[i], exact), bound, base.name());
    }
  }

  /// The cost is twice the base's; a last stage for the error alone is evaluated once.
  @Test
  void atTwiceTheEvaluations() {
    Solution solution =
        Integrator.of(Reversible.of(Methods.RK4), Constant.of(0.1, 20))
            .solve(Problem.LINEAR.field(), Problem.LINEAR.start(), 0, 2)
            .orThrow();
    assertEquals(20 * 2 * 4, solution.stats().evaluations());
  }

  /// Cancels after every step: the companion is restored.
  @Test
  void goingOnToTheSameBits() {
    for (StepSize size : new StepSize[] {Constant.of(0.05, 40), Adaptive.of(1e-7, 1e-7)}) {
      Integrator whole =
          Integrator.of(Reversible.of(Methods.DOPRI5), size)
              .withEvent(Event.jump("bounce", (t, y) -> y[0] - 0.9, (t, y) -> y[1] = -y[1]));
      double[] y0 = {0.5, 1};
      double[] times = {0, 0.3, 1.1, 2};
      Solution wanted = whole.solve(new Pendulum(), y0, times).orThrow();
      Integrator cancelling = whole.withObserver(Step::cancel);
      Solution part = cancelling.solve(new Pendulum(), y0, times);
      while (part.status().reason() == Status.Reason.CANCELLED) {
        part = cancelling.resume(new Pendulum(), part.checkpoint());
      }
      for (int i = 0; i < times.length; i++) {
        assertArrayEquals(wanted.values()[i], part.values()[i]);
      }
      assertEquals(wanted.occurrences().size(), part.occurrences().size());
      assertArrayEquals(wanted.checkpoint().companion(), part.checkpoint().companion());
    }
  }

  @Test
  void wrongOnesAreRefused() {
    assertEquals(
        "reversible: KVAERNO3 is implicit, want an explicit base method",
        assertThrows(IllegalArgumentException.class, () -> Reversible.of(Methods.KVAERNO3))
            .getMessage());
    assertEquals(
        "reversible: coupling 1.5, want 0 < λ ≤ 1, such as 0.999",
        assertThrows(IllegalArgumentException.class, () -> new Reversible(Methods.RK4, 1.5))
            .getMessage());
  }
}
