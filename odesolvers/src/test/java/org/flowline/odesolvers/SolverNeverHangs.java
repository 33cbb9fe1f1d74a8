package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Noise;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every solve ends with a status; 100 000 trials are the default limit.
class SolverNeverHangs {

  private static final VectorField BLOW_UP =
      VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);

  static Stream<Method> embedded() {
    return Methods.all().stream().filter(Method::embedded);
  }

  /// y = 1/(1 − t): steps shrink towards t = 1, which no step passes.
  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheSolutionBlowsUp(Method method) {
    Status status = solve(method, BLOW_UP, 1, 0, 2);
    assertTrue(
        status.reason() == Reason.STEP_SIZE_UNDERFLOW || status.reason() == Reason.MAX_STEPS,
        status.message());
    assertEquals(1, status.t(), 1e-3); // of order 2, HEUN gets past it by its global error
    assertEquals(0, status.worstComponent());
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheFieldTurnsNaN(Method method) {
    VectorField root = VectorField.of(1, (t, y, dydt) -> dydt[0] = -1 / Math.sqrt(1 - t));
    Status status = solve(method, root, 1, 0, 2);
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, status.reason());
    assertEquals(1, status.t(), 1e-6);
    assertTrue(status.steps() < 100_000);
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheFieldIsNaNFromTheStart(Method method) {
    VectorField nan = VectorField.of(2, (t, y, dydt) -> dydt[1] = Double.NaN);
    Solution solution =
        Integrator.of(method, StepSize.Adaptive.of(1e-6, 1e-6))
            .solve(nan, new double[] {1, 1}, 0, 2);
    assertEquals(Reason.NON_FINITE_STATE, solution.status().reason());
    assertEquals(1, solution.status().worstComponent());
    assertEquals(1, solution.stats().evaluations());
    assertEquals(0, solution.status().steps());
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheFieldIsDiscontinuous(Method method) {
    if (method instanceof ButcherTableau tableau && tableau.c(0) > 0) {
      return; // no stage at the start of a step evaluates a jump after it
    }
    VectorField jump = VectorField.of(1, (t, y, dydt) -> dydt[0] = t < 0.7 ? 1 : -1000);
    Solution solution =
        Integrator.of(method, StepSize.Adaptive.of(1e-8, 1e-8))
            .solve(jump, new double[] {1}, 0, 1)
            .orThrow();
    // Only the step across the jump errs: by its length times the jump of 1001, which its estimate
    // keeps below 1e-8 · 300 but for a modest factor.
    assertEquals(1 + 0.7 - 300, solution.last()[0], 1e-4);
  }

  /// A sliding mode: the field points to y = 0 from both sides, so that steps cannot grow.
  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheFieldChatters(Method method) {
    VectorField sliding = VectorField.of(1, (t, y, dydt) -> dydt[0] = -Math.signum(y[0]));
    Status status = solve(method, sliding, 0.5, 0, 10);
    assertTrue(status.succeeded() || status.reason() == Reason.MAX_STEPS, status.message());
  }

  @ParameterizedTest
  @MethodSource("embedded")
  void whenTheStateOverflows(Method method) {
    VectorField huge = VectorField.of(1, (t, y, dydt) -> dydt[0] = 1e308 * Math.abs(y[0]));
    Status status = solve(method, huge, 1, 0, 10);
    assertTrue(!status.succeeded(), status.message());
  }

  /// The squares of `|y|/atol` and `|f|/atol` overflow, and do not determine a first step.
  @ParameterizedTest
  @MethodSource("embedded")
  void whenNormsOverflow(Method method) {
    VectorField decay = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]);
    Status status =
        Integrator.of(method, StepSize.Adaptive.of(0, 1e-6))
            .solve(decay, new double[] {1e170}, 0, 1)
            .status();
    assertTrue(status.reason() == Reason.STEP_SIZE_UNDERFLOW || status.t() > 0, status.message());
    assertTrue(status.steps() < 100_000 || status.t() > 0, status.message());
  }

  @Test
  void whenTimeCannotAdvance() {
    VectorField random = VectorField.of(1, (t, y, dydt) -> dydt[0] = Double.MAX_VALUE);
    double t0 = 1e16;
    Status status = solve(Methods.DOPRI5, random, 1, t0, t0 + 1000);
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, status.reason());
    Status constant =
        Integrator.of(Methods.EULER, StepSize.Constant.of(0.5, 1000))
            .solve(Problem.NON_LINEAR.field(), new double[] {0.5}, t0, t0 + 500)
            .status();
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, constant.reason());
    assertEquals(0, constant.steps());
  }

  @Test
  void whenTheStateIsNotFinite() {
    for (Method method : Methods.all()) {
      Solution solution =
          Integrator.of(method, StepSize.Constant.of(0.5, 2))
              .solve(
                  Noise.fitting(method, new Pendulum()),
                  new double[] {1, Double.POSITIVE_INFINITY},
                  0,
                  1);
      assertEquals(Reason.NON_FINITE_STATE, solution.status().reason());
      assertEquals(1, solution.status().worstComponent());
      assertEquals(0, solution.stats().evaluations());
    }
  }

  /// y ← y + y² doubles the number of digits each step: infinite after about ten.
  @Test
  void whenConstantStepsExplode() {
    Solution solution =
        Integrator.of(Methods.EULER, StepSize.Constant.of(1, 1000))
            .solve(BLOW_UP, new double[] {2}, 0, 1000);
    assertEquals(Reason.NON_FINITE_STATE, solution.status().reason());
    assertTrue(solution.stats().accepted() < 15);
    assertEquals(1, solution.stats().rejected());
    assertTrue(Double.isFinite(solution.last()[0]));
  }

  @Test
  void whenStepsRunOut() {
    Solution solution =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10).withMaxSteps(7))
            .solve(Problem.LINEAR.field(), new double[] {1, 0}, 0, 100);
    assertEquals(Reason.MAX_STEPS, solution.status().reason());
    assertEquals(7, solution.stats().accepted() + solution.stats().rejected());
  }

  private static Status solve(Method method, VectorField field, double y0, double t0, double t1) {
    return Integrator.of(method, StepSize.Adaptive.of(1e-6, 1e-6))
        .solve(field, new double[] {y0}, t0, t1)
        .status();
  }
}
