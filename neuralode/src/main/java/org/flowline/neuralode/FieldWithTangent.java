package org.flowline.neuralode;

/// A field that knows its tangent as a field, which second derivatives of losses are made of.
public interface FieldWithTangent extends DifferentiableField {

  /// This field and its tangent along a direction `v` of θ, on `(y, ẏ)`, with the parameters `(θ,
  /// v)`:
  ///
  ///     dy/dt = f(t, y; θ)        dẏ/dt = ∂f/∂y ẏ + ∂f/∂θ v
  ///
  /// A method's step on it is the derivative of its step on `f`, to rounding. It can what `f` can
  /// as far as methods ask for it: noise has a tangent too, driven by the same path; and where
  /// there are two blocks, each is followed by its tangent, `(u, u̇, w, ẇ)`.
  ///
  /// θ and `v` are bound before use. Making it costs time, as making `f` does; hold on to it.
  DifferentiableField tangent();
}
