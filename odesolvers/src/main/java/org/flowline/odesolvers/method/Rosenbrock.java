package org.flowline.odesolvers.method;

import java.util.Arrays;

/// A linearly implicit Runge–Kutta method: every stage is one linear equation with the Jacobian
/// `J = ∂f/∂y (t, y0)`, without iterations:
///
///     (I − h γ J) k_i = f(t + α_i h, y0 + h Σ_{j<i} α_ij k_j) + h J Σ_{j<i} γ_ij k_j + h γ_i ∂f/∂t
///     y1 = y0 + h Σ b_i k_i        α_i = Σ α_ij,   γ_i = Σ γ_ij,   γ_ii = γ
///
/// Every method satisfies the order conditions of every order it claims: the factories check them.
/// The conditions suppose an exact Jacobian; a Jacobian by differences costs half the digits of the
/// error, and in practice not the order. Stages are counted from 0. Cost per step: `s` evaluations,
/// a Jacobian, a factorisation. Hairer & Wanner (1996), IV.7.
public final class Rosenbrock implements Method {

  private final String name;
  private final int order;
  private final double[][] alpha;
  private final double[][] gamma;
  private final double[] b;
  private final double[] bEmbedded;
  private final int embeddedOrder;
  private final DenseOutput dense;
  private final double[] nodes;

  private Rosenbrock(
      String name,
      int order,
      double[][] alpha,
      double[][] gamma,
      double[] b,
      double[] bEmbedded,
      int embeddedOrder,
      DenseOutput dense) {
    this.name = name;
    this.order = order;
    this.alpha = alpha;
    this.gamma = gamma;
    this.b = b;
    this.bEmbedded = bEmbedded;
    this.embeddedOrder = embeddedOrder;
    this.dense = dense;
    this.nodes = Arrays.stream(alpha).mapToDouble(row -> end(Arrays.stream(row).sum())).toArray();
  }

  /// Rows sum to 1 but for rounding.
  private static double end(double node) {
    return Math.abs(node - 1) < 1e-13 ? 1 : node;
  }

  /// Returns the method with these coefficients, without an embedded solution and with a linear
  /// dense output.
  ///
  /// @param alpha row `i` holds the `i` coefficients left of the diagonal
  /// @param gamma row `i` holds the coefficients up to the diagonal
  /// @throws IllegalArgumentException if shapes do not fit, the diagonal of `gamma` is not constant
  ///     and positive, or `b` violates an order condition
  public static Rosenbrock of(
      String name, int order, double[][] alpha, double[][] gamma, double[] b) {
    requireShape(name, alpha, gamma, b);
    var method =
        new Rosenbrock(
            name,
            order,
            ButcherTableau.copy(alpha),
            ButcherTableau.copy(gamma),
            b.clone(),
            new double[b.length],
            0,
            DenseOutput.linear(b));
    method.conditions(order).requireWeights("b", b);
    return method;
  }

  /// Returns the method given, as is usual in print, by the coefficients of `u_i = h Σ γ_ij k_j`:
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
    OrderConditions.requireLength(name, "a", a.length, stages);
    OrderConditions.requireLength(name, "c", c.length, stages);
    for (int i = 0; i < stages; i++) {
      OrderConditions.requireLength(name, "row " + (i + 1) + " of a", a[i].length, i);
      OrderConditions.requireLength(name, "row " + (i + 1) + " of c", c[i].length, i);
    }
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

  /// Returns this method with an embedded solution of the given order.
  ///
  /// @throws IllegalArgumentException if the weights violate an order condition
  public Rosenbrock withEmbedded(int embeddedOrder, double... bEmbedded) {
    OrderConditions.requireLength(name, "bEmbedded", bEmbedded.length, b.length);
    conditions(embeddedOrder).requireWeights("bEmbedded", bEmbedded);
    return new Rosenbrock(name, order, alpha, gamma, b, bEmbedded.clone(), embeddedOrder, dense);
  }

  /// Returns this method with the embedded solution `y0 + Σ m̂_i u_i`; see [#transformed].
  ///
  /// @throws IllegalArgumentException if the weights violate an order condition
  public Rosenbrock withEmbeddedTransformed(int embeddedOrder, double... mEmbedded) {
    OrderConditions.requireLength(name, "mEmbedded", mEmbedded.length, b.length);
    return withEmbedded(embeddedOrder, times(mEmbedded, gamma));
  }

