package org.flowline.neuralode.event;

import org.flowline.odesolvers.Event;

/// A function `g(t, y; θ)` whose roots are events, with its derivatives: what the time of an event
/// is differentiated by. θ is that of the field which is solved. [TracedEvents] makes them.
public interface DifferentiableGuard extends Event.Function {

  /// The pullback of a cotangent `a` of `g(t, y; θ)`:
  ///
  ///     ȳ = a ∂g/∂y  (overwritten)        θ̄ += a ∂g/∂θ  (accumulated)
  ///
  /// @return `a ∂g/∂t`
  double pullback(double t, double[] y, double a, double[] yBar, double[] thetaBar);
}
