package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// The pendulum over 10⁵ steps, in which the energy of Euler's method grows without bound.
class EnergyStaysUnderSemiImplicitEuler {

  @Test
  void onThePendulum() {
    double[] worst = new double[2];
    Method[] methods = {Methods.SEMI_IMPLICIT_EULER, Methods.EULER};
    double[] y0 = {0, 1};
    for (int i = 0; i < 2; i++) {
      int row = i;
      Integrator.of(methods[i], StepSize.Constant.of(0.05, 100_000))
          .withObserver(
              step -> {
                double drift = Math.abs(Pendulum.energy(step.y1()) - Pendulum.energy(y0));
                worst[row] = Math.max(worst[row], drift);
              })
          .solve(new Pendulum(), y0, 0, 5000)
          .orThrow();
    }
    // The conserved modified energy differs by h u sin(w)/2 ≤ 0.05 · 0.96 · 0.84/2 = 0.02.
    assertTrue(worst[0] < 0.025, "semi-implicit: " + worst[0]);
    assertTrue(worst[1] > 1, "explicit: " + worst[1]);
  }
}
