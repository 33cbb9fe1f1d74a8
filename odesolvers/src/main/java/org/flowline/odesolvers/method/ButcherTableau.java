package org.flowline.odesolvers.method;

import java.util.Arrays;

/// A Runge–Kutta method, explicit or diagonally implicit:
///
///     k_i = f(t + c_i h, y0 + h Σ_{j≤i} a_ij k_j)        y1 = y0 + h Σ b_i k_i
///
///     c_1 | a_11
///     c_2 | a_21 a_22
///      ⋮  |  ⋮    ⋱
///     c_s | a_s1  …  a_ss
///     ----+----------------
///         | b_1  …  b_s        order p
///         | b̂_1  …  b̂_s        embedded: error estimate h Σ (b_i − b̂_i) k_i
///         | b_1(θ) … b_s(θ)    dense output, polynomials without a constant term
///
/// The method is explicit if its diagonal is zero; a stage with a nonzero diagonal entry is the
/// solution of an equation, found by Newton's method.
///
/// Every tableau satisfies the order conditions of every order it claims (all rooted trees, see
/// [OrderConditions]): the factories check them. Stages are counted from 0 throughout. Hairer,
/// Nørsett & Wanner (1993), II.1, II.4, II.6.
public final class ButcherTableau implements Method {

  private final String name;
  private final int order;
  private final double[] c;
  private final double[][] a;
  private final double[] b;
  private final int stepStages;
  private final Embedded embedded;
  private final Embedded coarse;
  private final DenseOutput dense;
  private final boolean fsal;
  private final int endStage;
  private final LinearCombination[] explicitSums;
  private final LinearCombination[] stageSums;
  private final LinearCombination endSum;

  /// Weights of an embedded solution; of order 0 if there is none.
  private record Embedded(int order, double[] b) {
    static final Embedded NONE = new Embedded(0, new double[0]);

    Embedded padded(int stages) {
      return order == 0 ? this : new Embedded(order, Arrays.copyOf(b, stages));
    }
  }

  private ButcherTableau(
      String name,
      int order,
      double[] c,
      double[][] a,
      double[] b,
      int stepStages,
      Embedded embedded,
      Embedded coarse,
      DenseOutput dense) {
    this.name = name;
    this.order = order;
    this.c = c;
    this.a = a;
    this.b = b;
    this.stepStages = stepStages;
    this.embedded = embedded;
    this.coarse = coarse;
    this.dense = dense;
    this.fsal = isEnd(stepStages - 1);
    this.endStage = fsal ? stepStages - 1 : isEnd(stepStages) ? stepStages : -1;
    this.explicitSums = new LinearCombination[c.length];
    this.stageSums = new LinearCombination[c.length];
    for (int i = 0; i < c.length; i++) {
      explicitSums[i] = LinearCombination.of(Arrays.copyOf(a[i], i));
      stageSums[i] = a(i, i) == 0 ? explicitSums[i] : LinearCombination.of(a[i]);
    }
    this.endSum = LinearCombination.of(b);
  }

  /// Returns the tableau `(c, a, b)` of the given order, without an embedded solution and with the
  /// linear dense output `b_i(θ) = θ b_i`.
  ///
  /// @param a row `i` holds the `i` coefficients left of the diagonal, and the one on the diagonal
  ///     if that is not zero
  /// @throws IllegalArgumentException if shapes do not fit, a row of `a` does not sum to `c`, or
  ///     `b` violates an order condition
  public static ButcherTableau of(String name, int order, double[] c, double[][] a, double[] b) {
    requireShape(name, c, a, b);
    OrderConditions.requireRowSums(name, a, c);
    conditions(name, order, a).requireWeights("b", b);
    return new ButcherTableau(
        name,
        order,
        c.clone(),
        copy(a),
        b.clone(),
        b.length,
        Embedded.NONE,
        Embedded.NONE,
        DenseOutput.linear(b));
  }

  /// Returns the tableau `(c, a, b)` whose weights `b` are the last row of `a`: of a method that is
  /// [#fsal] or [#stifflyAccurate].
  ///
  /// @throws IllegalArgumentException as the other factory does
  public static ButcherTableau of(String name, int order, double[] c, double[][] a) {
    double[] last = a.length == 0 ? new double[0] : a[a.length - 1];
    return of(name, order, c, a, Arrays.copyOf(last, a.length));
  }

