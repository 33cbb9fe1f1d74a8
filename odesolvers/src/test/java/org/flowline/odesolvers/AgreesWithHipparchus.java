package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.Stream;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An independent code and a method of another order, both at tight tolerance.
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
            VectorField.of(3, AgreesWithHipparchus::lorenz),
            new double[] {1, 0, 0},
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
            VectorField.of(28, AgreesWithHipparchus::pleiades),
            PLEIADES.clone(),
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
    var peer = new DormandPrince853Integrator(1e-12, 10, 1e-12, 1e-12);
    double[] want =
        peer.integrate(
                equation(problem.field()),
                new ODEState(problem.t0(), problem.y0().clone()),
                problem.t1())
            .getPrimaryState();
    for (Method method : new Method[] {Methods.DOPRI5, Methods.TSIT5}) {
      double[] last =
          Integrator.of(method, StepSize.Adaptive.of(1e-12, 1e-12))
              .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
              .orThrow()
              .last();
      assertArrayEquals(want, last, problem.tolerance(), method.name());
    }
  }

  private static OrdinaryDifferentialEquation equation(VectorField field) {
    return new OrdinaryDifferentialEquation() {
      @Override
      public int getDimension() {
        return field.dimension();
      }

      @Override
      public double[] computeDerivatives(double t, double[] y) {
        double[] dydt = new double[y.length];
        field.evaluate(t, y, dydt);
        return dydt;
      }
    };
  }

  private static final double[] PLEIADES = {
    3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0,
    0
  };

  private static void lorenz(double t, double[] y, double[] dydt) {
    dydt[0] = 10 * (y[1] - y[0]);
    dydt[1] = y[0] * (28 - y[2]) - y[1];
    dydt[2] = y[0] * y[1] - 8.0 / 3 * y[2];
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

  /// Seven bodies of masses 1 … 7 in the plane: positions x, y, then velocities.
  private static void pleiades(double t, double[] y, double[] dydt) {
    for (int i = 0; i < 7; i++) {
      double ax = 0;
      double ay = 0;
      for (int j = 0; j < 7; j++) {
        if (i != j) {
          double dx = y[j] - y[i];
          double dy = y[7 + j] - y[7 + i];
          double r2 = dx * dx + dy * dy;
          double r3 = r2 * Math.sqrt(r2);
          ax += (j + 1) * dx / r3;
          ay += (j + 1) * dy / r3;
        }
      }
      dydt[i] = y[14 + i];
      dydt[7 + i] = y[21 + i];
      dydt[14 + i] = ax;
      dydt[21 + i] = ay;
    }
  }
}
