package org.flowline.neuralode.gradient;

import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;

/// The components of an augmented state in the error norm of an adaptive step size.
public enum ErrorControl {
  /// All components.
  ALL,

  /// The first components alone, a seminorm: quadratures, which no other component depends on, are
  /// left out. Steps are longer, and the error of the quadratures is not controlled. Kidger, Chen &
  /// Lyons (2021), ICML, "Hey, that's not an ODE".
  STATE;

  /// The integrator with the first `counted` of `n` components in its norm.
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