  /// Returns this method with the dense output `b_i(θ) = Σ_m p[i][m] θ^{m+1}` of the given order.
  ///
  /// @throws IllegalArgumentException if it violates a continuous order condition, or
  ///     `b_i(1) ≠ b_i`
  public Rosenbrock withDense(int denseOrder, double[][] p) {
    OrderConditions.requireLength(name, "dense", p.length, b.length);
    conditions(denseOrder).requireDense(p, b);
    var other = new DenseOutput(denseOrder, ButcherTableau.copy(p));
    return new Rosenbrock(name, order, alpha, gamma, b, bEmbedded, embeddedOrder, other);
  }

  /// Returns this method with the dense output in the form that is usual in print,
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
    return dense.order();
  }

  /// `γ = γ_ii`.
  public double gamma() {
    return gamma[0][0];
  }

  /// `α_i = Σ α_ij`; exactly 1 for a stage at the step's end.
  public double node(int i) {
    return nodes[i];
  }

  /// `γ_ij`; zero above the diagonal.
  public double gamma(int i, int j) {
    return j <= i ? gamma[i][j] : 0;
  }

  /// `α_ij`; zero on and above the diagonal.
  public double alpha(int i, int j) {
    return j < i ? alpha[i][j] : 0;
  }

  /// `b_i`.
  public double b(int i) {
    return b[i];
  }

  /// `y0 + h Σ_{j<i} α_ij k_j`.
  public LinearCombination stageSum(int i) {
    return LinearCombination.of(alpha[i]);
  }

  /// `h Σ_{j<i} γ_ij k_j`.
  public LinearCombination couplingSum(int i) {
    return LinearCombination.of(Arrays.copyOf(gamma[i], i));
  }

  /// `γ_i = Σ_{j≤i} γ_ij`.
  public double gammaSum(int i) {
    return gamma() + Arrays.stream(gamma[i], 0, i).sum();
  }

  /// `y0 + h Σ b_i k_i`.
  public LinearCombination endSum() {
    return LinearCombination.of(b);
  }

  /// `h Σ (b_i − b̂_i) k_i`; empty if there is no embedded solution.
  public LinearCombination errorSum() {
    double[] difference = new double[embedded() ? b.length : 0];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = b[i] - bEmbedded[i];
    }
    return LinearCombination.of(difference);
  }

  /// The error estimate of a step for `y' = λ y` in the limit `h λ → −∞`, in units of `y0`: zero if
  /// method and embedded solution are both L-stable.
  public double stiffError() {
    double[] slopes = new double[b.length];
    double error = 0;
    for (int i = 0; embedded() && i < b.length; i++) {
      double sum = 1;
      for (int j = 0; j < i; j++) {
        sum += (alpha(i, j) + gamma(i, j)) * slopes[j];
      }
      slopes[i] = -sum / gamma();
      error += (b[i] - bEmbedded[i]) * slopes[i];
    }
    return Math.abs(error);
  }

  @Override
  public void endWeights(double[] weights) {
    System.arraycopy(b, 0, weights, 0, b.length);
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    dense.weights(theta, weights);
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    dense.rates(theta, rates);
  }

  @Override
  public String toString() {
    return Method.print(this, b.length);
  }

  private static void requireShape(String name, double[][] alpha, double[][] gamma, double[] b) {
    OrderConditions.requireStages(name, b);
    OrderConditions.requireLength(name, "alpha", alpha.length, b.length);
    OrderConditions.requireLength(name, "gamma", gamma.length, b.length);
    for (int i = 0; i < b.length; i++) {
      if (alpha[i].length != i || gamma[i].length != i + 1) {
        throw new IllegalArgumentException(
            "%s: row %s has %s coefficients of alpha and %s of gamma, want %s and %s"
                .formatted(name, i + 1, alpha[i].length, gamma[i].length, i, i + 1));
      }
      if (!(gamma[i][i] > 0) || gamma[i][i] != gamma[0][0]) {
        throw new IllegalArgumentException(
            "%s: gamma has %s and %s on its diagonal, want one positive number"
                .formatted(name, gamma[0][0], gamma[i][i]));
      }
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
}
