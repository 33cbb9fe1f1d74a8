package org.flowline.neuralode.gradient;

import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;

/// Which components of an augmented state an adaptive step size answers for.
public enum ErrorControl {
  /// All of them.
  ALL,

  /// The first ones alone, a seminorm: what feeds back on nothing rides along. Steps are longer,
  /// and the rest is as accurate as these steps make it, which nothing watches. Kidger, Chen &
  /// Lyons (2021), ICML, "Hey, that's not an ODE".
  STATE;

  /// The integrator that watches the first `counted` of `n` components.
  Integrator over(Integrator integrator, int counted, int n) {
    return switch (this) {
      case ALL -> integrator;
      case STATE ->
          switch (integrator.stepSize()) {
            case StepSize.Fixed _ -> integrator;
            case StepSize.Adaptive size ->
                integrator.withStepSize(
                    new StepSize.Adaptive(
                        size.tolerance().within(0, counted, n),
                        size.limits(),
                        size.gains(),
                        size.forced()));
          };
    };
  }
}
