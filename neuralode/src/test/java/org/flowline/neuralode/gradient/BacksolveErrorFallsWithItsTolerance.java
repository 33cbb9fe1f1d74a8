package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class BacksolveErrorFallsWithItsTolerance {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] TIMES = {0.2, 0.5, 1.1, 1.3, 2.4};

  @Test
  void fromTenToTheMinusFourToTenToTheMinusTen() {
    TrajectoryGradient exact = gradient(new DiscreteAdjoint(adaptive(1e-13)));
    double last = Double.POSITIVE_INFINITY;
    for (double tolerance : new double[] {1e-4, 1e-6, 1e-8, 1e-10}) {
      TrajectoryGradient back = gradient(new Backsolve(adaptive(tolerance)));
      double error =
          Math.max(
              Math.max(
                  Differences.relative(back.theta(), exact.theta()),
                  Differences.relative(back.y0(), exact.y0())),
              Differences.relative(back.times(), exact.times()));
      // A factor of 100 in the tolerance of a step, and the global error follows roughly in
      // proportion: by 10 at least.
      assertTrue(error <= last / 10, error + " after " + last);
      // Two solves of some ten steps, each within its tolerance of a number of size 1.
      assertTrue(error <= 20 * tolerance, error + " at " + tolerance);
      last = error;
    }
  }

  @Test
  void fixedStepsGoOneWayOnly() {
    Integrator fixed = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 10));
    assertEquals(
        "backsolve: fixed steps go one way only; give a forward and a backward integrator",
        assertThrows(IllegalArgumentException.class, () -> new Backsolve(fixed)).getMessage());
  }

  private static Integrator adaptive(double tolerance) {
    return Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(tolerance, tolerance));
  }

  private static TrajectoryGradient gradient(GradientMethod method) {
    TrajectoryGradient gradient =
        method.gradient(
            NETWORK.field(1), NETWORK.state(1), TIMES, NETWORK.trajectoryLoss(TIMES.length));
    assertTrue(gradient.status().succeeded());
    return gradient;
  }
}
