package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Rosenbrock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Jacobians and time derivatives by differences, at states of 1e-300 to 1e300, at times of 1e-15
/// to 1e15 and far from the time's origin, against the scaled solution or exact derivatives.
class DifferencesFitTheScaleOfTheState {

  private static final double[] SIZES = {1e-300, 1e-200, 1e-100, 1e-14, 1, 1e14, 1e100, 1e200};

  static Stream<Method> methods() {
    return Methods.all().stream()
        .filter(
            method ->
                method instanceof Rosenbrock
                    || method instanceof ButcherTableau tableau && !tableau.explicit());
  }

  /// `y' = −y²/(s T)` from `y = s` to `t = 2 T`, in fixed steps: `y/s` falls to a third, up to the
  /// method's own error, which does not depend on `s` and `T`.
  @ParameterizedTest
  @MethodSource("methods")
  void inFixedSteps(Method method) {
    double unit = decay(method, 1, new double[] {1})[0];
    assertEquals(1.0 / 3, unit, method.order() == 1 ? 0.02 : 1e-3);
    for (double time : new double[] {1e-15, 1e-5, 1, 1e5, 1e15}) {
      for (double size : SIZES) {
        if (size * Math.min(1, 1 / time) < 1e-300) {
          continue; // slopes would lose digits below the smallest normal number
        }
        double[] last = decay(method, time, new double[] {size});
        // Errors of a Jacobian by differences are 1e-8 of the method's own.
        assertEquals(unit, last[0] / size, 1e-10, "s = %s, T = %s".formatted(size, time));
      }
    }
  }

  /// All sizes in one system.
  @ParameterizedTest
  @MethodSource("methods")
  void ofEveryComponent(Method method) {
    double unit = decay(method, 1, new double[] {1})[0];
    double[] last = decay(method, 1, SIZES);
    for (int j = 0; j < SIZES.length; j++) {
      assertEquals(unit, last[j] / SIZES[j], 1e-10, "s = " + SIZES[j]);
    }
  }

  private static double[] decay(Method method, double time, double[] sizes) {
    VectorField field =
        VectorField.of(
            sizes.length,
            (_, y, dydt) -> {
              for (int j = 0; j < y.length; j++) {
                dydt[j] = -y[j] * (y[j] / sizes[j]) / time;
              }
            });
    StepSize.Constant steps = StepSize.Constant.of(time / 16, 32);
    return Integrator.of(method, steps).solve(field, sizes, 0, 2 * time).orThrow().last();
  }

  /// A component that starts at zero, or is driven through it, in units of `s`:
  ///
  ///     u' = s cos t        v' = u − v²/s
  @ParameterizedTest
  @MethodSource("methods")
  void ofComponentsThatPassThroughZero(Method method) {
    double[] unit = driven(method, 1);
    for (double size : new double[] {1e-200, 1e-14, 1e14, 1e200}) {
      double[] last = driven(method, size);
      for (int j = 0; j < 2; j++) {
        assertEquals(unit[j], last[j] / size, 1e-7, "s = " + size);
      }
    }
  }

  private static double[] driven(Method method, double size) {
    VectorField field =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              dydt[0] = size * Math.cos(t);
              dydt[1] = y[0] - y[1] * (y[1] / size);
            });
    return Integrator.of(method, StepSize.Constant.of(0.0625, 64))
        .solve(field, new double[2], 0, 4)
        .orThrow()
        .last();
  }

  /// The time derivative of Rosenbrock methods, at times from 0 to the seconds since 1970 and at
  /// scales of 1e-15 to 1e15, against the exact one.
  @ParameterizedTest
  @MethodSource("rosenbrock")
  void ofTheTime(Method method) {
    for (double scale : new double[] {1e-15, 1e-6, 1, 1e6, 1e15}) {
      for (double origin : new double[] {0, 1, 1e3, 1e6, 1.7e9}) {
        double t0 = origin * scale;
        double[] times = {t0, t0 + 2 * scale};
        VectorField exact = new Clocked(t0, scale);
        VectorField differences = VectorField.of(1, exact::evaluate);
        StepSize.Adaptive size = StepSize.Adaptive.of(1e-5, 1e-5);
        Integrator integrator = Integrator.of(method, size);
        Solution want = integrator.solve(exact, new double[] {1}, times).orThrow();
        Solution last = integrator.solve(differences, new double[] {1}, times).orThrow();
        String what = Arrays.toString(times);
        assertEquals(want.last()[0], last.last()[0], 1e-6, what);
        assertTrue(last.stats().accepted() <= want.stats().accepted() + 1, what);
      }
    }
  }

  /// The spectral radius of stabilised methods, from a start at zero or beside it:
  ///
  ///     y' = −100 (y + y²/s − 2 s)
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void ofTheSpectralRadius(double start) {
    Solution unit = stabilised(1, start);
    assertEquals(1, unit.last()[0], 1e-4);
    for (double size : new double[] {1e-300, 1e-200, 1e-14, 1e14, 1e200, 1e300}) {
      Solution scaled = stabilised(size, start);
      assertEquals(unit.last()[0], scaled.last()[0] / size, 1e-5, "s = " + size);
      assertTrue(
          scaled.stats().evaluations() < 1.2 * unit.stats().evaluations(),
          scaled.stats() + ", want " + unit.stats());
    }
  }

  private static Solution stabilised(double size, double start) {
    VectorField field =
        VectorField.of(
            2,
            (_, y, dydt) -> {
              dydt[0] = -100 * (y[0] + y[0] * (y[0] / size) - 2 * size);
              dydt[1] = -100 * y[1];
            });
    return Integrator.of(Methods.RKC2, StepSize.Adaptive.of(1e-5, 1e-5 * size))
        .solve(field, new double[] {start * size, start * size}, 0, 1)
        .orThrow();
  }

  static Stream<Method> rosenbrock() {
    return methods().filter(Rosenbrock.class::isInstance);
  }

  /// `y' = (sin 3τ − y)/T`, `τ = (t − t0)/T`.
  private record Clocked(double t0, double time) implements FieldWithJacobian {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = (Math.sin(3 * ((t - t0) / time)) - y[0]) / time;
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      dfdy[0][0] = -1 / time;
      dfdt[0] = 3 * Math.cos(3 * ((t - t0) / time)) / time / time;
    }
  }
}
