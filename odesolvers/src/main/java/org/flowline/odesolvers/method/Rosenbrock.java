package org.flowline.odesolvers.method;

import java.util.Arrays;

/// A linearly implicit Runge–Kutta method: every stage is one linear equation with the Jacobian
/// `J = ∂f/∂y (t, y0)`, and there is nothing to iterate:
///
///     (I − h γ J) k_i = f(t + α_i h, y0 + h Σ_{j<i} α_ij k_j) + h J Σ_{j<i} γ_ij k_j + h γ_i ∂f/∂t
///     y1 = y0 + h Σ b_i k_i        α_i = Σ α_ij,   γ_i = Σ γ_ij,   γ_ii = γ
///
/// A method checks itself: one that exists fulfils all order conditions of every order it claims.
/// They suppose an exact Jacobian; that of differences costs half the digits of the error, not the
/// order in practice. Cost per step: `s` evaluations, a Jacobian, a factorisation. Hairer & Wanner
/// (1996), IV.7.
public final class Rosenbrock implements Method {

  private final String name;
  private final int order;
  private final double[][] alpha;
  private final double[][] gamma;
  private final double[] b;
  private final double[] bEmbedded;
  private final int embeddedOrder;
  private final double[][] dense;
  private final int denseOrder;

  private Rosenbrock(
      String name,
      int order,
      double[][] alpha,
      double[][] gamma,
      double[] b,
      double[] bEmbedded,
      int embeddedOrder,
      double[][] dense,
      int denseOrder) {
    this.name = name;
    this.order = order;
    this.alpha = alpha;
    this.gamma = gamma;
    this.b = b;
    this.bEmbedded = bEmbedded;
    this.embeddedOrder = embeddedOrder;
    this.dense = dense;
    this.denseOrder = denseOrder;
  }

  /// The method with these coefficients, where row `i` of `alpha` holds the `i` ones left of the
  /// diagonal, and of `gamma` one more. It has no embedded solution and a linear dense output.
  ///
  /// @throws IllegalArgumentException if shapes do not fit, the diagonal of `gamma` is not constant
  ///     and positive, or `b` misses an order condition
  public static Rosenbrock of(
      String name, int order, double[][] alpha, double[][] gamma, double[] b) {
    requireShape(name, alpha, gamma, b);
    double[][] linear = new double[b.length][];
    for (int i = 0; i < b.length; i++) {
      linear[i] = new double[] {b[i]};
    }
    var method =
        new Rosenbrock(
            name, order, copy(alpha), copy(gamma), b.clone(), new double[0], 0, linear, 1);
    method.conditions(order).requireWeights("b", b);
    return method;
  }

  /// The method given as it is usually published, by the coefficients of `u_i = h Σ γ_ij k_j`:
  ///
  ///     (1/(hγ) I − J) u_i =
  ///         f(t + α_i h, y0 + Σ_{j<i} a_ij u_j) + 1/h Σ_{j<i} c_ij u_j + h γ_i ∂f/∂t
  ///     y1 = y0 + Σ m_i u_i
  ///
  /// Hence `Γ = (I/γ − C)⁻¹`, `α = A Γ`, `b = m Γ`.
  ///
  /// @throws IllegalArgumentException as [#of] does
  public static Rosenbrock transformed(
      String name, int order, double gamma, double[][] a, double[][] c, double[] m) {
    int stages = m.length;
    double[][] inverse = new double[stages][];
    for (int i = 0; i < stages; i++) {
      inverse[i] = new double[i + 1];
      inverse[i][i] = gamma;
      for (int j = 0; j < i; j++) {
        double sum = 0;
        for (int l = j; l < i; l++) {
          sum += c[i][l] * inverse[l][j];
        }
        inverse[i][j] = gamma * sum;
      }
    }
    double[][] alpha = new double[stages][];
    for (int i = 0; i < stages; i++) {
      alpha[i] = Arrays.copyOf(times(a[i], inverse), i);
    }
    return of(name, order, alpha, inverse, times(m, inverse));
  }

  /// This method with an embedded solution of the given order.
  ///
  /// @throws IllegalArgumentException if the weights miss an order condition
  public Rosenbrock withEmbedded(int embeddedOrder, double... bEmbedded) {
    requireLength(name, "bEmbedded", bEmbedded.length, b.length);
    conditions(embeddedOrder).requireWeights("bEmbedded", bEmbedded);
    return new Rosenbrock(
        name, order, alpha, gamma, b, bEmbedded.clone(), embeddedOrder, dense, denseOrder);
  }

  /// This method with the embedded solution `y0 + Σ m̂_i u_i`; see [#transformed].
  ///
  /// @throws IllegalArgumentException if the weights miss an order condition
  public Rosenbrock withEmbeddedTransformed(int embeddedOrder, double... mEmbedded) {
    requireLength(name, "mEmbedded", mEmbedded.length, b.length);
    return withEmbedded(embeddedOrder, times(mEmbedded, gamma));
  }

