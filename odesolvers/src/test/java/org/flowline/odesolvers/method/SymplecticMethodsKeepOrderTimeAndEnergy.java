package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.SecondOrderField;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.fixtures.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SymplecticMethodsKeepOrderTimeAndEnergy {

  /// Non-linear, non-autonomous, separable: `q'' = −q³ + g(t)` with `q = ½ + sin t`.
  private static final Problem FORCED =
      new Problem(
          "q'' = −q³ + g(t)",
          SecondOrderField.of(
              1,
              (t, q, a, first) -> {
                double sine = Math.sin(t);
                a[first] = -q[0] * q[0] * q[0] + Math.pow(0.5 + sine, 3) - sine;
              }),
          0.3,
          2.8,
          t -> new double[] {0.5 + Math.sin(t), Math.cos(t)});

  static Stream<Symplectic> methods() {
    return Methods.all().stream().filter(Symplectic.class::isInstance).map(Symplectic.class::cast);
  }

  static Stream<Symplectic> symmetric() {
    return methods().filter(method -> method.order() > 1);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void order(Symplectic method) {
    for (Problem problem : new Problem[] {FORCED, FORCED.backward()}) {
      double slope = EveryTableauHasItsOrder.slope(method, problem);
      assertEquals(method.order(), slope, 0.3, method + ", " + problem);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void orderOfTheDenseOutput(Symplectic method) {
    int q = method.denseOrder();
    for (Problem problem : new Problem[] {FORCED, FORCED.backward()}) {
      double h = (problem.t1() - problem.t0()) / 32;
      double[] coarse = errors(method, problem, h);
      double[] fine = errors(method, problem, h / 2);
      double value = Math.log(coarse[0] / fine[0]) / Math.log(2);
      double rate = Math.log(coarse[1] / fine[1]) / Math.log(2);
      assertTrue(value > q + 1 - 0.4, method + ", " + problem + ": values " + value);
      assertTrue(rate > q - 0.4, method + ", " + problem + ": derivatives " + rate);
      // The error of YOSHIDA4 itself, a large multiple of h⁵, hides its interpolant's h⁴.
      if (method != Methods.YOSHIDA4) {
        assertEquals(q + 1, value, 0.4, method + ", " + problem + ": values");
        assertEquals(q, rate, 0.4, method + ", " + problem + ": derivatives");
      }
    }
  }

  private static double[] errors(Symplectic method, Problem problem, double h) {
    double[] worst = new double[2];
    double[] y = new double[2];
    double[] rate = new double[2];
    for (int start = 0; start < 5; start++) {
      double t0 = problem.t0() + start * (problem.t1() - problem.t0()) / 6;
      Integrator.of(method, StepSize.Constant.of(h, 1))
          .withObserver(
              step -> {
                for (int i = 1; i < 10; i++) {
                  double t = t0 + i * h / 10;
                  double[] exact = problem.exact().apply(t);
                  step.interpolate(t, y);
                  worst[0] = Math.max(worst[0], Problem.distance(y, exact));
                  step.derivative(t, y);
                  problem.field().evaluate(t, exact, rate);
                  worst[1] = Math.max(worst[1], Problem.distance(y, rate));
                }
              })
          .solve(problem.field(), problem.exact().apply(t0), t0, t0 + h)
          .orThrow();
    }
    return worst;
  }

  /// Forward and back on the pendulum over 1000 steps: the composition is its own inverse up to the
  /// rounding of some 10⁴ sums, which a pendulum amplifies in proportion to time.
  @ParameterizedTest
  @MethodSource("symmetric")
  void timeReversibly(Symplectic method) {
    double[] y0 = {0.5, 1};
    double[] there = solve(method, y0, 0.05, 1000);
    double[] back = solve(method, there, -0.05, 1000);
    assertTrue(Problem.distance(there, y0) > 0.1);
    assertArrayEquals(y0, back, 1e-11);
  }

  @Test
  void whichSemiImplicitEulerDoesNot() {
    double[] y0 = {0.5, 1};
    double[] there = solve(Methods.SEMI_IMPLICIT_EULER, y0, 0.05, 10);
    double[] back = solve(Methods.SEMI_IMPLICIT_EULER, there, -0.05, 10);
    assertTrue(Problem.distance(y0, back) > 1e-4);
  }

  /// The error of the energy over 10⁵ steps is as large in the last tenth as in the first: bounded
  /// by a multiple of hᵖ, without drift.
  @ParameterizedTest
  @MethodSource("methods")
  void energyWithoutDrift(Symplectic method) {
    double[] y0 = {0, 1};
    double[] first = new double[1];
    double[] last = new double[1];
    Integrator.of(method, StepSize.Constant.of(0.05, 100_000))
        .withObserver(
            step -> {
              double error = Math.abs(Pendulum.energy(step.y1()) - Pendulum.energy(y0));
              double[] tenth = step.index() < 10_000 ? first : last;
              if (step.index() < 10_000 || step.index() >= 90_000) {
                tenth[0] = Math.max(tenth[0], error);
              }
            })
        .solve(new Pendulum(), y0, 0, 5000)
        .orThrow();
    assertTrue(first[0] > 1e-11, method + ": " + first[0]); // above rounding, a true error
    assertTrue(last[0] < 1.01 * first[0] + 1e-12, method + ": " + first[0] + ", " + last[0]);
    assertTrue(first[0] < Math.pow(0.05, method.order()), method + ": " + first[0]);
  }

  /// One evaluation of `f_w` for each of its weights that is not zero, and the slopes at the ends
  /// of interpolated steps.
  @Test
  void evaluations() {
    double[] y0 = {0.5, 1};
    for (Symplectic method : new Symplectic[] {Methods.LEAPFROG, Methods.YOSHIDA4}) {
      int each = method.order() == 2 ? 1 : 3;
      var integrator = Integrator.of(method, StepSize.Constant.of(0.1, 10));
      assertEquals(10 * each, integrator.solve(new Pendulum(), y0, 0, 1).stats().evaluations());
      Solution one = integrator.solve(new Pendulum(), y0, 0, 0.55, 1);
      assertEquals(10 * each + 2, one.stats().evaluations());
      Solution all = integrator.withObserver(new Trajectory()).solve(new Pendulum(), y0, 0, 1);
      assertEquals(10 * each + 11, all.stats().evaluations());
    }
  }

  /// A symplectic method on a damped oscillator is of order 1, or 2 if it is symmetric.
  @Test
  void butNotTheOrderWhereTheForceDependsOnTheVelocity() {
    double r = 0.2;
    double w = Math.sqrt(1 - r * r);
    var damped =
        new Problem(
            "q'' = −q − 0.4 q'",
            SecondOrderField.damped(1, (t, y, a, first) -> a[first] = -y[0] - 0.4 * y[first]),
            0,
            2,
            t -> {
              double e = Math.exp(-r * t);
              double c = Math.cos(w * t);
              double s = Math.sin(w * t);
              return new double[] {e * c, e * (-r * c - w * s)};
            });
    assertEquals(1, EveryTableauHasItsOrder.slope(Methods.LEAPFROG, damped), 0.1);
    assertEquals(4, EveryTableauHasItsOrder.slope(Methods.RK4, damped), 0.1);
  }

  @Test
  void statesOfSecondOrderFields() {
    SecondOrderField field = SecondOrderField.of(2, (t, q, a, first) -> a[first] = q[1]);
    assertArrayEquals(
        new double[] {1, 2, 3, 4}, field.state(new double[] {1, 2}, new double[] {3, 4}));
    assertEquals(
        "SecondOrderField: 1 positions and 2 velocities, want 2 of each",
        assertThrows(
                IllegalArgumentException.class, () -> field.state(new double[1], new double[2]))
            .getMessage());
    assertEquals(
        "SecondOrderField: 0 positions, want at least 1",
        assertThrows(
                IllegalArgumentException.class, () -> SecondOrderField.of(0, (t, q, a, f) -> {}))
            .getMessage());
  }

  private static double[] solve(Symplectic method, double[] y0, double h, int steps) {
    return Integrator.of(method, StepSize.Constant.of(h, steps))
        .solve(new Pendulum(), y0, 0, h * steps)
        .orThrow()
        .last();
  }
}
