package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// All methods except KVAERNO5, which has a documented stage beyond the step.
class NothingIsEvaluatedOutsideTheInterval {

  @Property(tries = 300)
  void byAdaptiveSteps(
      @ForAll @DoubleRange(min = -10, max = 10) double t0,
      @ForAll @DoubleRange(min = -10, max = 10) double t1,
      @ForAll @DoubleRange(min = -12, max = -2) double exponent) {
    if (t0 == t1) {
      return;
    }
    double tolerance = Math.pow(10, exponent);
    for (Method method : Methods.all()) {
      boolean cheap = method.order() == 5 || tolerance > 1e-6;
      if (method.embedded() && cheap && method != Methods.KVAERNO5) {
        double[] lastEnd = new double[1];
        Solution solution =
            Integrator.of(method, StepSize.Adaptive.of(tolerance, tolerance))
                .withObserver(step -> lastEnd[0] = step.end())
                .solve(guarded(t0, t1), new double[] {1}, t0, t1);
        assertTrue(solution.status().succeeded(), solution.status().message());
        assertEquals(t1, lastEnd[0]);
        assertEquals(t1, solution.status().t());
      }
    }
  }

  /// Backward Euler has no step of 1 where the field grows as `y` itself: it divides by `1 − h`.
  @Property(tries = 300)
  void byConstantSteps(
      @ForAll @DoubleRange(min = -10, max = 10) double t0,
      @ForAll @DoubleRange(min = 0.01, max = 0.9) double size,
      @ForAll boolean backward,
      @ForAll @IntRange(min = 1, max = 100) int steps) {
    var constant = StepSize.Constant.of(backward ? -size : size, steps);
    double t1 = constant.end(t0);
    for (Method method : Methods.all()) {
      if (method instanceof ButcherTableau && method != Methods.KVAERNO5) {
        Solution solution =
            Integrator.of(method, constant).solve(guarded(t0, t1), new double[] {1}, t0, t1);
        assertEquals(t1, solution.orThrow().status().t());
        assertEquals(steps, solution.stats().accepted());
      }
    }
  }

  /// Intervals of a few units in the last place: no step is lost, none leaves the interval.
  @Property(tries = 100)
  void byTheTiniestIntervals(
      @ForAll @DoubleRange(min = -10, max = 10) double t0,
      @ForAll @IntRange(min = 1, max = 40) int ulps) {
    double t1 = t0 + ulps * Math.ulp(t0);
    Solution solution =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-8, 1e-8))
            .solve(guarded(t0, t1), new double[] {1}, t0, t1);
    assertTrue(solution.status().succeeded(), solution.status().message());
  }

  /// Steps before the last are never much shorter than their neighbours.
  @Property(tries = 200)
  void andNoStepIsASliver(@ForAll @DoubleRange(min = 1, max = 5) double t1) {
    double[] sizes = new double[2];
    double[] smallestRatio = {1};
    Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-3, 1e-3).withMaxStep(0.1))
        .withObserver(
            step -> {
              if (step.end() == t1) {
                smallestRatio[0] = step.h() / sizes[0];
              }
              sizes[0] = step.h();
            })
        .solve(guarded(0, t1), new double[] {1}, 0, t1)
        .orThrow();
    assertTrue(smallestRatio[0] > 0.49, "last step is " + smallestRatio[0] + " of the one before");
  }

  private static VectorField guarded(double t0, double t1) {
    double low = Math.min(t0, t1);
    double high = Math.max(t0, t1);
    return VectorField.of(
        1,
        (t, y, dydt) -> {
          if (!(low <= t && t <= high)) {
            throw new AssertionError("evaluated at " + t + " outside [" + low + ", " + high + "]");
          }
          dydt[0] = y[0] * Math.cos(3 * t);
        });
  }
}
