package org.flowline.odesolvers.problems;

import java.util.Arrays;
import org.flowline.odesolvers.Tolerance;
import org.flowline.odesolvers.field.VectorField;

/// An initial value problem `dy/dt = f(t, y)`, `y(t0) = y0` on `[t0, t1]`, with its published end
/// state, if there is one.
///
/// @param field the right-hand side, with its Jacobian if the problem is stiff
/// @param end `y(t1)` to the digits printed in the source; empty if none is
/// @param sizes sizes of negligible components at a relative tolerance of 1: one number for all, or
///     one for each
public record TestProblem(
    String name,
    VectorField field,
    double[] y0,
    double t0,
    double t1,
    double[] end,
    double[] sizes) {

  /// @throws IllegalArgumentException if a state does not fit the field
  public TestProblem {
    y0 = y0.clone();
    end = end.clone();
    sizes = sizes.clone();
    int n = field.dimension();
    if (y0.length != n || end.length != n && end.length != 0) {
      throw new IllegalArgumentException(
          "%s: y0 of %s components and an end state of %s, want %s, the field's dimension"
              .formatted(name, y0.length, end.length, n));
    }
  }

  /// Returns a problem whose end state is not published.
  static TestProblem of(String name, VectorField field, double[] y0, double t0, double t1) {
    return of(name, field, y0, t0, t1, new double[0]);
  }

  /// Returns a problem with an end state and sizes of 1.
  static TestProblem of(
      String name, VectorField field, double[] y0, double t0, double t1, double[] end) {
    return new TestProblem(name, field, y0, t0, t1, end, new double[] {1});
  }

  TestProblem withSizes(double... other) {
    return new TestProblem(name, field, y0, t0, t1, end, other);
  }

  /// A copy of the initial state.
  @Override
  public double[] y0() {
    return y0.clone();
  }

  /// A copy of the published end state; empty if none is.
  @Override
  public double[] end() {
    return end.clone();
  }

  /// A copy of the sizes.
  @Override
  public double[] sizes() {
    return sizes.clone();
  }

  /// Returns this relative tolerance with its multiples of [#sizes] as absolute tolerances.
  public Tolerance tolerance(double rtol) {
    double[] atol = Arrays.stream(sizes).map(size -> rtol * size).toArray();
    return new Tolerance(new double[] {rtol}, atol);
  }

  /// Returns this problem with a field without Jacobian.
  public TestProblem withoutJacobian() {
    VectorField plain = VectorField.of(field.dimension(), field::evaluate);
    return new TestProblem(name, plain, y0, t0, t1, end, sizes);
  }

  /// Returns this problem on `[t0, time]`, without an end state.
  public TestProblem until(double time) {
    return new TestProblem(name, field, y0, t0, time, new double[0], sizes);
  }

  /// Returns the size of an error, absolute for small components and relative for large ones:
  ///
  ///     max_i |y_i − ŷ_i| / (1 + |ŷ_i|)
  ///
  /// @throws IllegalArgumentException if the states have different lengths
  public static double distance(double[] y, double[] exact) {
    if (y.length != exact.length) {
      throw new IllegalArgumentException(
          "distance: states of " + y.length + " and " + exact.length + " components");
    }
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(y[i] - exact[i]) / (1 + Math.abs(exact[i])));
    }
    return largest;
  }

  @Override
  public String toString() {
    return name;
  }
}