  /// This method with the dense output `b_i(θ) = Σ_m dense[i][m] θ^{m+1}` of the given order.
  ///
  /// @throws IllegalArgumentException if it misses a continuous order condition, or `b_i(1) ≠ b_i`
  public Rosenbrock withDense(int denseOrder, double[][] dense) {
    requireLength(name, "dense", dense.length, b.length);
    conditions(denseOrder).requireDense(dense, b);
    return new Rosenbrock(
        name, order, alpha, gamma, b, bEmbedded, embeddedOrder, copy(dense), denseOrder);
  }

  /// This method with the dense output, as it is usually published,
  ///
  ///     y0 + θ (y1 − y0) + θ (1 − θ) (D_1 + θ D_2 + θ² D_3 + …)        D_m = Σ_j d_mj u_j
  ///
  /// @throws IllegalArgumentException as [#withDense] does
  public Rosenbrock withDenseTransformed(int denseOrder, double[][] d) {
    double[][] powers = new double[d.length + 2][b.length];
    powers[0] = b.clone();
    for (int m = 0; m < d.length; m++) {
      double[] slopes = times(d[m], gamma);
      for (int i = 0; i < b.length; i++) {
        powers[m][i] += slopes[i];
        powers[m + 1][i] -= slopes[i];
      }
    }
    double[][] polynomials = new double[b.length][d.length + 1];
    for (int i = 0; i < b.length; i++) {
      for (int m = 0; m <= d.length; m++) {
        polynomials[i][m] = powers[m][i];
      }
    }
    return withDense(denseOrder, polynomials);
  }

  private OrderConditions conditions(int order) {
    int stages = b.length;
    double[][] beta = new double[stages][stages];
    double[][] explicit = new double[stages][stages];
    for (int i = 0; i < stages; i++) {
      for (int j = 0; j <= i; j++) {
        explicit[i][j] = alpha(i, j);
        beta[i][j] = alpha(i, j) + gamma(i, j);
      }
    }
    return OrderConditions.upTo(order, name, OrderConditions.Edges.branching(beta, explicit));
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

  /// `γ`, the diagonal of all `γ_ii`.
  public double gamma() {
    return gamma[0][0];
  }

  /// `α_i = Σ α_ij`, counted from 0; exactly 1 for a stage at the step's end.
  public double node(int i) {
    double node = Arrays.stream(alpha[i]).sum();
    return Math.abs(node - 1) < 1e-13 ? 1 : node;
  }

  /// `γ_ij`, counted from 0; zero above the diagonal.
  public double gamma(int i, int j) {
    return j <= i ? gamma[i][j] : 0;
  }

  /// `α_ij`, counted from 0; zero on and above the diagonal.
  public double alpha(int i, int j) {
    return j < i ? alpha[i][j] : 0;
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
  public void endWeights(double[] weights) {
    System.arraycopy(b, 0, weights, 0, b.length);
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    for (int i = 0; i < dense.length; i++) {
      weights[i] = DensePolynomial.value(dense[i], theta);
    }
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    for (int i = 0; i < dense.length; i++) {
      rates[i] = DensePolynomial.slope(dense[i], theta);
    }
  }

  @Override
  public String toString() {
    return embedded()
        ? "%s, order %d(%d), %d stages".formatted(name, order, embeddedOrder, b.length)
        : "%s, order %d, %d stages".formatted(name, order, b.length);
  }

  private static void requireShape(String name, double[][] alpha, double[][] gamma, double[] b) {
    if (b.length == 0) {
      throw new IllegalArgumentException(name + ": no weights b, want one per stage");
    }
    requireLength(name, "alpha", alpha.length, b.length);
    requireLength(name, "gamma", gamma.length, b.length);
    for (int i = 0; i < b.length; i++) {
      if (alpha[i].length != i || gamma[i].length != i + 1) {
        throw new IllegalArgumentException(
            "%s: row %d has %d coefficients of alpha and %d of gamma, want %d and %d"
                .formatted(name, i + 1, alpha[i].length, gamma[i].length, i, i + 1));
      }
      if (!(gamma[i][i] > 0) || gamma[i][i] != gamma[0][0]) {
        throw new IllegalArgumentException(
            "%s: gamma has %s and %s on its diagonal, want one positive number"
                .formatted(name, gamma[0][0], gamma[i][i]));
      }
    }
  }

  private static void requireLength(String name, String what, int came, int stages) {
    if (came != stages) {
      throw new IllegalArgumentException(
          "%s: %s has %d entries, want %d, one per stage".formatted(name, what, came, stages));
    }
  }

  /// `x Γ` for lower triangular `Γ`.
  private static double[] times(double[] x, double[][] triangle) {
    double[] product = new double[triangle.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j <= i; j++) {
        product[j] += x[i] * triangle[i][j];
      }
    }
    return product;
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
