package org.flowline.neuralode;

/// A field whose tangent is a field again, for second derivatives of losses.
public interface FieldWithTangent extends DifferentiableField {

  /// This field and its tangent along a direction `v` of θ, on `(y, ẏ)`, with the parameters `(θ,
  /// v)`:
  ///
  ///     dy/dt = f(t, y; θ)        dẏ/dt = ∂f/∂y ẏ + ∂f/∂θ v
  ///
  /// A method's step on it is the derivative of its step on `f`, to rounding. It has the
  /// capabilities of `f` that methods need: the tangent of noise is driven by the same path, and of
  /// two blocks each is followed by its tangent, `(u, u̇, w, ẇ)`.
  ///
  /// θ and `v` must be bound before use. It is compiled at each call.
  DifferentiableField tangent();
}
