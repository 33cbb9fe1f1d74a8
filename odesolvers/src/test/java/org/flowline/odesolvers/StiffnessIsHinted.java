package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stability;
import org.flowline.odesolvers.problems.ClassicProblems;
import org.flowline.odesolvers.problems.StiffProblems;
import org.flowline.odesolvers.problems.TestProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StiffnessIsHinted {

  private static final String ADVICE = "the field is stiff there; try RODAS5P or KVAERNO5, or ";

  static Stream<Method> explicit() {
    return Methods.all().stream()
        .filter(
            method ->
                method instanceof ButcherTableau tableau
                    && tableau.explicit()
                    && tableau.embedded());
  }

  /// `y' = −1000 (y − cos t)` by steps of 1/1000, by `h ρ = 1`.
  @ParameterizedTest
  @MethodSource("explicit")
  void asTheEigenvalueTimesTheStep(Method method) {
    VectorField field = VectorField.of(1, (t, y, dydt) -> dydt[0] = -1000 * (y[0] - Math.cos(t)));
    Adaptive size = Adaptive.of(1e-2, 1e-2).withInitialStep(1e-3).withMaxStep(1e-3);
    Solution cut =
        Integrator.of(method, size.withMaxSteps(50)).solve(field, new double[] {1}, 0, 10);
    assertEquals(Reason.MAX_STEPS, cut.status().reason());
    assertEquals(1, cut.stats().stiffness(), 1e-6); // differences have 8 digits
  }

  /// Stability restricts all methods at μ = 1000, except FEHLBERG21, whose error estimate is so
  /// small that its steps swing widely about the limit.
  @ParameterizedTest
  @MethodSource("explicit")
  void andIsTheStabilityLimitOnAStiffField(Method method) {
    if (method == Methods.FEHLBERG21) {
      return;
    }
    Solution cut = cut(method, StiffProblems.VAN_DER_POL, 2000);
    assertEquals(1, cut.stats().stiffness() / Stability.realLimit(method), 0.05);
    assertTrue(cut.status().message().contains(": " + ADVICE), cut.status().message());
  }

  @ParameterizedTest
  @MethodSource("explicit")
  void andSmallWhereAccuracyDecides(Method method) {
    Solution cut = cut(method, ClassicProblems.LORENZ, 1000);
    assertTrue(cut.stats().stiffness() > 0);
    assertTrue(cut.stats().stiffness() < 0.5 * Stability.realLimit(method));
    assertFalse(cut.status().message().contains("stiff"), cut.status().message());
  }

  private static Solution cut(Method method, TestProblem problem, long maxSteps) {
    Adaptive size = Adaptive.of(1e-4, 1e-4).withMaxSteps(maxSteps);
    Solution cut =
        Integrator.of(method, size)
            .solve(problem.field(), problem.y0(), problem.t0(), problem.t1());
    assertEquals(Reason.MAX_STEPS, cut.status().reason());
    return cut;
  }

  /// No step is accurate if the minimal step is beyond the limit of stability.
  @Test
  void whereStepsBecomeTooSmall() {
    TestProblem problem = StiffProblems.VAN_DER_POL;
    Solution solution =
        Integrator.of(Methods.TSIT5, Adaptive.of(1e-8, 1e-8).withMinStep(0.01))
            .solve(problem.field(), problem.y0(), problem.t0(), problem.t1());
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, solution.status().reason());
    assertTrue(solution.stats().stiffness() > Stability.realLimit(Methods.TSIT5));
    assertTrue(solution.status().message().contains(ADVICE), solution.status().message());
  }

  /// A successful long solve reports stiffness, too, with at most 51 evaluations.
  @Test
  void behindManySteps() {
    VectorField field = VectorField.of(1, (t, y, dydt) -> dydt[0] = -1000 * (y[0] - Math.cos(t)));
    Integrator integrator = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-5, 1e-5));
    Stats few = integrator.solve(field, new double[] {1}, 0, 0.5).orThrow().stats();
    Stats many = integrator.solve(field, new double[] {1}, 0, 10).orThrow().stats();
    assertTrue(few.accepted() + few.rejected() < 1000 && many.accepted() + many.rejected() > 1000);
    assertTrue(Double.isNaN(few.stiffness()));
    double limit = Stability.realLimit(Methods.DOPRI5);
    assertEquals(limit, many.stiffness(), 0.2 * limit); // the last step is in the midst of a swing
    assertEquals(6 * (few.accepted() + few.rejected()) + 2, few.evaluations());
    long more = many.evaluations() - 6 * (many.accepted() + many.rejected()) - 2;
    assertTrue(0 < more && more <= 51, more + " evaluations");
  }

  @Test
  void butNotOfImplicitMethodsAndFixedSteps() {
    TestProblem problem = StiffProblems.VAN_DER_POL;
    Adaptive size = Adaptive.of(1e-8, 1e-8).withMaxSteps(20);
    Solution implicit =
        Integrator.of(Methods.KVAERNO5, size)
            .solve(problem.field(), problem.y0(), problem.t0(), problem.t1());
    assertTrue(Double.isNaN(implicit.stats().stiffness()));
    Solution fixed =
        Integrator.of(Methods.RK4, StepSize.Constant.of(1e-5, 2000))
            .solve(problem.field(), problem.y0(), 0, 0.02);
    assertTrue(Double.isNaN(fixed.orThrow().stats().stiffness()));
  }
}
