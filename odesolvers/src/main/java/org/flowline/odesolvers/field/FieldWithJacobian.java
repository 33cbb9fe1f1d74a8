package org.flowline.odesolvers.field;

/// A field with its Jacobian, which implicit methods otherwise compute by differences, at a cost of
/// [#dimension] evaluations and half the digits.
public interface FieldWithJacobian extends VectorField {

  /// Overwrites `dfdy[i][j]` with `∂f_i/∂y_j`, and `dfdt[i]` with `∂f_i/∂t`, at `(t, y)`. Both
  /// arrays are filled with zeros before the call.
  void jacobian(double t, double[] y, double[][] dfdy, double[] dfdt);
}