  /// Returns this tableau with the embedded solution `b̂` of the given order.
  ///
  /// @throws IllegalArgumentException if `b̂` violates an order condition
  public ButcherTableau withEmbedded(int embeddedOrder, double... bEmbedded) {
    Embedded first = embedded("bEmbedded", embeddedOrder, bEmbedded);
    return new ButcherTableau(name, order, c, a, b, stepStages, first, coarse, dense);
  }

  /// Returns this tableau with a second, coarser embedded solution, whose error estimate `e'`
  /// corrects the first estimate `e`: the error is `‖e‖² / √(‖e‖² + 0.01 ‖e'‖²)`, of a higher order
  /// than either. Hairer, Nørsett & Wanner (1993), II.10.
  ///
  /// @throws IllegalArgumentException if the weights violate an order condition
  /// @throws IllegalStateException if there is no first embedded solution
  public ButcherTableau withCoarse(int coarseOrder, double... bCoarse) {
    requireEmbedded();
    Embedded second = embedded("bCoarse", coarseOrder, bCoarse);
    return new ButcherTableau(name, order, c, a, b, stepStages, embedded, second, dense);
  }

  private Embedded embedded(String what, int order, double[] weights) {
    OrderConditions.requireLength(name, what, weights.length, stages());
    conditions(name, order, a).requireWeights(what, weights);
    return new Embedded(order, weights.clone());
  }

  /// Returns this tableau with the dense output `b_i(θ) = Σ_m p[i][m] θ^{m+1}` of the given order.
  ///
  /// @throws IllegalArgumentException if it violates a continuous order condition, or
  ///     `b_i(1) ≠ b_i`
  public ButcherTableau withDense(int denseOrder, double[][] p) {
    return withDense(denseOrder, new double[0], new double[0][], p);
  }

  /// Returns this tableau with a dense output that needs further stages, rows `s, s + 1, …` of `c`
  /// and `a`, which are evaluated only in steps that are interpolated or recorded.
  ///
  /// @throws IllegalArgumentException if a row does not fit, the dense output violates a continuous
  ///     order condition, or `b_i(1) ≠ b_i`
  public ButcherTableau withDense(int denseOrder, double[] moreC, double[][] moreA, double[][] p) {
    int total = stepStages + moreC.length;
    double[] allC = Arrays.copyOf(c, total);
    double[][] allA = Arrays.copyOf(a, total);
    System.arraycopy(moreC, 0, allC, stepStages, moreC.length);
    OrderConditions.requireLength(name, "a", stepStages + moreA.length, total);
    System.arraycopy(copy(moreA), 0, allA, stepStages, moreA.length);
    double[] allB = Arrays.copyOf(Arrays.copyOf(b, stepStages), total);
    requireShape(name, allC, allA, allB);
    OrderConditions.requireLength(name, "dense", p.length, total);
    OrderConditions.requireRowSums(name, allA, allC);
    conditions(name, denseOrder, allA).requireDense(p, allB);
    return new ButcherTableau(
        name,
        order,
        allC,
        allA,
        allB,
        stepStages,
        embedded.padded(total),
        coarse.padded(total),
        new DenseOutput(denseOrder, copy(p)));
  }

  /// Returns this tableau with the cubic that has the values and slopes of the step at both ends,
  /// of order 3, or of the method's own order below that:
  ///
  ///     b_i(θ) = (3θ² − 2θ³) b_i + (θ − 2θ² + θ³) [i = 0] + (θ³ − θ²) [i = end]
  ///
  /// The slope at the end is the last stage of a method that is [#fsal], and a further stage of any
  /// other.
  ///
  /// @throws IllegalArgumentException if the first stage is not the slope at the start
  public ButcherTableau withHermite() {
    if (c[0] != 0 || a(0, 0) != 0) {
      throw new IllegalArgumentException(
          name + ": the first stage is not the slope at the start; use withDense");
    }
    int end = fsal ? stepStages - 1 : stepStages;
    double[][] cubic = new double[end + 1][];
    for (int i = 0; i <= end; i++) {
      double weight = i < stepStages ? b[i] : 0;
      double first = i == 0 ? 1 : 0;
      double last = i == end ? 1 : 0;
      cubic[i] = new double[] {first, 3 * weight - 2 * first - last, -2 * weight + first + last};
    }
    int cubicOrder = Math.min(order, 3);
    return fsal
        ? withDense(cubicOrder, cubic)
        : withDense(
            cubicOrder, new double[] {1}, new double[][] {Arrays.copyOf(b, stepStages)}, cubic);
  }

