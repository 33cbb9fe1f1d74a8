package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.fixtures.SolveCase;
import org.flowline.neuralode.fixtures.UnrolledSolver;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiscreteAdjointIsReverseModeThroughTheSolver {

  /// Both compute the same sums in different orders: some hundred operations on numbers of size 1,
  /// each rounded to 1e-16.
  private static final double ROUNDING = 1e-12;

  static Stream<SolveCase> solves() {
    return SolveCase.all();
  }

  @ParameterizedTest
  @MethodSource("solves")
  void inParametersStartAndTimes(SolveCase solve) {
    Trajectory steps = solve.steps();
    double[] theta = SolveCase.NETWORK.theta(1);
    double[][] unrolled =
        new UnrolledSolver(
                SolveCase.NETWORK, solve.tableau(), solve.stepSize(), steps, solve.times())
            .gradient(solve.y0(), theta, ClockedNetwork::loss);
    TrajectoryGradient discrete = solve.discrete();

    assertTrue(discrete.status().succeeded());
    assertEquals(unrolled[0][0], discrete.loss(), ROUNDING * unrolled[0][0]);
    assertTrue(Differences.relative(discrete.y0(), unrolled[1]) <= ROUNDING, "y0");
    assertTrue(Differences.relative(discrete.theta(), unrolled[2]) <= ROUNDING, "θ");
    assertTrue(Differences.relative(discrete.times(), unrolled[3]) <= ROUNDING, "times");
  }

  /// Several solves cost one pullback per evaluation whose value was used, for the step or for an
  /// observation inside it.
  @ParameterizedTest
  @MethodSource("solves")
  void atOnePullbackForEachEvaluation(SolveCase solve) {
    TrajectoryGradient gradient = solve.discrete();
    ButcherTableau tableau = solve.tableau();
    int stages = tableau.stages();
    int perStep = stagesOfTheEnd(tableau) - (tableau.fsal() ? 1 : 0);
    long used = gradient.forward().accepted() * perStep;
    int more = (stages - perStep) * (solve.times().length - 2);
    assertTrue(gradient.backwardEvaluations() <= used + 1 + more);
    assertTrue(gradient.backwardEvaluations() >= used - stages);
  }

  /// The number of stages that the end of a step depends on; the others serve the error estimate or
  /// the dense output alone. The last one of a method that is FSAL counts, for the next step.
  private static int stagesOfTheEnd(ButcherTableau tableau) {
    boolean[] behind = new boolean[tableau.stages()];
    int count = 0;
    for (int i = tableau.stages() - 1; i >= 0; i--) {
      behind[i] |= tableau.b(i) != 0 || tableau.fsal() && i == tableau.stepStages() - 1;
      for (int j = 0; behind[i] && j < i; j++) {
        behind[j] |= tableau.a(i, j) != 0;
      }
      count += behind[i] ? 1 : 0;
    }
    return count;
  }

  @Test
  void onlyOfMethodsWhoseStepsCanBeWalkedBack() {
    Integrator stabilised = Integrator.of(Methods.RKC2, StepSize.Constant.of(0.1, 3));
    assertEquals(
        "discrete adjoint: method RKC2; want one whose steps can be differentiated, such"
            + " as TSIT5 or RODAS5P",
        assertThrows(IllegalArgumentException.class, () -> new DiscreteAdjoint(stabilised))
            .getMessage());
  }
}
