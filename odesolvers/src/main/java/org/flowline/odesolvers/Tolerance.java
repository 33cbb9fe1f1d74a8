package org.flowline.odesolvers;

import java.util.Arrays;

/// The error allowed in one step: one relative and one absolute tolerance for all components of the
/// state, or one for each,
///
///     |e_i| ≲ atol_i + rtol_i |y_i|
///
/// A component with `atol_i = ∞` is left out of the error norm: a seminorm, for quadratures. Its
/// error is not controlled: leave out only components on which the others do not depend and which
/// cannot become unstable.
///
/// @param rtol relative tolerances, one or as many as components
/// @param atol absolute tolerances in the units of `y`, one or as many as components; the size of a
///     negligible component
public record Tolerance(double[] rtol, double[] atol) {

  /// The largest number of components.
  private static final int MOST = 1 << 28;

  /// @throws IllegalArgumentException if an `atol` is not positive, an `rtol` is not in `[0, 1)`,
  ///     there are none, or all components are left out
  public Tolerance {
    rtol = rtol.clone();
    atol = atol.clone();
    boolean counts = false;
    for (double r : rtol) {
      requireRange("rtol", r, r >= 0 && r < 1, "0 ≤ rtol < 1");
    }
    for (double a : atol) {
      requireRange("atol", a, a > 0, "atol > 0; a component that passes through zero needs it");
      counts |= a < Double.POSITIVE_INFINITY;
    }
    if (rtol.length == 0 || atol.length == 0 || !counts) {
      throw new IllegalArgumentException(
          "Tolerance: %s rtol and %s atol, want one or one per component, and a finite atol"
              .formatted(rtol.length, atol.length));
    }
  }

  /// Returns the same tolerances for all components.
  public static Tolerance of(double rtol, double atol) {
    return new Tolerance(new double[] {rtol}, new double[] {atol});
  }

  /// Returns the same tolerances for the components in `[from, to)`, while all others are left out.
  ///
  /// @param n number of components of the state
  public static Tolerance only(double rtol, double atol, int from, int to, int n) {
    return of(rtol, atol).within(from, to, n);
  }

  /// Returns these tolerances for the components in `[from, to)`, while all others are left out.
  ///
  /// @param n number of components of the state
  /// @throws IllegalArgumentException if there are none, or these tolerances are not for `n`
  ///     components
  public Tolerance within(int from, int to, int n) {
    if (from < 0 || from >= to || to > n || n > MOST) {
      throw new IllegalArgumentException(
          "Tolerance: components %s to %s of %s, want a range that is not empty of at most %s"
              .formatted(from, to, n, MOST));
    }
    double[] each = new double[n];
    Arrays.fill(each, Double.POSITIVE_INFINITY);
    System.arraycopy(ErrorNorm.each("atol", atol, n), from, each, from, to - from);
    return new Tolerance(rtol, each);
  }

  /// A copy of the relative tolerances.
  @Override
  public double[] rtol() {
    return rtol.clone();
  }

  /// A copy of the absolute tolerances.
  @Override
  public double[] atol() {
    return atol.clone();
  }

  /// Returns these tolerances with the largest finite one for components that are left out.
  Tolerance everywhere() {
    double largest = Arrays.stream(atol).filter(Double::isFinite).max().orElseThrow();
    return new Tolerance(rtol, Arrays.stream(atol).map(a -> Math.min(a, largest)).toArray());
  }

  /// The smallest relative tolerance.
  double tightest() {
    return Arrays.stream(rtol).min().orElseThrow();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tolerance that
        && Arrays.equals(rtol, that.rtol)
        && Arrays.equals(atol, that.atol);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(rtol) + Arrays.hashCode(atol);
  }

  @Override
  public String toString() {
    return "rtol %s, atol %s".formatted(print(rtol), print(atol));
  }

  private static String print(double[] tolerances) {
    return tolerances.length == 1 ? Double.toString(tolerances[0]) : Arrays.toString(tolerances);
  }

  /// @throws IllegalArgumentException unless the condition holds
  static void requireRange(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("Adaptive: %s %s, want %s".formatted(what, came, wanted));
    }
  }
}
