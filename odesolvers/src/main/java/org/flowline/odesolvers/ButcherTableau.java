package org.flowline.odesolvers;

import java.util.Arrays;

/// An explicit Runge–Kutta method:
///
///     k_i = f(t + c_i h, y0 + h Σ_{j<i} a_ij k_j)        y1 = y0 + h Σ b_i k_i
///
///     c_1 |
///     c_2 | a_21
///      ⋮  |  ⋮    ⋱
///     c_s | a_s1 … a_s,s−1
///     ----+----------------
///         | b_1  …  b_s        order p
///         | b̂_1  …  b̂_s        embedded: error estimate h Σ (b_i − b̂_i) k_i
///         | b_1(θ) … b_s(θ)    dense output, polynomials without a constant term
///
/// A tableau checks itself: one that exists fulfils all order conditions of every order it claims
/// (every rooted tree, see [OrderConditions]). Hairer, Nørsett & Wanner (1993), II.1, II.4, II.6.
public final class ButcherTableau implements Method {

  private final String name;
  private final int order;
  private final double[] c;
  private final double[][] a;
  private final double[] b;
  private final double[] bEmbedded;
  private final int embeddedOrder;
  private final double[][] dense;
  private final int denseOrder;
  private final boolean fsal;

  private ButcherTableau(
      ButcherTableau rest,
      double[] bEmbedded,
      int embeddedOrder,
      double[][] dense,
      int denseOrder) {
    this.name = rest.name;
    this.order = rest.order;
    this.c = rest.c;
    this.a = rest.a;
    this.b = rest.b;
    this.fsal = rest.fsal;
    this.bEmbedded = bEmbedded;
    this.embeddedOrder = embeddedOrder;
    this.dense = dense;
    this.denseOrder = denseOrder;
  }

  private ButcherTableau(String name, int order, double[] c, double[][] a, double[] b) {
    this.name = name;
    this.order = order;
    this.c = c.clone();
    this.a = copy(a);
    this.b = b.clone();
    this.bEmbedded = new double[0];
    this.embeddedOrder = 0;
    this.dense = linear(b);
    this.denseOrder = 1;
    this.fsal = isFsal(c, a, b);
  }

  /// The tableau `(c, a, b)` of the given order, where `a[i]` holds the `i` coefficients left of
  /// the diagonal. It has no embedded solution and the linear dense output `b_i(θ) = θ b_i`.
  ///
  /// @throws IllegalArgumentException if shapes do not fit, a row of `a` does not sum to `c`, or
  ///     `b` misses an order condition
  public static ButcherTableau of(String name, int order, double[] c, double[][] a, double[] b) {
    requireShape(name, c, a, b);
    var tableau = new ButcherTableau(name, order, c, a, b);
    OrderConditions.requireRowSums(tableau);
    OrderConditions.requireWeights(tableau, "b", b, order);
    return tableau;
  }

  /// This tableau with the embedded solution `b̂` of the given order.
  ///
  /// @throws IllegalArgumentException if `b̂` misses an order condition
  public ButcherTableau withEmbedded(int embeddedOrder, double... bEmbedded) {
    requireLength(name, "bEmbedded", bEmbedded.length, stages());
    OrderConditions.requireWeights(this, "bEmbedded", bEmbedded, embeddedOrder);
    return new ButcherTableau(this, bEmbedded.clone(), embeddedOrder, dense, denseOrder);
  }

  /// This tableau with the dense output `b_i(θ) = Σ_m dense[i][m] θ^{m+1}` of the given order.
  ///
  /// @throws IllegalArgumentException if it misses a continuous order condition, or `b_i(1) ≠ b_i`
  public ButcherTableau withDense(int denseOrder, double[][] dense) {
    requireLength(name, "dense", dense.length, stages());
    OrderConditions.requireDense(this, dense, denseOrder);
    return new ButcherTableau(this, bEmbedded, embeddedOrder, copy(dense), denseOrder);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int order() {
    return order;
  }

  @Override
  public int stages() {
    return b.length;
  }

  @Override
  public int embeddedOrder() {
    return embeddedOrder;
  }

  @Override
  public int denseOrder() {
    return denseOrder;
  }

  /// First same as last: the last stage is `f(t + h, y1)` and serves as the first one of the next
  /// step, so that a step costs `stages() - 1` evaluations.
  public boolean fsal() {
    return fsal;
  }

  /// `c_i`, counted from 0.
  public double c(int i) {
    return c[i];
  }

  /// `a_ij`, counted from 0; zero on and above the diagonal.
  public double a(int i, int j) {
    return j < i ? a[i][j] : 0;
  }

  /// `b_i`, counted from 0.
  public double b(int i) {
    return b[i];
  }

  /// `b̂_i`, counted from 0.
  ///
  /// @throws IllegalStateException if there is no embedded solution
  public double bEmbedded(int i) {
    if (!embedded()) {
      throw new IllegalStateException(name + ": has no embedded solution; ask embedded() first");
    }
    return bEmbedded[i];
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    for (int i = 0; i < dense.length; i++) {
      double[] powers = dense[i];
      double sum = 0;
      for (int m = powers.length - 1; m >= 0; m--) {
        sum = theta * (powers[m] + sum);
      }
      weights[i] = sum;
    }
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    for (int i = 0; i < dense.length; i++) {
      double[] powers = dense[i];
      double sum = 0;
      for (int m = powers.length - 1; m >= 0; m--) {
        sum = theta * sum + (m + 1) * powers[m];
      }
      rates[i] = sum;
    }
  }

  @Override
  public String toString() {
    return embedded()
        ? "%s, order %d(%d), %d stages".formatted(name, order, embeddedOrder, stages())
        : "%s, order %d, %d stages".formatted(name, order, stages());
  }

  private static void requireShape(String name, double[] c, double[][] a, double[] b) {
    if (b.length == 0) {
      throw new IllegalArgumentException(name + ": no weights b, want one per stage");
    }
    requireLength(name, "c", c.length, b.length);
    requireLength(name, "a", a.length, b.length);
    for (int i = 0; i < a.length; i++) {
      if (a[i].length != i) {
        throw new IllegalArgumentException(
            "%s: row %d of a has %d coefficients, want %d: those left of the diagonal"
                .formatted(name, i + 1, a[i].length, i));
      }
    }
  }

  private static void requireLength(String name, String what, int came, int stages) {
    if (came != stages) {
      throw new IllegalArgumentException(
          "%s: %s has %d entries, want %d, one per stage".formatted(name, what, came, stages));
    }
  }

  private static boolean isFsal(double[] c, double[][] a, double[] b) {
    int last = b.length - 1;
    return last > 0
        && c[last] == 1
        && b[last] == 0
        && Arrays.equals(a[last], Arrays.copyOf(b, last));
  }

  private static double[][] linear(double[] b) {
    return Arrays.stream(b).mapToObj(weight -> new double[] {weight}).toArray(double[][]::new);
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
