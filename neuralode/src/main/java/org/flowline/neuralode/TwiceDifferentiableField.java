package org.flowline.neuralode;

/// A field that knows the derivative of its Jacobian in a direction, which methods that use the
/// Jacobian need to be differentiated, and second derivatives of losses.
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
  /// This one computes with this field, whose θ is bound with its own, and is differentiable once;
  /// a field that knows third derivatives returns one that is a [TwiceDifferentiableField] again.
  @Override
  default DifferentiableField tangent() {
    return new TangentField(this);
  }
}
