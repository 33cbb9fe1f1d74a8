package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class TolerancesHoldPerComponent {

  /// A smooth component beside a fast one.
  private static final VectorField PAIR =
      VectorField.of(
          2,
          (t, y, dydt) -> {
            dydt[0] = Math.cos(t);
            dydt[1] = 50 * Math.cos(50 * t);
          });

  private static final double[] Y0 = {0, 0};

  @Test
  void equalOnesAreTheCommonOne() {
    Tolerance each = new Tolerance(new double[] {1e-6, 1e-6}, new double[] {1e-8, 1e-8});
    Solution one = solve(Adaptive.of(1e-6, 1e-8));
    assertArrayEquals(one.last(), solve(Adaptive.of(each)).last());
    assertEquals(one.stats(), solve(Adaptive.of(each)).stats());
  }

  @Test
  void aLooserComponentCostsLess() {
    Tolerance loose = new Tolerance(new double[] {1e-8}, new double[] {1e-8, 1e-2});
    Solution strict = solve(Adaptive.of(1e-8, 1e-8));
    Solution relaxed = solve(Adaptive.of(loose));
    assertTrue(relaxed.stats().evaluations() < strict.stats().evaluations() / 2);
    assertEquals(Math.sin(2), relaxed.last()[0], 1e-6);
  }

  /// A seminorm: the steps equal the steps of the smooth component alone.
  @Test
  void aComponentLeftOutDoesNotMatter() {
    VectorField alone = VectorField.of(1, (t, y, dydt) -> dydt[0] = Math.cos(t));
    Solution smooth =
        Integrator.of(Methods.TSIT5, Adaptive.of(1e-8, 1e-8)).solve(alone, new double[] {0}, 0, 2);
    Solution pair = solve(Adaptive.of(Tolerance.only(1e-8, 1e-8, 0, 1, 2)));
    assertEquals(smooth.stats(), pair.stats());
    assertEquals(smooth.last()[0], pair.last()[0]);
    assertTrue(Double.isFinite(pair.last()[1]));
  }

  /// Newton's iterations must solve for a stiff component that the norm leaves out:
  /// `y' = −1000 (y³ − cos t)` ends near the cube root of cos 1.
  @Test
  void implicitStagesAreSolvedInAllComponents() {
    VectorField field =
        VectorField.of(
            2,
            (t, y, dydt) -> {
              dydt[0] = 0;
              dydt[1] = -1000 * (y[1] * y[1] * y[1] - Math.cos(t));
            });
    for (Method method : new Method[] {Methods.KVAERNO5, Methods.TRBDF2}) {
      Solution solution =
          Integrator.of(method, Adaptive.of(Tolerance.only(1e-6, 1e-6, 0, 1, 2)).withMaxStep(0.01))
              .solve(field, new double[] {1, 1}, 0, 1)
              .orThrow();
      assertEquals(Math.cbrt(Math.cos(1)), solution.last()[1], 1e-3, method.name());
    }
  }

  @Test
  void wrongNumbersOfThemAreRefused() {
    says(
        "Tolerance: 3 values of atol for 2 components, want one or 2",
        () -> solve(Adaptive.of(new Tolerance(new double[] {1e-6}, new double[3]))),
        () -> solve(Adaptive.of(new Tolerance(new double[] {1e-6}, new double[] {1, 1, 1}))));
  }

  @Test
  void senselessOnesAreRefused() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThrows(IllegalArgumentException.class, () -> Tolerance.of(1, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> Tolerance.of(-1, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> Tolerance.of(Double.NaN, 1e-6));
    assertThrows(IllegalArgumentException.class, () -> Tolerance.of(1e-6, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Tolerance.of(1e-6, infinity));
    assertThrows(IllegalArgumentException.class, () -> Tolerance.only(1e-6, 1e-6, 1, 1, 2));
  }

  @Test
  void theyAreValues() {
    assertEquals(Tolerance.of(1e-6, 1e-8), Tolerance.of(1e-6, 1e-8));
    assertEquals("rtol 1.0E-6, atol 1.0E-8", Tolerance.of(1e-6, 1e-8).toString());
  }

  private static Solution solve(Adaptive size) {
    return Integrator.of(Methods.TSIT5, size).solve(PAIR, Y0, 0, 2).orThrow();
  }

  private static void says(String message, Runnable refusedEarlier, Runnable refused) {
    assertThrows(IllegalArgumentException.class, refusedEarlier::run);
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused::run).getMessage());
  }
}
