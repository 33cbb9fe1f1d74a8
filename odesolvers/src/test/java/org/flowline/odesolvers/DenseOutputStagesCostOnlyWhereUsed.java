package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.EveryTableauHasItsOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DenseOutputStagesCostOnlyWhereUsed {

  private static final int STEPS = 10;

  static Stream<ButcherTableau> tableaux() {
    return EveryTableauHasItsOrder.tableaux()
        .filter(tableau -> tableau.explicit() && tableau.stages() > tableau.stepStages());
  }

  /// The stages of every step, and further ones only in steps that contain a requested time; the
  /// first of these is the first stage of the next step.
  @ParameterizedTest
  @MethodSource("tableaux")
  void inEvaluations(ButcherTableau tableau) {
    int stages = tableau.stepStages();
    int more = tableau.stages() - stages;
    assertEquals(STEPS * stages, solve(tableau, 0, 1).stats().evaluations());
    assertEquals(STEPS * stages + more - 1, solve(tableau, 0, 0.52, 0.57, 1).stats().evaluations());
    assertEquals(STEPS * stages + more, solve(tableau, 0, 0.95, 1).stats().evaluations());
    var integrator =
        Integrator.of(tableau, StepSize.Constant.of(0.1, STEPS)).withObserver(new Trajectory());
    long nfe =
        integrator.solve(Problem.LINEAR.field(), new double[] {1, 0}, 0, 1).stats().evaluations();
    assertEquals(STEPS * (stages + more) - (STEPS - 1), nfe);
  }

  /// The reused slope has the bits of the slope that would be computed.
  @ParameterizedTest
  @MethodSource("tableaux")
  void inNoBit(ButcherTableau tableau) {
    assertArrayEquals(solve(tableau, 0, 1).last(), solve(tableau, 0, 0.13, 0.52, 0.57, 1).last());
  }

  private static Solution solve(ButcherTableau tableau, double... times) {
    return Integrator.of(tableau, StepSize.Constant.of(0.1, STEPS))
        .solve(Problem.LINEAR.field(), new double[] {1, 0}, times)
        .orThrow();
  }
}
