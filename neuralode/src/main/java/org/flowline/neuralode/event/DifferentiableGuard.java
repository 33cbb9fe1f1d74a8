package org.flowline.neuralode.event;

import org.flowline.odesolvers.Event;

/// A function `g(t, y; θ)` whose roots are events, with its pullback, which the derivative of an
/// event's time needs. θ is the solved field's. See [TracedEvents].
public interface DifferentiableGuard extends Event.Function {

  /// The pullback of a cotangent `a` of `g(t, y; θ)`:
  ///
  ///     ȳ = a ∂g/∂y  (overwritten)        θ̄ += a ∂g/∂θ  (accumulated)
  ///
  /// @return `a ∂g/∂t`
  double pullback(double t, double[] y, double a, double[] yBar, double[] thetaBar);
}
