package org.flowline.odesolvers.field;

/// The right-hand side of `dy/dt = f(t, y)` on a flat state of [#dimension] numbers.
///
/// Further capabilities are sub-interfaces, such as [PartitionedField].
public interface VectorField {

  /// The number of components of `y` and of `dydt`; the same for every call.
  int dimension();

  /// Overwrites `dydt` with `f(t, y)`. Must neither modify `y` nor keep either array: both are
  /// workspaces of the caller. One call is one unit of `nfe`.
  void evaluate(double t, double[] y, double[] dydt);

  /// Returns the times at which `f` or a derivative of `f` jumps; the same at every call. Every
  /// solve of the field ends steps there, as with [org.flowline.odesolvers.StepSize.Adaptive].
  default Breakpoints breakpoints() {
    return Breakpoints.NONE;
  }

  /// Returns the field `f(t, y)` of the given dimension written as a lambda.
  ///
  /// @throws IllegalArgumentException if the dimension is not positive
  static VectorField of(int dimension, Rhs rhs) {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "VectorField: dimension %s, want at least 1".formatted(dimension));
    }
    return new LambdaField(dimension, rhs);
  }

  /// `dydt = f(t, y)` as a lambda, with the contract of [VectorField#evaluate].
  @FunctionalInterface
  interface Rhs {
    /// Overwrites `dydt` with `f(t, y)`.
    void evaluate(double t, double[] y, double[] dydt);
  }
}
