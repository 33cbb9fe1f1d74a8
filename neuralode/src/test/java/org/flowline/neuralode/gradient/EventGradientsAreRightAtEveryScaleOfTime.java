package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// `y' = −ky` that is doubled where it reaches the level `c`: the end is `2 y0 exp(−kT)` for every
/// `c`, so that wrong saltation shows.
class EventGradientsAreRightAtEveryScaleOfTime {

  @Test
  void ofAJump() {
    for (double t0 : new double[] {0, 1, 1e4, 1.7e9}) {
      for (double scale : new double[] {1e-15, 1e-9, 1, 1e9, 1e15}) {
        if (scale >= 1e6 * Math.ulp(t0)) {
          check(t0, scale);
          check(t0, -scale);
        }
      }
    }
  }

  private static void check(double t0, double unit) {
    double k = 0.8;
    double y0 = 1.5;
    NeuralField field =
        NeuralField.of(
            Parameters.none().with("rate", 1, 1).with("level", 1, 1),
            1,
            1,
            (t, y, p) -> y.mul(p.get("rate")).mul(-1 / unit));
    field.bind(new double[] {k, 0.4});
    Event kick =
        TracedEvents.of(field)
            .jump("kick", (t, y, p) -> y.sub(p.get("level")), (t, y, p) -> y.mul(2))
            .falling();
    Integrator solver =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10)).withEvent(kick);
    TrajectoryLoss end =
        (y, yBar) -> {
          yBar[1] = 1;
          return y[1];
        };
    double length = 2;
    double growth = 2 * Math.exp(-k * length);
    double accuracy = 1e-6 + 100 * Math.ulp(t0) / Math.abs(unit);
    for (GradientMethod method :
        List.of(
            new DiscreteAdjoint(solver),
            new Checkpointed(solver, 4),
            new InterpolatedAdjoint(solver),
            new Backsolve(solver),
            new ForwardSensitivity(solver))) {
      String what = method.getClass().getSimpleName() + " from " + t0 + " by " + unit;
      TrajectoryGradient gradient =
          method.gradient(field, new double[] {y0}, new double[] {t0, t0 + length * unit}, end);
      assertTrue(gradient.status().succeeded(), what + ": " + gradient.status());
      assertEquals(y0 * growth, gradient.loss(), accuracy, what);
      assertEquals(growth, gradient.y0()[0], accuracy, what);
      assertEquals(-length * y0 * growth, gradient.theta()[0], accuracy, what);
      assertEquals(0, gradient.theta()[1], accuracy, what);
    }
  }
}
