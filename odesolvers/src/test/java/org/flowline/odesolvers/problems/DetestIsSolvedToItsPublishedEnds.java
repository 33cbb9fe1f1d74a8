package org.flowline.odesolvers.problems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.fixtures.Hipparchus;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 25 DETEST problems and the Pleiades, by every explicit pair from order 5 on, at tight
/// tolerance, reach the states printed by Enright and Pryce, which confirms the definitions, and
/// the states of an independent code.
class DetestIsSolvedToItsPublishedEnds {
  private static final double TOLERANCE = 1e-12;

  static Stream<TestProblem> problems() {
    return Stream.concat(Detest.all().stream(), Stream.of(ClassicProblems.PLEIADES));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void byEveryPair(TestProblem problem) {
    double[] peer =
        Hipparchus.end(problem.field(), problem.y0(), problem.t0(), problem.t1(), TOLERANCE);
    near("Hipparchus", peer, problem.end(), problem);
    for (Method method : List.of(Methods.DOPRI5, Methods.TSIT5, Methods.VERN7, Methods.DOP853)) {
      double[] last =
          Integrator.of(method, StepSize.Adaptive.of(TOLERANCE, TOLERANCE))
              .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
              .orThrow()
              .last();
      near(method.name(), last, problem.end(), problem);
      near(method.name() + " and Hipparchus", last, peer, problem);
    }
  }

  /// Up to 2500 steps, whose errors of at most the tolerance add up at half of that; where several
  /// bodies move, an error of the energy becomes one of the phase, which grows with the square of
  /// the time: ten times as much.
  private static void near(String who, double[] came, double[] want, TestProblem problem) {
    boolean bodies = problem.name().startsWith("D") || problem.equals(ClassicProblems.PLEIADES);
    double allowed = bodies ? 500 * TOLERANCE : 50 * TOLERANCE;
    double distance = TestProblem.distance(came, want);
    assertTrue(distance <= allowed, who + " on " + problem + ": " + distance);
  }

  @Test
  void thereAreTwentyFiveOfThem() {
    assertEquals(
        "A1 A2 A3 A4 A5 B1 B2 B3 B4 B5 C1 C2 C3 C4 C5 D1 D2 D3 D4 D5 E1 E2 E3 E4 E5",
        String.join(" ", Detest.all().stream().map(TestProblem::name).toList()));
    assertEquals("D5", Detest.named("D5").name());
  }
}
