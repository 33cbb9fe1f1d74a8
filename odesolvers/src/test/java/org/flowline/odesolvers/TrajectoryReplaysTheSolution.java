package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.fixtures.Noise;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrajectoryReplaysTheSolution {

  static Stream<Method> methods() {
    return Methods.all().stream();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void stepByStep(Method method) {
    for (double h : new double[] {0.125, -0.125}) {
      var trajectory = new Trajectory();
      double[][] seen = new double[16][];
      double[][] slopes = new double[16][];
      var integrator =
          Integrator.of(method, StepSize.Constant.of(h, 16))
              .withObserver(trajectory)
              .withObserver(
                  step -> {
                    seen[(int) step.index()] = step.y0().clone();
                    slopes[(int) step.index()] = step.slope(step.method().stages() - 1).clone();
                  });
      Solution solution =
          integrator.solve(
              Noise.fitting(method, new Pendulum()), new double[] {0.5, 1}, 1, 1 + 16 * h);
      assertEquals(16, trajectory.steps());
      assertEquals(method, trajectory.method());
      assertEquals(1, trajectory.start());
      assertEquals(1 + 16 * h, trajectory.end());
      double[] out = new double[2];
      for (int n = 0; n < 16; n++) {
        trajectory.copyState(n, out);
        assertArrayEquals(seen[n], out);
        trajectory.copySlope(n, method.stages() - 1, out);
        assertArrayEquals(slopes[n], out);
        assertEquals(1 + n * h, trajectory.t(n));
        assertEquals(1 + (n + 1) * h, trajectory.end(n));
        assertEquals(h, trajectory.h(n));
        assertEquals(n, trajectory.find(1 + n * h));
        assertEquals(n, trajectory.find(1 + (n + 0.3) * h));
        trajectory.evaluate(1 + n * h, out);
        assertArrayEquals(seen[n], out);
      }
      assertEquals(15, trajectory.find(trajectory.end()));
      trajectory.evaluate(trajectory.end(), out);
      assertArrayEquals(solution.last(), out);
      trajectory.copyLastState(out);
      assertArrayEquals(solution.last(), out);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void betweenStepsLikeTheStepsThemselves(Method method) {
    var trajectory = new Trajectory();
    double[][] values = new double[2][2];
    double[][] rates = new double[2][2];
    Integrator.of(method, StepSize.Constant.of(0.25, 2))
        .withObserver(trajectory)
        .withObserver(
            step -> {
              step.interpolate(step.t() + 0.1, values[(int) step.index()]);
              step.derivative(step.end(), rates[(int) step.index()]);
            })
        .solve(Noise.fitting(method, new Pendulum()), new double[] {0.5, 1}, 0, 0.5);
    double[] out = new double[2];
    trajectory.evaluate(0.1, out);
    assertArrayEquals(values[0], out);
    trajectory.evaluate(0.25 + 0.1, out);
    assertArrayEquals(values[1], out);
    trajectory.derivative(0.5, out);
    assertArrayEquals(rates[1], out);
  }

  /// Every dense output reproduces straight lines, with a slope exact up to rounding.
  @ParameterizedTest
  @MethodSource("methods")
  void aStraightLineStaysOne(Method method) {
    var line = new Trajectory();
    var field =
        new PartitionedField() {
          @Override
          public int dimension() {
            return 2;
          }

          @Override
          public int split() {
            return 1;
          }

          @Override
          public void evaluateFirst(double t, double[] y, double[] dydt) {
            dydt[0] = 3;
          }

          @Override
          public void evaluateSecond(double t, double[] y, double[] dydt) {
            dydt[1] = -2;
          }
        };
    Integrator.of(method, StepSize.Constant.of(0.5, 2))
        .withObserver(line)
        .solve(Noise.none(method, field), new double[] {1, 5}, 0, 1);
    double[] out = new double[2];
    line.evaluate(0.7, out);
    assertArrayEquals(new double[] {1 + 3 * 0.7, 5 - 2 * 0.7}, out, 1e-13);
    line.derivative(0.7, out);
    assertArrayEquals(new double[] {3, -2}, out, 1e-12);
  }

  @Test
  void evenWhenItIsUsedAgainForAnotherProblem() {
    var trajectory = new Trajectory();
    var integrator =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6)).withObserver(trajectory);
    integrator.solve(Problem.LINEAR.field(), new double[] {1, 0}, 0, 50).orThrow();
    long bytes = trajectory.bytes();
    trajectory.clear();
    assertEquals(0, trajectory.steps());
    assertEquals(bytes, trajectory.bytes());
    Solution logistic =
        integrator.solve(Problem.NON_LINEAR.field(), new double[] {0.2}, 1, 0).orThrow();
    double[] y = new double[1];
    trajectory.evaluate(0, y);
    assertArrayEquals(logistic.last(), y);
    assertEquals(1, trajectory.dimension());
  }

  @Test
  void andGoesOnWhereAnotherSolveStopped() {
    var trajectory = new Trajectory();
    var integrator =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8)).withObserver(trajectory);
    Problem problem = Problem.NON_AUTONOMOUS;
    Solution half = integrator.solve(problem.field(), problem.start(), 0.5, 1.5).orThrow();
    integrator.solve(problem.field(), half.last(), 1.5, 3).orThrow();
    assertEquals(3, trajectory.end());
    assertThrows(
        IllegalStateException.class,
        () -> integrator.solve(problem.field(), problem.start(), 0.5, 1.5));
    double[] y = new double[1];
    trajectory.evaluate(2.2, y);
    assertTrue(Problem.distance(y, problem.exact().apply(2.2)) < 1e-6); // O(h⁵) between steps
  }
}
