package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class BackwardUndoesForward {

  /// Each direction has an error of about 1e-10 per unit of time, amplified by at most e^{|A|t} =
  /// e^6 = 400, with
  /// |A| ≤ 3 and t ≤ 2: below 1e-6 in all.
  @Property(tries = 200)
  void onRandomLinearFields(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.1, max = 2) double length) {
    var random = new SplittableRandom(seed);
    double[] a = random.doubles(9, -1, 1).toArray();
    double[] y0 = random.doubles(3, -2, 2).toArray();
    VectorField field = VectorField.of(3, (t, y, dydt) -> multiply(a, y, dydt));
    for (Method method : Methods.all()) {
      if (method.order() == 5) {
        var integrator = Integrator.of(method, StepSize.Adaptive.of(1e-10, 1e-10));
        double[] there = integrator.solve(field, y0, 0.3, 0.3 + length).orThrow().last();
        double[] back = integrator.solve(field, there, 0.3 + length, 0.3).orThrow().last();
        assertArrayEquals(y0, back, 1e-6);
      }
    }
  }

  /// A shift of time by a whole number changes only the rounding of t.
  @Property(tries = 50)
  void shiftingTimeShiftsTheSolution(@ForAll @DoubleRange(min = 0.5, max = 2) double length) {
    VectorField field = Problem.LINEAR.field();
    var integrator = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-9, 1e-9));
    double[] here = integrator.solve(field, new double[] {1, 2}, 0, length).orThrow().last();
    double[] there = integrator.solve(field, new double[] {1, 2}, 8, 8 + length).orThrow().last();
    assertArrayEquals(here, there, 1e-8);
  }

  /// Runge–Kutta methods conserve linear invariants: rates of a closed reaction sum to zero, so
  /// that the sum of y is constant up to rounding.
  @Property(tries = 50)
  void linearInvariantsAreKept(@ForAll @DoubleRange(min = 0.1, max = 3) double rate) {
    VectorField reaction =
        VectorField.of(
            3,
            (t, y, dydt) -> {
              double there = rate * y[0] * y[1];
              double back = y[2];
              dydt[0] = back - there;
              dydt[1] = back - there;
              dydt[2] = 2 * (there - back);
            });
    for (Method method : Methods.all()) {
      if (method.embedded()) {
        double[] last =
            Integrator.of(method, StepSize.Adaptive.of(1e-4, 1e-4))
                .solve(reaction, new double[] {1, 0.5, 0.25}, 0, 3)
                .orThrow()
                .last();
        assertArrayEquals(new double[] {1.75}, new double[] {last[0] + last[1] + last[2]}, 1e-13);
      }
    }
  }

  private static void multiply(double[] a, double[] y, double[] dydt) {
    for (int i = 0; i < 3; i++) {
      dydt[i] = a[3 * i] * y[0] + a[3 * i + 1] * y[1] + a[3 * i + 2] * y[2];
    }
  }

  /// `z(t) = y(−t)` is evaluated at the mirror image of each time, the first step's probe included.
  @Test
  void andIsItsMirrorImage() {
    StepSize size = StepSize.Adaptive.of(1e-3, 1e-3).withMaxStep(1e-6).withMaxSteps(5);
    List<Double> forward = new ArrayList<>();
    List<Double> backward = new ArrayList<>();
    VectorField field =
        VectorField.of(
            1,
            (t, y, dydt) -> {
              forward.add(t);
              dydt[0] = Math.cos(3 * t);
            });
    VectorField mirror =
        VectorField.of(
            1,
            (t, y, dydt) -> {
              backward.add(-t);
              dydt[0] = -Math.cos(3 * t);
            });
    Integrator integrator = Integrator.of(Methods.DOPRI5, size);
    Solution one = integrator.solve(field, new double[] {1}, 0, 1);
    Solution other = integrator.solve(mirror, new double[] {1}, 0, -1);
    assertEquals(
        forward.stream().map(Math::abs).toList(), backward.stream().map(Math::abs).toList());
    assertEquals(one.last()[0], other.last()[0]);
  }
}
