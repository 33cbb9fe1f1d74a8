package org.flowline.neuralode;

/// A field that knows the derivative of its Jacobian in a direction, which methods that use the
/// Jacobian need to be differentiated.
public interface TwiceDifferentiableField extends DifferentiableField {

  /// The tangent of `f` in the direction `(δt, δy)`:
  ///
  ///     ḟ = ∂f/∂t δt + ∂f/∂y δy  (overwritten)
  void pushforward(double t, double[] y, double dt, double[] dy, double[] tangent);

  /// The pullback of the cotangent `a` of that tangent, at fixed `(δt, δy)`:
  ///
  ///     ȳ = ∂/∂y aᵀ ḟ  (overwritten)        θ̄ += ∂/∂θ aᵀ ḟ  (accumulated)
  ///
  /// @return `∂/∂t aᵀ ḟ`
  double pullbackOfPushforward(
      double t, double[] y, double dt, double[] dy, double[] a, double[] yBar, double[] thetaBar);
}
