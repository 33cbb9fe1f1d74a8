package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The order of values, error estimate and dense output, for any number of stages.
class StabilisedMethodsHaveOrderTwo {

  static Stream<Stabilised> methods() {
    return Stream.of(
        Stabilised.rkc(2),
        Stabilised.rkc(3),
        Stabilised.rkc(5),
        Stabilised.rkc(10),
        Stabilised.rkc(40),
        Methods.RKC2);
  }

  /// Slopes between 160 and 320 steps, forward and backward; a slope is 2 + O(h), h < 0.02.
  @ParameterizedTest
  @MethodSource("methods")
  void globally(Stabilised method) {
    double smallest = Double.POSITIVE_INFINITY;
    for (Problem forward : Problem.all()) {
      for (Problem problem : new Problem[] {forward, forward.backward()}) {
        double slope = Math.log(error(method, problem, 160) / error(method, problem, 320));
        slope /= Math.log(2);
        assertTrue(slope > 1.8, method + ", " + problem + ": slope " + slope);
        smallest = Math.min(smallest, slope);
      }
    }
    assertTrue(smallest < 2.2, method + ": smallest slope " + smallest);
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

  /// Errors within one step from an exact value: O(h³), of the derivative O(h²).
  @ParameterizedTest
  @MethodSource("methods")
  void betweenSteps(Stabilised method) {
    for (Problem problem : Problem.all()) {
      double[] coarse = within(method, problem, 0.02);
      double[] fine = within(method, problem, 0.01);
      double value = Math.log(coarse[0] / fine[0]) / Math.log(2);
      double rate = Math.log(coarse[1] / fine[1]) / Math.log(2);
      assertTrue(value > 2.6, method + ", " + problem + ": " + value);
      assertTrue(rate > 1.6, method + ", " + problem + ": " + rate);
    }
  }

  private static double[] within(Method method, Problem problem, double h) {
    double[] worst = new double[2];
    double[] y = new double[problem.field().dimension()];
    double[] dydt = y.clone();
    double[] exactRate = y.clone();
    double t0 = problem.t0();
    Integrator.of(method, StepSize.Constant.of(h, 1))
        .withObserver(
            step -> {
              for (int i = 1; i < 10; i++) {
                double t = t0 + i * h / 10;
                step.interpolate(t, y);
                step.derivative(t, dydt);
                double[] exact = problem.exact().apply(t);
                problem.field().evaluate(t, exact, exactRate);
                worst[0] = Math.max(worst[0], Problem.distance(y, exact));
                worst[1] = Math.max(worst[1], Problem.distance(dydt, exactRate));
              }
            })
        .solve(problem.field(), problem.start(), t0, t0 + h)
        .orThrow();
    return worst;
  }

  /// A field that is finite only at its start has no spectral radius: two stages.
  @Test
  void whereThePowerMethodFails() {
    VectorField blind =
        VectorField.of(1, (t, y, dydt) -> dydt[0] = t == 0 && y[0] != 1 ? Double.NaN : -1);
    double[] last =
        Integrator.of(Methods.RKC2, StepSize.Constant.of(0.1, 10))
            .solve(blind, new double[] {1}, 0, 1)
            .orThrow()
            .last();
    assertEquals(0, last[0], 1e-14);
  }

  /// `h³ y'''/15` for many stages, whose own error is close to that: on `y' = −y` the estimate
  /// measures the distance to `e^{−h}` to better than a factor of 3 either way.
  @Test
  void theEstimateMeasuresTheError() {
    VectorField decay = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]);
    Integrator.of(Stabilised.rkc(20), StepSize.Adaptive.of(1e-6, 1e-6))
        .withObserver(
            step -> {
              double error = Math.abs(step.y1()[0] - step.y0()[0] * Math.exp(-step.h()));
              double estimate = step.error() * (1e-6 + 1e-6 * step.y0()[0]);
              assertEquals(0, Math.log(estimate / error), Math.log(3));
            })
        .solve(decay, new double[] {1}, 0, 1)
        .orThrow();
  }

  /// Cancels after every tenth step and resumes: the same bits and evaluations.
  @ParameterizedTest
  @MethodSource("methods")
  void andGoOnWhereTheyWereStopped(Stabilised method) {
    var integrator = Integrator.of(method, StepSize.Adaptive.of(1e-7, 1e-7));
    Solution whole = integrator.solve(new Pendulum(), new double[] {0.5, 1}, 0, 5).orThrow();
    var stopping =
        integrator.withObserver(
            step -> {
              if (step.index() % 10 == 9) {
                step.cancel();
              }
            });
    Solution part = stopping.solve(new Pendulum(), new double[] {0.5, 1}, 0, 5);
    int parts = 1;
    while (part.status().reason() == Status.Reason.CANCELLED) {
      part = stopping.resume(new Pendulum(), part.checkpoint());
      parts++;
    }
    assertTrue(parts > 3);
    assertArrayEquals(whole.last(), part.last());
    assertEquals(whole.stats(), part.stats());
  }
}
