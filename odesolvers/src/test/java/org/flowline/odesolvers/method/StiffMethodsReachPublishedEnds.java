package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.problems.StiffProblems;
import org.flowline.odesolvers.problems.TestProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Robertson to `t = 1e11`, Van der Pol with `μ = 1000`, HIRES and the Oregonator: every component
/// to its published value, with the exact Jacobian and with one by differences.
class StiffMethodsReachPublishedEnds {

  /// The amplification of the errors of steps; the largest observed factor is 81.
  private static final double AMPLIFICATION = 200;

  private static final List<Method> METHODS =
      List.of(
          Methods.KVAERNO3,
          Methods.KVAERNO4,
          Methods.KVAERNO5,
          Methods.RODAS5P,
          Methods.ROSENBROCK23,
          Methods.TRBDF2);

  static Stream<Arguments> cases() {
    return StiffProblems.all().stream()
        .flatMap(problem -> METHODS.stream().map(method -> Arguments.of(problem, method)));
  }

  /// The global error of `O(hᵖ)`, if the error `O(hᵏ)` of a step is held at the tolerance, is about
  /// `tolerance^{p/k}`: the tolerance itself, but for the methods of order 2, where `k = 3`.
  @ParameterizedTest
  @MethodSource("cases")
  void withAndWithoutAJacobian(TestProblem problem, Method method) {
    double tolerance = method.order() == 2 ? 1e-7 : 1e-8;
    double error = Math.pow(tolerance, Math.min(1, (double) method.order() / method.errorOrder()));
    Solution exact = solve(problem, method, tolerance);
    Solution differences = solve(problem.withoutJacobian(), method, tolerance);
    for (Solution solution : List.of(exact, differences)) {
      double[] last = solution.last();
      double[] want = problem.end();
      for (int i = 0; i < want.length; i++) {
        double relative = Math.abs(last[i] / want[i] - 1);
        assertTrue(
            relative <= AMPLIFICATION * error,
            "component %d: %s, want %s".formatted(i, last[i], want[i]));
      }
    }
    assertTrue(exact.stats().evaluations() < differences.stats().evaluations());
  }

  /// Robertson's second component is 1e-5 and falls to 1e-13: increments of differences must use
  /// the tolerance as the size of negligible components.
  @Test
  void differencesCostNoStepsOnTinyComponents() {
    Solution exact = solve(StiffProblems.ROBERTSON, Methods.RODAS5P, 1e-7);
    Solution differences = solve(StiffProblems.ROBERTSON.withoutJacobian(), Methods.RODAS5P, 1e-7);
    long steps = exact.stats().accepted();
    assertTrue(differences.stats().accepted() < 1.1 * steps, differences.stats() + " " + steps);
  }

  private static Solution solve(TestProblem problem, Method method, double tolerance) {
    return Integrator.of(method, StepSize.Adaptive.of(problem.tolerance(tolerance)))
        .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
        .orThrow();
  }

  static Stream<TestProblem> problems() {
    return StiffProblems.all().stream();
  }

  /// Compares with central differences along the solution: fields of degree 2, and 3 with a third
  /// derivative of 6 μ, differ from their slopes by rounding alone, of about `ε/δ` in units of the
  /// largest entries.
  @ParameterizedTest
  @MethodSource("problems")
  void theirJacobiansAreTheSlopesOfTheirFields(TestProblem problem) {
    var field = (FieldWithJacobian) problem.field();
    int n = field.dimension();
    double[] times = {problem.t0(), 1e-3 * problem.t1(), 0.4 * problem.t1(), problem.t1()};
    double[][] states =
        Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(problem.tolerance(1e-6)))
            .solve(field, problem.y0(), times)
            .orThrow()
            .values();
    for (double[] y : states) {
      double[][] dfdy = new double[n][n];
      double[] dfdt = new double[n];
      field.jacobian(problem.t0(), y, dfdy, dfdt);
      for (int j = 0; j < n; j++) {
        double[] slopes = differences(field, y, j, 1e-5 * Math.max(1e-3, Math.abs(y[j])));
        for (int i = 0; i < n; i++) {
          double size = Math.max(1, Math.abs(slopes[i]));
          assertEquals(slopes[i], dfdy[i][j], 1e-6 * size, "∂f%d/∂y%d".formatted(i, j));
        }
      }
    }
  }

  private static double[] differences(VectorField field, double[] y, int j, double delta) {
    double[] right = y.clone();
    double[] left = y.clone();
    right[j] += delta;
    left[j] -= delta;
    double[] slopes = new double[y.length];
    double[] other = new double[y.length];
    field.evaluate(0, right, slopes);
    field.evaluate(0, left, other);
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = (slopes[i] - other[i]) / (right[j] - left[j]);
    }
    return slopes;
  }
}
