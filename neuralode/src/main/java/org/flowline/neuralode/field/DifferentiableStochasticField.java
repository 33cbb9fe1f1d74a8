package org.flowline.neuralode.field;

import org.flowline.neuralode.DifferentiableField;
import org.flowline.odesolvers.field.StochasticField;

/// A stochastic field with the pullbacks of its drift and its diffusion, for gradients along its
/// frozen path.
public interface DifferentiableStochasticField extends DifferentiableField, StochasticField {

  /// The pullback of the cotangent `a` of the product `g(t, y; θ) dw`, at fixed `dw`:
  ///
  ///     ȳ += aᵀ ∂/∂y (g dw)        θ̄ += aᵀ ∂/∂θ (g dw)        both accumulated
  void pullbackDiffusion(
      double t, double[] y, double[] dw, double[] a, double[] yBar, double[] thetaBar);
}
