package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.method.Stochastic;

/// What the gradient methods share: the observed states as one array, and the answer to a failed
/// solve.
final class Observations {
  private Observations() {}

  /// @throws IllegalArgumentException unless this is the solve of a trajectory that is smooth but
  ///     for jumps with derivatives, which the continuous equations of adjoints and sensitivities
  ///     are those of
  static void requireContinuous(String method, Integrator integrator) {
    EventAdjoint.require(method, integrator);
    if (integrator.method() instanceof Stochastic stochastic) {
      throw new IllegalArgumentException(
          method + ": " + stochastic.name() + " is stochastic; use DiscreteAdjoint");
    }
  }

  /// @throws IllegalArgumentException if there are events
  static void requireNoEvents(String method, Integrator integrator) {
    if (!integrator.events().isEmpty()) {
      throw new IllegalArgumentException(method + ": the integrator has events; want one without");
    }
  }

  static double[] flat(double[][] values, int n) {
    double[] flat = new double[values.length * n];
    for (int i = 0; i < values.length; i++) {
      System.arraycopy(values[i], 0, flat, i * n, n);
    }
    return flat;
  }

  static TrajectoryGradient failed(
      DifferentiableField field, double[] times, Status status, Stats forward) {
    return new TrajectoryGradient(
        Double.NaN,
        nan(field.parameterCount()),
        nan(field.dimension()),
        nan(times.length),
        status,
        forward,
        0);
  }

  private static double[] nan(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }
}
