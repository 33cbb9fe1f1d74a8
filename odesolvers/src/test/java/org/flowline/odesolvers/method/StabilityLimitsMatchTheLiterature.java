package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.FieldWithJacobian;
import org.flowline.odesolvers.field.VectorField;
import org.hipparchus.complex.Complex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StabilityLimitsMatchTheLiterature {

  static Stream<Method> methods() {
    return Methods.all().stream()
        .filter(method -> method instanceof ButcherTableau || method instanceof Rosenbrock);
  }

  /// An explicit method with as many stages as its order has the truncated exponential series,
  /// whose limits are in Hairer & Wanner (1996), IV.2: −2, −2, −2.513, −2.785; on the imaginary
  /// axis 0, 0, √3, √8. The limit of DOPRI5, −3.31, is there, too.
  @ParameterizedTest
  @CsvSource({
    "EULER, 2, 0",
    "MIDPOINT, 2, 0",
    "HEUN, 2, 0",
    "RALSTON, 2, 0",
    "HEUN3, 2.51274532661833, 1.73205080756888",
    "SSPRK3, 2.51274532661833, 1.73205080756888",
    "BOSH3, 2.51274532661833, 1.73205080756888",
    "RK4, 2.78529356340528, 2.82842712474619",
    "RK38, 2.78529356340528, 2.82842712474619",
  })
  void ofTruncatedExponentials(String name, double real, double imaginary) {
    // Given in fifteen digits; |R| is computed to some units of 1e-16, at slopes of about 1.
    assertEquals(real, Stability.realLimit(Methods.named(name)), 1e-14);
    assertEquals(imaginary, Stability.imaginaryLimit(Methods.named(name)), 1e-14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EULER", "MIDPOINT", "RALSTON", "HEUN"})
  void ofTwoToTheLastBits(String name) {
    double limit = Stability.realLimit(Methods.named(name));
    assertEquals(2, limit, Math.ulp(2.0), name);
  }

  @Test
  void ofEulerToTheLastBit() {
    assertEquals(2, Stability.realLimit(Methods.EULER));
  }

  @Test
  void ofDormandAndPrince() {
    assertEquals(3.31, Stability.realLimit(Methods.DOPRI5), 0.01);
  }

  @Test
  void ofAStableMethods() {
    for (Method method :
        new Method[] {Methods.BACKWARD_EULER, Methods.IMPLICIT_MIDPOINT, Methods.TRAPEZOID}) {
      assertEquals(Double.POSITIVE_INFINITY, Stability.realLimit(method));
      assertEquals(Double.POSITIVE_INFINITY, Stability.imaginaryLimit(method));
    }
  }

  /// Every step of `y' = λ y`, in both components of a rotation by the complex λ, multiplies by
  /// `R(h λ)`.
  @ParameterizedTest
  @MethodSource("methods")
  void asTheStepsThemselves(Method method) {
    double re = -0.7;
    double im = 0.4;
    double[] end =
        Integrator.of(method, StepSize.Constant.of(0.5, 1))
            .solve(new Rotation(re, im), new double[] {1, 0}, 0, 0.5)
            .orThrow()
            .last();
    Complex r = Stability.function(method, new Complex(0.5 * re, 0.5 * im));
    // The Jacobian is exact, so that Newton's iteration is, too.
    assertEquals(r.getReal(), end[0], 1e-12, method.name());
    assertEquals(r.getImaginary(), end[1], 1e-12, method.name());
  }

  /// `y' = λ y` for `λ = re + i im`.
  private record Rotation(double re, double im) implements FieldWithJacobian {

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      dydt[0] = re * y[0] - im * y[1];
      dydt[1] = im * y[0] + re * y[1];
    }

    @Override
    public void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt) {
      dfdy[0][0] = re;
      dfdy[0][1] = -im;
      dfdy[1][0] = im;
      dfdy[1][1] = re;
    }
  }

  /// Below the limit steps decay, above they grow.
  @ParameterizedTest
  @MethodSource("methods")
  void asTheStepsThemselvesDecayOrGrow(Method method) {
    double limit = Stability.realLimit(method);
    if (Double.isInfinite(limit)) {
      assertTrue(growth(method, 100) <= 1 + 1e-6, method.name());
    } else {
      assertTrue(growth(method, 0.99 * limit) < 1, method.name());
      assertTrue(growth(method, 1.01 * limit) > 1, method.name());
    }
  }

  /// One step of `y' = −y`.
  private static double growth(Method method, double h) {
    return Math.abs(
        Integrator.of(method, StepSize.Constant.of(h, 1))
            .solve(VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]), new double[] {1}, 0, h)
            .orThrow()
            .last()[0]);
  }

  @Test
  void ofMethodsThatHaveNone() {
    assertEquals(
        "stability: LEAPFROG has none, want a Runge–Kutta, Rosenbrock or stabilised method",
        assertThrows(IllegalArgumentException.class, () -> Stability.realLimit(Methods.LEAPFROG))
            .getMessage());
  }
}
