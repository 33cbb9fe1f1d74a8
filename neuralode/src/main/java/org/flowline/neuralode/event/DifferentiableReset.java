package org.flowline.neuralode.event;

import org.flowline.odesolvers.Event;

/// A jump `y ← r(t, y; θ)` of the state with its pullback. θ is the solved field's. See
/// [TracedEvents].
public interface DifferentiableReset extends Event.Reset {

  /// The pullback of the cotangent `a` of `r(t, y; θ)`:
  ///
  ///     ȳ = aᵀ ∂r/∂y  (overwritten)        θ̄ += aᵀ ∂r/∂θ  (accumulated)
  ///
  /// @param y the state before the jump
  /// @return `aᵀ ∂r/∂t`
  double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar);
}
