package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.hipparchus.complex.Complex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StabilisedMethodsReachFarAlongTheRealAxis {

  /// One step of `y' = z y`, as far as the interval goes, and just beyond.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 40, 200})
  void theirStepIsStableUpToTheLimit(int s) {
    double limit = Stabilised.rkc(s).realLimit();
    for (int i = 1; i <= 1000; i++) {
      double z = -limit * i / 1000;
      double y1 = step(s, z);
      assertTrue(Math.abs(y1) <= 1 + 1e-10, "z = " + z + ": " + y1);
      Complex p = Stabilised.rkc(s).stability(new Complex(z));
      // Rounding grows with s², here to 40 000 units in the last place.
      assertEquals(p.getReal(), y1, 1e-10, "z = " + z);
      assertTrue(p.getImaginary() == 0);
    }
    // An odd P falls to −1 before it leaves the interval.
    assertTrue(Math.abs(step(s, -(s % 2 == 0 ? 1.02 : 1.2) * limit)) > 1);
    // The paper's bound, sharp for large s.
    double bound = 2.0 / 3 * (s * s - 1) * (1 - 2.0 / 15 * 2 / 13);
    assertEquals(bound, limit, 0.01 * bound + 0.2);
  }

  /// Damping keeps `|P|` away from 1 inside: at most 1 − ε/3 after the first tenth.
  @ParameterizedTest
  @ValueSource(ints = {5, 10, 40})
  void andDamped(int s) {
    double limit = Stabilised.rkc(s).realLimit();
    for (int i = 100; i <= 990; i++) {
      double p = Stabilised.rkc(s).stability(new Complex(-limit * i / 1000)).norm();
      assertTrue(p <= 1 - 2.0 / 13 / 3 + 0.01, "at " + i / 10.0 + " %: " + p);
    }
  }

  /// The series of the exponential up to z², also at complex z: the remainder is O(z³).
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10, 40, 200})
  void andTheirFunctionIsTheExponentialToSecondOrder(int s) {
    Complex z = new Complex(-0.01, 0.02);
    Complex p = Stabilised.rkc(s).stability(z);
    assertTrue(p.subtract(z.exp()).norm() < Math.pow(z.norm(), 3) / 6 * 1.1);
    Complex series = z.multiply(z).divide(2).add(z).add(1);
    assertTrue(p.subtract(series).norm() < Math.pow(z.norm(), 3) / 6);
  }

  /// One hundred points of `u_t = u_xx` with two modes, whose decay is known: a spectral radius of
  /// 40 800 until t = 0.1.
  @Test
  void soTheySolveDiffusionWithFarFewerEvaluations() {
    int n = 100;
    VectorField heat = heat(n);
    double[] y0 = modes(n, 0);
    Solution stabilised =
        Integrator.of(Methods.RKC2, StepSize.Adaptive.of(1e-4, 1e-4))
            .solve(heat, y0, 0, 0.1)
            .orThrow();
    Solution explicit =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4))
            .solve(heat, y0, 0, 0.1)
            .orThrow();
    double error = Problem.distance(stabilised.last(), modes(n, 0.1));
    assertTrue(error < 1e-3, "error " + error);
    assertTrue(modes(n, 0.1)[n / 2] > 0.3);
    long few = stabilised.stats().evaluations();
    long many = explicit.stats().evaluations();
    assertTrue(few * 10 < many, few + " and " + many);
  }

  /// `y' = −λ(t) (y − cos t) − sin t` with `λ` from 10 to 100 000 in unit time, where `y = cos t`:
  /// the number of stages follows, and errors stay near the tolerance.
  @Test
  void andFollowASpectrumThatGrows() {
    double tolerance = 1e-5;
    VectorField stiffening =
        VectorField.of(
            1,
            (t, y, dydt) -> {
              double lambda = 10 * Math.pow(10_000, t);
              dydt[0] = -lambda * (y[0] - Math.cos(t)) - Math.sin(t);
            });
    Solution solution =
        Integrator.of(Methods.RKC2, StepSize.Adaptive.of(tolerance, tolerance))
            .solve(stiffening, new double[] {1}, 0, 1)
            .orThrow();
    assertEquals(Math.cos(1), solution.last()[0], 10 * tolerance);
    // Explicitly, steps of 2/λ would take ∫ λ/2 dt = 5400 evaluations at the very least.
    assertTrue(solution.stats().evaluations() < 2000, solution.stats().toString());
  }

  private static VectorField heat(int n) {
    double scale = (n + 1.0) * (n + 1);
    return VectorField.of(
        n,
        (t, y, dydt) -> {
          for (int i = 0; i < n; i++) {
            double left = i == 0 ? 0 : y[i - 1];
            double right = i == n - 1 ? 0 : y[i + 1];
            dydt[i] = scale * (left - 2 * y[i] + right);
          }
        });
  }

  /// `Σ e^{−λ_m t} sin(m π x)`, `m = 1, 20`, `λ_m = 4 (n + 1)² sin²(m π / (2 (n + 1)))`.
  private static double[] modes(int n, double t) {
    double[] y = new double[n];
    for (int mode : new int[] {1, 20}) {
      double sine = Math.sin(mode * Math.PI / (2 * (n + 1.0)));
      double lambda = 4 * (n + 1.0) * (n + 1) * sine * sine;
      for (int i = 0; i < n; i++) {
        y[i] += Math.exp(-lambda * t) * Math.sin(mode * Math.PI * (i + 1) / (n + 1));
      }
    }
    return y;
  }

  /// The gradient flow of `½ Σ λ_i x_i²`, `λ = 1 … 1000`, until the distance to the minimum is a
  /// hundredth: Euler at its best step 2/(λ_1 + λ_n) takes `κ ln(100)/2 = 2300` gradients, the
  /// stabilised method O(√κ): six steps, to 0.42 each, of 30.
  @Test
  void andDescendFasterThanGradientDescent() {
    int n = 50;
    double[] lambda = new double[n];
    double[] x0 = new double[n];
    for (int i = 0; i < n; i++) {
      lambda[i] = Math.pow(1000, i / (n - 1.0));
      x0[i] = 1;
    }
    VectorField descent =
        VectorField.of(
            n,
            (t, x, dxdt) -> {
              for (int i = 0; i < n; i++) {
                dxdt[i] = -lambda[i] * x[i];
              }
            });
    long steepest = gradients(Methods.EULER, 2.0 / 1001, descent, x0);
    Stabilised method = Stabilised.descent(30);
    long stabilised = gradients(method, method.realLimit() / 1000, descent, x0);
    assertTrue(stabilised <= 6 * 30 + 1, stabilised + " and " + steepest);
    assertTrue(steepest > 2000);
  }

  /// Descends until the distance to the minimum is a hundredth of the initial one.
  private static long gradients(Method method, double h, VectorField field, double[] x0) {
    Event near = Event.stop("near", (t, x) -> Problem.distance(x, new double[x.length]) - 0.01);
    int steps = 100_000;
    return Integrator.of(method, StepSize.Constant.of(h, steps))
        .withEvent(near)
        .solve(field, x0, 0, steps * h)
        .orThrow()
        .stats()
        .evaluations();
  }

  /// `|P| ≤ 1/T_s(w_0) = 0.42` beyond the initial part, both of the function and of a step.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 30})
  void withStrongDampingEverywhere(int s) {
    Stabilised method = Stabilised.descent(s);
    double limit = method.realLimit();
    double w0 = 1 + 1.17 / (s * s);
    double least = 1 / Math.cosh(s * Math.log(w0 + Math.sqrt(w0 * w0 - 1)));
    assertEquals(1.19 * s * s, limit, 0.03 * s * s + 0.5);
    for (int i = 1; i <= 1000; i++) {
      double z = -limit * i / 1000;
      double p = method.stability(new Complex(z)).getReal();
      assertEquals(p, step(method, z), 1e-12);
      assertTrue(Math.abs(p) <= (z < -1.3 ? least + 1e-12 : 1), "z = " + z + ": " + p);
    }
  }

  private static double step(int s, double z) {
    return step(Stabilised.rkc(s), z);
  }

  private static double step(Stabilised method, double z) {
    return Integrator.of(method, StepSize.Constant.of(1, 1))
        .solve(VectorField.of(1, (t, y, dydt) -> dydt[0] = z * y[0]), new double[] {1}, 0, 1)
        .last()[0];
  }
}
