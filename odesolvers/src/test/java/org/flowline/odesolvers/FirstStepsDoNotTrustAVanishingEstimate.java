package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;
import org.junit.jupiter.api.Test;

/// The estimate of BOSH3 is `z³ (1 + z)/48` for `y' = λy` with `z = hλ`: zero for `z = −1`, the
/// step `‖y‖/‖f‖`, on which the first step was bounded for short intervals.
class FirstStepsDoNotTrustAVanishingEstimate {

  @Test
  void aDecayIsSolvedAtEveryScaleOfTime() {
    for (Method method : Methods.all()) {
      if (!method.embedded() || method instanceof Stochastic || method instanceof Symplectic) {
        continue;
      }
      for (double unit : new double[] {1e-15, 1e-12, 1e-6, 1, 1e6, 1e12, 1e15}) {
        for (int sign : new int[] {1, -1}) {
          double scale = sign * unit;
          VectorField decay = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0] / scale);
          for (double length : new double[] {0.5, 1, 2}) {
            double end =
                Integrator.of(method, Adaptive.of(1e-6, 1e-9))
                    .solve(decay, new double[] {1}, 0, length * scale)
                    .orThrow()
                    .last()[0];
            assertEquals(Math.exp(-length), end, 5e-5, method.name() + " over " + length * scale);
          }
        }
      }
    }
  }
}
