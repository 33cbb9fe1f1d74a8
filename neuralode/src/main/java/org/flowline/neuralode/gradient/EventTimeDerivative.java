package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.event.DifferentiableGuard;
import org.flowline.neuralode.event.TracedEvents;
import org.flowline.odesolvers.Event;

/// The derivative of `g` along a solution at its root, the denominator of the derivative of an
/// event's time:
///
///     dg/dt = ∂g/∂t + ∂g/∂y ẏ
final class EventTimeDerivative {
  private final DifferentiableField field;
  private final int n;
  private final double[] slope;
  private final double[] shifted;

  /// `∂g/∂y` and `∂g/∂θ` at the last event.
  final double[] yBar;

  final double[] thetaBar;

  EventTimeDerivative(DifferentiableField field) {
    this.field = field;
    this.n = field.dimension();
    this.slope = new double[n];
    this.shifted = new double[n];
    this.yBar = new double[n];
    this.thetaBar = new double[field.parameterCount()];
  }

  /// `dg/dt` of a solution that arrives at `rate`.
  ///
  /// @param near the accuracy of `t`, with the sign of the direction of the solve
  /// @throws IllegalArgumentException if `g` has no derivatives or reads another θ than the field;
  ///     or if `dg/dt` is 0 to the accuracy of the root: then the time has no derivative
  double of(Event event, double t, double near, double[] y, double[] rate) {
    if (!(event.g() instanceof DifferentiableGuard guard)) {
      throw new IllegalArgumentException(
          "gradient: something depends on the time of event %s, whose g has no derivatives; make it by TracedEvents"
              .formatted(event.name()));
    }
    requireSame(event, guard, field);
    field.evaluate(t, y, slope);
    for (int j = 0; j < n; j++) {
      shifted[j] = y[j] - near * slope[j];
    }
    double here = of(guard, t, y, slope);
    field.evaluate(t - near, shifted, slope);
    double before = of(guard, t - near, shifted, slope);
    double dgdt = of(guard, t, y, rate);
    if (!(Math.abs(here) > Math.abs(here - before)) || dgdt == 0) {
      throw new IllegalArgumentException(
          "gradient: event %s at t = %s is a tangential crossing, dg/dt = %s, where its time has no derivative; want a g that crosses 0"
              .formatted(event.name(), t, dgdt));
    }
    return dgdt;
  }

  private double of(DifferentiableGuard guard, double t, double[] y, double[] rate) {
    Arrays.fill(thetaBar, 0);
    double byTime = guard.pullback(t, y, 1, yBar, thetaBar);
    return byTime + Vectors.dot(yBar, 0, rate);
  }

  static void requireSame(Event event, Object function, DifferentiableField field) {
    if (TracedEvents.readsOtherParameters(function, field)) {
      throw new IllegalArgumentException(
          "gradient: event %s reads the θ of another field; make it by TracedEvents.of the field that is solved"
              .formatted(event.name()));
    }
  }
}
