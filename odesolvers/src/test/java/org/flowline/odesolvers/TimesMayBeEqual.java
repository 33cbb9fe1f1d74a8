package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.StepSize.Constant;
import org.flowline.odesolvers.StepSize.Grid;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Equal times have the same state; a solve of length 0 is the identity.
class TimesMayBeEqual {

  private static final VectorField GROWTH = VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0]);
  private static final double[] Y0 = {2};

  @Test
  void aSolveOfLengthZeroIsTheIdentity() {
    for (StepSize size :
        new StepSize[] {Adaptive.of(1e-9, 1e-9), Constant.of(0.1, 3), Grid.of(0, 1, 2)}) {
      for (double[] times : new double[][] {{1.7e9}, {0}, {3, 3}, {-1, -1, -1}}) {
        Solution solution = Integrator.of(Methods.DOPRI5, size).solve(GROWTH, Y0, times).orThrow();
        for (double[] value : solution.values()) {
          assertArrayEquals(Y0, value);
        }
        assertEquals(0, solution.stats().evaluations());
        assertEquals(times[0], solution.status().t());
      }
    }
    for (Method method : Methods.hipparchus()) {
      assertArrayEquals(
          Y0, Integrator.of(method, Adaptive.of(1e-9, 1e-9)).solve(GROWTH, Y0, 1).orThrow().last());
    }
  }

  @Test
  void equalTimesHaveTheSameState() {
    Integrator integrator = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9));
    for (int sign : new int[] {1, -1}) {
      double[] times = {0, 0, sign * 0.5, sign * 0.5, sign * 0.5, sign, sign};
      Solution repeated = integrator.solve(GROWTH, Y0, times).orThrow();
      Solution plain = integrator.solve(GROWTH, Y0, 0, sign * 0.5, sign).orThrow();
      int[] same = {0, 0, 1, 1, 1, 2, 2};
      for (int i = 0; i < times.length; i++) {
        assertArrayEquals(plain.values()[same[i]], repeated.values()[i]);
      }
    }
  }

  @Test
  void atAJumpAllOfThemAreTheStateAfterIt() {
    Solution solution =
        Integrator.of(Methods.EULER, Constant.of(0.25, 4))
            .withEvent(Event.jump("kick", (t, y) -> t - 0.5, (t, y) -> y[0] = 7))
            .solve(GROWTH, Y0, 0, 0.5, 0.5, 1);
    assertEquals(7, solution.values()[1][0]);
    assertEquals(7, solution.values()[2][0]);
  }

  @Test
  void aCheckpointKeepsThem() {
    Integrator integrator = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9));
    double[] times = {0, 0, 0.5, 0.5, 1};
    Solution cut = integrator.withObserver(Step::cancel).solve(GROWTH, Y0, times);
    Solution resumed = integrator.resume(GROWTH, cut.checkpoint()).orThrow();
    Solution whole = integrator.solve(GROWTH, Y0, times).orThrow();
    for (int i = 0; i < times.length; i++) {
      assertArrayEquals(whole.values()[i], resumed.values()[i]);
    }
  }

  /// A light checkpoint holds the state at its time; the values before that are lost.
  @Test
  void aLightCheckpointHasNoValuesBeforeIt() {
    Integrator integrator = Integrator.of(Methods.DOPRI5, Adaptive.of(1e-9, 1e-9));
    Solution cut = integrator.withObserver(Step::cancel).solve(GROWTH, Y0, 0, 1);
    assertTrue(cut.status().t() > 0);
    Solution resumed = integrator.resume(GROWTH, cut.checkpoint().light()).orThrow();
    assertTrue(Double.isNaN(resumed.values()[0][0]));
    assertEquals(2 * Math.E, resumed.last()[0], 1e-7);
  }
}
