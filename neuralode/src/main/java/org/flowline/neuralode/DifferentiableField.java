package org.flowline.neuralode;

import org.flowline.odesolvers.VectorField;

/// A vector field `dy/dt = f(t, y; θ)` that knows its derivatives: what every gradient through a
/// solve is made of.
///
/// Not thread-safe: a field computes in a workspace of its own. `f` must depend on nothing but `t`,
/// `y` and θ; a field with a hidden state, or with noise drawn during the call, has no derivative
/// and its adjoint is silently wrong.
public interface DifferentiableField extends VectorField {

  /// The length of θ.
  int parameterCount();

  /// Reads θ from this array from now on; it is not copied, so changes to it count at the next
  /// call.
  ///
  /// @throws IllegalArgumentException if its length is not [#parameterCount()]
  void bind(double[] theta);

  /// The parameters in use.
  double[] parameters();

  /// The pullback of the cotangent `a` of `f(t, y; θ)`:
  ///
  ///     ȳ = aᵀ ∂f/∂y  (overwritten)        θ̄ += aᵀ ∂f/∂θ  (accumulated)
  ///
  /// @return `aᵀ ∂f/∂t`
  double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar);

  /// [#evaluate] and [#pullback] at one point, for fields that do both cheaper together.
  ///
  /// @return `aᵀ ∂f/∂t`
  default double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    evaluate(t, y, dydt);
    return pullback(t, y, a, yBar, thetaBar);
  }
}
