package org.flowline.odesolvers.field;

/// The second-order equation `q'' = a(t, q, q')` as a [PartitionedField] of `n` positions and `n`
/// velocities:
///
///     dq/dt = v        dv/dt = a(t, q, v)
///
/// Layout: `q` in `[0, n)`, `v` in `[n, 2n)`. Any method applies. Methods of type
/// [org.flowline.odesolvers.method.Symplectic] have their order, and for `a = −∇V(q)` conserve the
/// symplectic form, if `a` does not depend on `v`, as in fields made by [#of]; otherwise their
/// order is 1.
public final class SecondOrderField implements PartitionedField {

  private final int n;
  private final Acceleration acceleration;

  private SecondOrderField(int n, Acceleration acceleration) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "SecondOrderField: %s positions, want at least 1".formatted(n));
    }
    this.n = n;
    this.acceleration = acceleration;
  }

  /// Returns the field of `q'' = a(t, q)` for `n` positions.
  ///
  /// @throws IllegalArgumentException if `n` is not positive
  public static SecondOrderField of(int n, Acceleration acceleration) {
    return new SecondOrderField(n, acceleration);
  }

  /// Returns the field of `q'' = a(t, q, q')` for `n` positions: friction, magnetic fields.
  ///
  /// @throws IllegalArgumentException if `n` is not positive
  public static SecondOrderField damped(int n, Acceleration acceleration) {
    return new SecondOrderField(n, acceleration);
  }

  /// The acceleration `a(t, q)` or `a(t, q, q')`.
  @FunctionalInterface
  public interface Acceleration {

    /// Overwrites `a[first + i]` with the acceleration of `y[i]`, whose velocity is `y[first + i]`,
    /// for `i` in `[0, n)`, and leaves the rest of `a` alone. `y` is not to be modified; without
    /// friction, only its positions `[0, n)` may be read.
    void evaluate(double t, double[] y, double[] a, int first);
  }

  /// Returns the state `(q, v)`.
  ///
  /// @throws IllegalArgumentException if there are not `n` of each
  public double[] state(double[] q, double[] v) {
    if (q.length != n || v.length != n) {
      throw new IllegalArgumentException(
          "SecondOrderField: %s positions and %s velocities, want %s of each"
              .formatted(q.length, v.length, n));
    }
    double[] y = new double[2 * n];
    System.arraycopy(q, 0, y, 0, n);
    System.arraycopy(v, 0, y, n, n);
    return y;
  }

  @Override
  public int dimension() {
    return 2 * n;
  }

  @Override
  public int split() {
    return n;
  }

  @Override
  public void evaluateFirst(double t, double[] y, double[] dydt) {
    System.arraycopy(y, n, dydt, 0, n);
  }

  @Override
  public void evaluateSecond(double t, double[] y, double[] dydt) {
    acceleration.evaluate(t, y, dydt, n);
  }
}
