package org.flowline.neuralode;

/// A field with the derivative of its Jacobian in a direction, for the gradient through methods
/// that use the Jacobian, and for second derivatives of losses.
public interface TwiceDifferentiableField extends FieldWithTangent {

  /// The tangent of `f` in the direction `(δt, δy, δθ)`:
  ///
  ///     ḟ = ∂f/∂t δt + ∂f/∂y δy + ∂f/∂θ δθ  (overwritten)
  void pushforward(double t, double[] y, double dt, double[] dy, double[] dtheta, double[] tangent);

  /// The pullback of the cotangent `a` of that tangent, at a fixed direction:
  ///
  ///     ȳ = ∂/∂y aᵀ ḟ  (overwritten)        θ̄ += ∂/∂θ aᵀ ḟ  (accumulated)
  ///
  /// @return `∂/∂t aᵀ ḟ`
  double pullbackOfPushforward(
      double t,
      double[] y,
      double dt,
      double[] dy,
      double[] dtheta,
      double[] a,
      double[] yBar,
      double[] thetaBar);

  /// {@inheritDoc}
  ///
  /// By default the tangent computes with this field, binds its θ, and is differentiable once; a
  /// field with third derivatives returns a [TwiceDifferentiableField].
  @Override
  default DifferentiableField tangent() {
    return new TangentField(this);
  }
}
