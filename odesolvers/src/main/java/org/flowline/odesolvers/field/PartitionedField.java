package org.flowline.odesolvers.field;

/// A field whose state is two blocks, `y = (u, w)`, evaluated one at a time:
///
///     du/dt = f_u(t, u, w)        dw/dt = f_w(t, u, w)
///
/// Layout: `u` in `[0, split)`, `w` in `[split, n)`. Required by methods of type
/// [org.flowline.odesolvers.method.Symplectic], which step one block with the new values of the
/// other.
public interface PartitionedField extends VectorField {

  /// Length of `u`, from 1 to `dimension() - 1`.
  int split();

  /// Overwrites `dydt[0, split)` with `f_u(t, u, w)` and leaves the rest of `dydt` alone.
  void evaluateFirst(double t, double[] y, double[] dydt);

  /// Overwrites `dydt[split, n)` with `f_w(t, u, w)` and leaves the rest of `dydt` alone.
  void evaluateSecond(double t, double[] y, double[] dydt);

  @Override
  default void evaluate(double t, double[] y, double[] dydt) {
    evaluateFirst(t, y, dydt);
    evaluateSecond(t, y, dydt);
  }
}