  private static OrderConditions conditions(String name, int order, double[][] a) {
    return OrderConditions.upTo(order, name, OrderConditions.Edges.of(a));
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

  /// The number of stages of a step; stages from here to `stages()` serve the dense output only.
  public int stepStages() {
    return stepStages;
  }

  /// Returns whether no stage depends on itself.
  public boolean explicit() {
    for (int i = 0; i < a.length; i++) {
      if (a(i, i) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int embeddedOrder() {
    return embedded.order;
  }

  /// One above the smaller of the two orders; with a second embedded solution of order `p̌`,
  /// `2(p̂ + 1) − (p̌ + 1)`.
  @Override
  public int errorOrder() {
    return coarse() ? 2 * embedded.order - coarse.order + 1 : Method.super.errorOrder();
  }

  /// Returns whether a second embedded solution corrects the estimate of the first.
  public boolean coarse() {
    return coarse.order > 0;
  }

  @Override
  public int denseOrder() {
    return dense.order();
  }

  /// Returns whether the method is FSAL, *first same as last*: the last stage of a step is
  /// `f(t + h, y1)` and serves as the first one of the next step, which saves one stage per step.
  public boolean fsal() {
    return fsal;
  }

  /// Returns whether the last stage of a step is its result, `y1`.
  public boolean stifflyAccurate() {
    return isResult(stepStages - 1);
  }

  /// The stage that is `f(t + h, y1)`, the last one of a step or the first one of its dense output,
  /// which the next step need not evaluate again; −1 if there is none.
  public int endStage() {
    return endStage;
  }

  /// `c_i`.
  public double c(int i) {
    return c[i];
  }

  /// `a_ij`; zero above the diagonal.
  public double a(int i, int j) {
    return j < a[i].length ? a[i][j] : 0;
  }

  /// `y0 + h Σ_{j<i} a_ij k_j`, the part of stage `i` that earlier stages determine.
  public LinearCombination explicitSum(int i) {
    return explicitSums[i];
  }

  /// `y0 + h Σ_{j≤i} a_ij k_j`, the state at which stage `i` is evaluated.
  public LinearCombination stageSum(int i) {
    return stageSums[i];
  }

  /// `y0 + h Σ b_i k_i`.
  public LinearCombination endSum() {
    return endSum;
  }

  /// `h Σ (b_i − b̂_i) k_i`; empty if there is no embedded solution.
  public LinearCombination errorSum() {
    return errorSum(embedded);
  }

  /// The same for the second embedded solution.
  public LinearCombination coarseErrorSum() {
    return errorSum(coarse);
  }

  private LinearCombination errorSum(Embedded other) {
    double[] difference = new double[other.b.length];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = b[i] - other.b[i];
    }
    return LinearCombination.of(difference);
  }

  /// `b_i`.
  public double b(int i) {
    return b[i];
  }

  /// `b̂_i`.
  ///
  /// @throws IllegalStateException if there is no embedded solution
  public double bEmbedded(int i) {
    requireEmbedded();
    return embedded.b[i];
  }

  private void requireEmbedded() {
    if (!embedded()) {
      throw new IllegalStateException(name + ": has no embedded solution; check embedded() first");
    }
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
    return Method.print(this, stepStages);
  }

  private static void requireShape(String name, double[] c, double[][] a, double[] b) {
    OrderConditions.requireStages(name, b);
    OrderConditions.requireLength(name, "c", c.length, b.length);
    OrderConditions.requireLength(name, "a", a.length, b.length);
    for (int i = 0; i < a.length; i++) {
      if (a[i].length != i && a[i].length != i + 1) {
        throw new IllegalArgumentException(
            "%s: row %s of a has %s coefficients, want %s, those left of the diagonal, or %s"
                .formatted(name, i + 1, a[i].length, i, i + 1));
      }
    }
  }

  private boolean isEnd(int stage) {
    return stage > 0 && stage < c.length && a(0, 0) == 0 && isResult(stage);
  }

  private boolean isResult(int stage) {
    boolean same = c[stage] == 1;
    for (int i = 0; same && i < b.length; i++) {
      same = a(stage, i) == b[i];
    }
    return same;
  }

  /// Copies in loops, since the named tableaux are made when the class loads, where streams are
  /// slow.
  static double[][] copy(double[][] rows) {
    double[][] copy = rows.clone();
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }
}
