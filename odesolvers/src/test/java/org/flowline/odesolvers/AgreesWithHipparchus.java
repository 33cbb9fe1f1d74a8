package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.Stream;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Hipparchus;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.ClassicProblems;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares with an independent code and a method of another order, both at tight tolerance.
class AgreesWithHipparchus {

  /// @param tolerance the problem's amplification times the sum of both codes' local errors
  record Case(String name, VectorField field, double[] y0, double t0, double t1, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "Lorenz",
            ClassicProblems.LORENZ.field(),
            ClassicProblems.LORENZ.y0(),
            0,
            5,
            1e-7), // e^{0.9·5} ≈ 100, a few hundred steps at 1e-12 of 40
        new Case(
            "Van der Pol",
            VectorField.of(2, AgreesWithHipparchus::vanDerPol),
            new double[] {2, 0},
            0,
            20,
            1e-8),
        new Case(
            "Pleiades",
            ClassicProblems.PLEIADES.field(),
            ClassicProblems.PLEIADES.y0(),
            0,
            3,
            1e-7), // two close encounters, each amplifying about a hundredfold
        new Case(
            "Lotka and Volterra, backward",
            VectorField.of(2, AgreesWithHipparchus::predatorPrey),
            new double[] {1, 2},
            10,
            0,
            1e-8),
        new Case(
            "forced oscillator",
            VectorField.of(2, AgreesWithHipparchus::forced),
            new double[] {1, 0},
            -3,
            12,
            1e-8));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void atTightTolerance(Case problem) {
    double[] want =
        Hipparchus.end(problem.field(), problem.y0(), problem.t0(), problem.t1(), 1e-12);
    for (Method method : new Method[] {Methods.DOPRI5, Methods.TSIT5}) {
      double[] last =
          Integrator.of(method, StepSize.Adaptive.of(1e-12, 1e-12))
              .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
              .orThrow()
              .last();
      assertArrayEquals(want, last, problem.tolerance(), method.name());
    }
  }

  private static void vanDerPol(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = 2 * (1 - y[0] * y[0]) * y[1] - y[0];
  }

  private static void predatorPrey(double t, double[] y, double[] dydt) {
    dydt[0] = y[0] * (1.1 - 0.4 * y[1]);
    dydt[1] = y[1] * (0.1 * y[0] - 0.4);
  }

  private static void forced(double t, double[] y, double[] dydt) {
    dydt[0] = y[1];
    dydt[1] = -y[0] - 0.1 * y[1] + Math.cos(1.3 * t);
  }
}
