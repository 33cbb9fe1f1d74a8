package org.flowline.neuralode;

import org.flowline.odesolvers.field.VectorField;

/// A vector field `dy/dt = f(t, y; θ)` with its pullback, the basis of every gradient through a
/// solve.
///
/// Not thread-safe: a field has a workspace of its own.
///
/// - A hidden state, or random numbers drawn during a call, are refused by every gradient method,
///   which compares `f` at the start of the solve before and after it. See
///   [org.flowline.neuralode.field.NoisyField].
/// - A number that is not in θ is a constant and has no gradient.
/// - A jump or a kink at a known time is differentiated exactly where steps end, at [#breakpoints]
///   or by `withJumps`.
/// - A jump at a time that depends on `y` or θ, as at an impact or a switch, is differentiated on
///   both sides; **the derivative of its time is omitted without a warning**. Make it an event, see
///   [org.flowline.neuralode.event.TracedEvents].
/// - A kink, as of a rectifier, is differentiated exactly almost everywhere.
public interface DifferentiableField extends VectorField {

  /// The length of θ.
  int parameterCount();

  /// Sets the array of θ. It is not copied: changes to it take effect at the next call.
  ///
  /// @throws IllegalArgumentException if its length is not [#parameterCount()]
  void bind(double[] theta);

  /// The parameters in use.
  double[] parameters();

  /// Returns whether `f` is known to depend on `t`, `y` and θ alone, as recorded programs do. For
  /// other fields gradient methods check this with two more evaluations.
  default boolean pure() {
    return false;
  }

  /// The pullback of the cotangent `a` of `f(t, y; θ)`:
  ///
  ///     ȳ = aᵀ ∂f/∂y  (overwritten)        θ̄ += aᵀ ∂f/∂θ  (accumulated)
  ///
  /// @return `aᵀ ∂f/∂t`
  double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar);

  /// [#evaluate] and [#pullback] at one point, for fields that save work by doing both.
  ///
  /// @return `aᵀ ∂f/∂t`
  default double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    evaluate(t, y, dydt);
    return pullback(t, y, a, yBar, thetaBar);
  }
}
