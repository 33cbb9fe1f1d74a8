package org.flowline.odesolvers.field;

/// A field that knows its Jacobian, which implicit methods otherwise find by differences, at a cost
/// of [#dimension] evaluations and half the digits.
public interface FieldWithJacobian extends VectorField {

  /// Overwrites `dfdy[i][j]` with `∂f_i/∂y_j`, and `dfdt[i]` with `∂f_i/∂t`, at `(t, y)`. Both are
  /// given filled with zeros.
  void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt);
}
