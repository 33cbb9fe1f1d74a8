package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The global error over a fixed interval falls as hᵖ, forward and backward.
public class EveryTableauHasItsOrder {

  public static Stream<ButcherTableau> tableaux() {
    return Methods.all().stream()
        .filter(ButcherTableau.class::isInstance)
        .map(ButcherTableau.class::cast);
  }

  /// The largest error over all steps, since errors may cancel at one time. A slope between h and
  /// h/2 is p + O(h), here with at least 80 steps; order 8 is at rounding by then, and steep from 6
  /// on. A slope may exceed p on one problem, but not on all.
  @ParameterizedTest
  @MethodSource("tableaux")
  void onLinearNonAutonomousAndNonLinearProblems(ButcherTableau tableau) {
    double smallest = Double.POSITIVE_INFINITY;
    for (Problem forward : Problem.all()) {
      for (Problem problem : new Problem[] {forward, forward.backward()}) {
        double slope = slope(tableau, problem);
        assertTrue(slope > tableau.order() - 0.3, tableau + ", " + problem + ": slope " + slope);
        smallest = Math.min(smallest, slope);
      }
    }
    assertTrue(smallest < tableau.order() + 0.3, tableau + ": smallest slope " + smallest);
  }

  /// The pendulum, against DOPRI5 at 1e-13, far below errors of 1e-2.
  @Test
  void semiImplicitEulerOnThePendulum() {
    var pendulum = new Pendulum();
    double[] y0 = {0.5, 1};
    var reference = new Trajectory();
    Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-13, 1e-13))
        .withObserver(reference)
        .solve(pendulum, y0, 0, 2)
        .orThrow();
    var problem =
        new Problem(
            "pendulum",
            pendulum,
            0,
            2,
            t -> {
              double[] y = new double[2];
              reference.evaluate(t, y);
              return y;
            });
    for (Problem each : new Problem[] {problem, problem.backward()}) {
      double slope = slope(Methods.SEMI_IMPLICIT_EULER, each);
      assertTrue(Math.abs(slope - 1) < 0.1, each + ": slope " + slope);
    }
  }

  /// The slope of the finest halving whose errors stay above 1e-13, a hundred times rounding.
  static double slope(Method method, Problem problem) {
    int steps = method.order() > 5 ? 3 : 40;
    double coarse = error(method, problem, steps);
    double fine = error(method, problem, 2 * steps);
    while (fine > Math.scalb(1e-13, method.order()) && steps < 1000) {
      steps *= 2;
      coarse = fine;
      fine = error(method, problem, 2 * steps);
    }
    return Math.log(coarse / fine) / Math.log(2);
  }

  private static double error(Method method, Problem problem, int steps) {
    double h = (problem.t1() - problem.t0()) / steps;
    double[] worst = new double[1];
    Integrator.of(method, StepSize.Constant.of(h, steps))
        .withObserver(
            step -> {
              double error = Problem.distance(step.y1(), problem.exact().apply(step.end()));
              worst[0] = Math.max(worst[0], error);
            })
        .solve(problem.field(), problem.start(), problem.t0(), problem.t1())
        .orThrow();
    return worst[0];
  }
}
