package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `y' = y^−q` from a start near zero, above and below the absolute tolerance,
///
///     y(t)^{q+1} = y0^{q+1} + (q + 1) t
///
/// Near the start the slope is so steep that it damps every change of an implicit stage to the size
/// of `y0`: small changes, none of which leads to a solution.
class StagesAreSolvedBelowTheTolerance {

  private static final double RTOL = 1e-3;

  static Stream<Method> methods() {
    return Methods.all().stream()
        .filter(Method::embedded)
        .filter(
            method ->
                method instanceof Rosenbrock
                    || method instanceof ButcherTableau tableau && !tableau.explicit());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void ofPowersAtEveryScale(Method method) {
    for (double q : new double[] {0.5, 1, 3}) {
      for (double start : new double[] {1e-12, 1e-9, 1e-4}) {
        for (double atol : new double[] {1e-15, 1e-12, 1e-6, 1e-4}) {
          check(method, new Power(q, 1, 1), start, atol);
          check(method, new Power(q, 1, 1).withoutJacobian(), start, atol);
        }
      }
    }
    for (double size : new double[] {1e-250, 1e-100, 1e100, 1e250}) {
      check(method, new Power(1, size, 1), 1e-12, 1e-6);
    }
    for (double time : new double[] {1e-15, 1e-5, 1e5, 1e15}) {
      check(method, new Power(1, 1, time), 1e-12, 1e-6);
    }
  }

  /// A second component, whose changes are larger, does not hide the first.
  @ParameterizedTest
  @MethodSource("methods")
  void besideOtherComponents(Method method) {
    VectorField field =
        VectorField.of(
            2,
            (_, y, dydt) -> {
              dydt[0] = 1 / y[0];
              dydt[1] = -1e3 * y[1];
            });
    Solution solution =
        Integrator.of(method, StepSize.Adaptive.of(RTOL, 1e-6))
            .solve(field, new double[] {1e-12, 1}, 0, 1)
            .orThrow();
    assertEquals(Math.sqrt(2), solution.last()[0], 0.01, method.name());
  }

  private static void check(Method method, VectorField field, double start, double atol) {
    var power = field instanceof Power jacobian ? jacobian : ((WithoutJacobian) field).power();
    Solution solution =
        Integrator.of(method, StepSize.Adaptive.of(RTOL, atol * power.size))
            .solve(field, new double[] {start * power.size}, 0, power.time);
    String what = "%s, %s, y0 = %s, atol = %s".formatted(method.name(), field, start, atol);
    assertTrue(solution.status().succeeded(), what + ": " + solution.status().message());
    double q = power.q;
    double exact = Math.pow(Math.pow(start, q + 1) + q + 1, 1 / (q + 1));
    // Errors of steps do not grow: their sum is the tolerance times the decades of the solution.
    assertEquals(exact, solution.last()[0] / power.size, 10 * RTOL * exact, what);
  }

  /// `y' = (s/T) (s/y)^q` with `s` the size of `y`, and `T` the time.
  private record Power(double q, double size, double time) implements FieldWithJacobian {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = size / time * Math.pow(size / y[0], q);
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      dfdy[0][0] = -q / time * Math.pow(size / y[0], q + 1);
    }

    VectorField withoutJacobian() {
      return new WithoutJacobian(this);
    }
  }

  private record WithoutJacobian(Power power) implements VectorField {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      power.evaluate(t, y, dydt);
    }
  }
}
