package org.flowline.neuralode;

import org.flowline.odesolvers.field.VectorField;

/// A vector field `dy/dt = f(t, y; θ)` that knows its derivatives: what every gradient through a
/// solve is made of.
///
/// Not thread-safe: a field computes in a workspace of its own.
///
/// - A hidden state, or random numbers drawn during a call, are refused by every gradient method:
///   they look at `f` where the solve starts, before and after it. See
/// [org.flowline.neuralode.field.NoisyField].
/// - A number that is not in θ is a constant; its gradient is asked for by putting it there.
/// - A jump at a known time is right where steps end, by `withJumps` or a grid.
/// - A jump where `y` or θ says so, as at an impact or a switch, is differentiated on its either
///   side, and **how the moment of the jump moves is left out, which nothing notices**.
/// - A kink, as of a rectifier, is right almost everywhere.
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

  /// Whether `f` is known to depend on nothing but `t`, `y` and θ, as programs that are recorded
  /// do. Of other fields gradients find out, for two more evaluations.
  default boolean pure() {
    return false;
  }

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
