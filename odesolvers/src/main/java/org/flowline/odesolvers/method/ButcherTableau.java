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
/// It is explicit if its diagonal is zero. Where it is not, a stage is the solution of an equation,
/// found by Newton's method.
///
/// A tableau checks itself: one that exists fulfils all order conditions of every order it claims
/// (every rooted tree, see [OrderConditions]). Hairer, Nørsett & Wanner (1993), II.1, II.4, II.6.
public final class ButcherTableau implements Method {

  private final String name;
  private final int order;
  private final double[] c;
  private final double[][] a;
  private final double[] b;

  /// Stages of a step; further ones serve the dense output only.
  private final int stepStages;

  private final double[] bEmbedded;
  private final int embeddedOrder;
  private final double[] bCoarse;
  private final int coarseOrder;
  private final double[][] dense;
  private final int denseOrder;
  private final boolean fsal;
  private final int endStage;
  private final LinearCombination[] rows;

  private ButcherTableau(Draft draft) {
    this.name = draft.name;
    this.order = draft.order;
    this.c = draft.c;
    this.a = draft.a;
    this.b = draft.b;
    this.stepStages = draft.stepStages;
    this.bEmbedded = draft.bEmbedded;
    this.embeddedOrder = draft.embeddedOrder;
    this.bCoarse = draft.bCoarse;
    this.coarseOrder = draft.coarseOrder;
    this.dense = draft.dense;
    this.denseOrder = draft.denseOrder;
    this.fsal = isEnd(stepStages - 1);
    this.endStage = fsal ? stepStages - 1 : isEnd(stepStages) ? stepStages : -1;
    this.rows = new LinearCombination[c.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = LinearCombination.of(Arrays.copyOf(a[i], Math.min(i + 1, a[i].length)));
    }
  }

  /// The fields of a tableau on their way to the next one.
  private static final class Draft {
    String name;
    int order;
    double[] c;
    double[][] a;
    double[] b;
    int stepStages;
    double[] bEmbedded = {};
    int embeddedOrder;
    double[] bCoarse = {};
    int coarseOrder;
    double[][] dense;
    int denseOrder = 1;

    Draft() {}

    Draft(ButcherTableau tableau) {
      name = tableau.name;
      order = tableau.order;
      c = tableau.c;
      a = tableau.a;
      b = tableau.b;
      stepStages = tableau.stepStages;
      bEmbedded = tableau.bEmbedded;
      embeddedOrder = tableau.embeddedOrder;
      bCoarse = tableau.bCoarse;
      coarseOrder = tableau.coarseOrder;
      dense = tableau.dense;
      denseOrder = tableau.denseOrder;
    }
  }

  /// The tableau `(c, a, b)` of the given order, where `a[i]` holds the `i` coefficients left of
  /// the diagonal, and the one on it if that is not zero. It has no embedded solution and the
  /// linear dense output `b_i(θ) = θ b_i`.
  ///
  /// @throws IllegalArgumentException if shapes do not fit, a row of `a` does not sum to `c`, or
  ///     `b` misses an order condition
  public static ButcherTableau of(String name, int order, double[] c, double[][] a, double[] b) {
    requireShape(name, c, a, b);
    var draft = new Draft();
    draft.name = name;
    draft.order = order;
    draft.c = c.clone();
    draft.a = copy(a);
    draft.b = b.clone();
    draft.stepStages = b.length;
    draft.dense = linear(b);
    var tableau = new ButcherTableau(draft);
    OrderConditions.requireRowSums(name, a, c);
    tableau.conditions(order).requireWeights("b", b);
    return tableau;
  }

  /// This tableau with the embedded solution `b̂` of the given order.
  ///
  /// @throws IllegalArgumentException if `b̂` misses an order condition
  public ButcherTableau withEmbedded(int embeddedOrder, double... bEmbedded) {
    requireLength(name, "bEmbedded", bEmbedded.length, stages());
    conditions(embeddedOrder).requireWeights("bEmbedded", bEmbedded);
    var draft = new Draft(this);
    draft.bEmbedded = bEmbedded.clone();
    draft.embeddedOrder = embeddedOrder;
    return new ButcherTableau(draft);
  }

  /// This tableau with a second, coarser embedded solution, which corrects the first estimate `e`
  /// by its own `e'`: the error is `‖e‖² / √(‖e‖² + 0.01 ‖e'‖²)`, of an order higher than either.
  /// Hairer, Nørsett & Wanner (1993), II.10.
  ///
  /// @throws IllegalArgumentException if the weights miss an order condition
  /// @throws IllegalStateException if there is no first embedded solution
  public ButcherTableau withCoarse(int coarseOrder, double... bCoarse) {
    requireEmbedded();
    requireLength(name, "bCoarse", bCoarse.length, stages());
    conditions(coarseOrder).requireWeights("bCoarse", bCoarse);
    var draft = new Draft(this);
    draft.bCoarse = bCoarse.clone();
    draft.coarseOrder = coarseOrder;
    return new ButcherTableau(draft);
  }

  /// This tableau with the dense output `b_i(θ) = Σ_m dense[i][m] θ^{m+1}` of the given order.
  ///
  /// @throws IllegalArgumentException if it misses a continuous order condition, or `b_i(1) ≠ b_i`
  public ButcherTableau withDense(int denseOrder, double[][] dense) {
    return withDense(denseOrder, new double[0], new double[0][], dense);
  }

  /// This tableau with the cubic that has the values and slopes of the step at both ends, for
  /// methods whose first and last stages these slopes are; of order 3, or the method's own below.
  ///
  ///     b_i(θ) = (3θ² − 2θ³) b_i + (θ − 2θ² + θ³) [i = 1] + (θ³ − θ²) [i = s]
  ///
  /// @throws IllegalArgumentException if the method is not [#fsal]
  public ButcherTableau withHermite() {
    if (!fsal) {
      throw new IllegalArgumentException(
          name + ": first and last stage are not the slopes at the ends; use withDense");
    }
    double[][] cubic = new double[stepStages][];
    for (int i = 0; i < stepStages; i++) {
      double first = i == 0 ? 1 : 0;
      double last = i == stepStages - 1 ? 1 : 0;
      cubic[i] = new double[] {first, 3 * b[i] - 2 * first - last, -2 * b[i] + first + last};
    }
    return withDense(Math.min(order, 3), cubic);
  }

  /// This tableau with a dense output that needs further stages, evaluated in those steps only
  /// that are interpolated or recorded: rows `s + 1, …` of `c` and `a`.
  ///
  /// @throws IllegalArgumentException if a row does not fit, the dense output misses a continuous
  ///     order condition, or `b_i(1) ≠ b_i`
  public ButcherTableau withDense(
      int denseOrder, double[] moreC, double[][] moreA, double[][] dense) {
    int total = stepStages + moreC.length;
    var draft = new Draft(this);
    draft.c = concat(Arrays.copyOf(c, stepStages), moreC);
    draft.a = concat(Arrays.copyOf(a, stepStages), copy(moreA));
    draft.b = Arrays.copyOf(Arrays.copyOf(b, stepStages), total);
    draft.bEmbedded = bEmbedded.length == 0 ? bEmbedded : Arrays.copyOf(bEmbedded, total);
    draft.bCoarse = bCoarse.length == 0 ? bCoarse : Arrays.copyOf(bCoarse, total);
    requireShape(name, draft.c, draft.a, draft.b);
    requireLength(name, "dense", dense.length, total);
    draft.dense = copy(dense);
    draft.denseOrder = denseOrder;
    var tableau = new ButcherTableau(draft);
    OrderConditions.requireRowSums(name, draft.a, draft.c);
    tableau.conditions(denseOrder).requireDense(dense, draft.b);
    return tableau;
  }

  private OrderConditions conditions(int order) {
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

  /// Stages of a step; those from here to `stages()` serve the dense output only.
  public int stepStages() {
    return stepStages;
  }

  /// Whether no stage depends on itself.
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
    return embeddedOrder;
  }

  /// One above the smaller of the two orders; with a second embedded solution of order `p̌`, as
  /// much as `2(p̂ + 1) − (p̌ + 1)`.
  @Override
  public int errorOrder() {
    return coarse() ? 2 * embeddedOrder - coarseOrder + 1 : Method.super.errorOrder();
  }

  /// Whether a second embedded solution corrects the estimate of the first.
  public boolean coarse() {
    return coarseOrder > 0;
  }

  @Override
  public int denseOrder() {
    return denseOrder;
  }

  /// First same as last: the last stage of a step is `f(t + h, y1)` and serves as the first one of
  /// the next step, so that a step costs one stage less.
  public boolean fsal() {
    return fsal;
  }

  /// Whether the last stage of a step is its result, `y1`.
  public boolean stifflyAccurate() {
    return isResult(stepStages - 1);
  }

  /// The stage that is `f(t + h, y1)`, the last one of a step or the first one of its dense output,
  /// and need not be evaluated again in the next step; −1 if there is none.
  public int endStage() {
    return endStage;
  }

  /// `c_i`, counted from 0.
  public double c(int i) {
    return c[i];
  }

  /// `a_ij`, counted from 0; zero above the diagonal.
  public double a(int i, int j) {
    return j < a[i].length ? a[i][j] : 0;
  }

  /// Overwrites the components `from … to − 1` of `y` with those of the state at which stage `i`,
  /// counted from 0, is evaluated, in the solver's own arithmetic: `y0 + h Σ_{j≤i} a_ij k_j`.
  ///
  /// @param k the slopes, of which those up to `i` that the stage takes are read
  public void stageState(int i, double h, double[] y0, double[][] k, double[] y, int from, int to) {
    if (from == 0 && to == y.length) {
      rows[i].apply(y0, h, k, y);
    } else {
      rows[i].apply(y0, h, k, y, from, to);
    }
  }

  /// `b_i`, counted from 0.
  public double b(int i) {
    return b[i];
  }

  /// `b̂_i`, counted from 0.
  ///
  /// @throws IllegalStateException if there is no embedded solution
  public double bEmbedded(int i) {
    requireEmbedded();
    return bEmbedded[i];
  }

  /// The weights of the second embedded solution, counted from 0.
  ///
  /// @throws IllegalStateException if there is none
  public double bCoarse(int i) {
    if (!coarse()) {
      throw new IllegalStateException(
          name + ": has no second embedded solution; ask coarse() first");
    }
    return bCoarse[i];
  }

  private void requireEmbedded() {
    if (!embedded()) {
      throw new IllegalStateException(name + ": has no embedded solution; ask embedded() first");
    }
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
        ? "%s, order %d(%d), %d stages".formatted(name, order, embeddedOrder, stepStages)
        : "%s, order %d, %d stages".formatted(name, order, stepStages);
  }

  private static void requireShape(String name, double[] c, double[][] a, double[] b) {
    if (b.length == 0) {
      throw new IllegalArgumentException(name + ": no weights b, want one per stage");
    }
    requireLength(name, "c", c.length, b.length);
    requireLength(name, "a", a.length, b.length);
    for (int i = 0; i < a.length; i++) {
      if (a[i].length != i && a[i].length != i + 1) {
        throw new IllegalArgumentException(
            "%s: row %d of a has %d coefficients, want %d, those left of the diagonal, or %d"
                .formatted(name, i + 1, a[i].length, i, i + 1));
      }
    }
  }

  private static void requireLength(String name, String what, int came, int stages) {
    if (came != stages) {
      throw new IllegalArgumentException(
          "%s: %s has %d entries, want %d, one per stage".formatted(name, what, came, stages));
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

  // Loops, not streams: the named tableaux are made when the class loads, where streams are slow.

  private static double[][] linear(double[] b) {
    double[][] dense = new double[b.length][];
    for (int i = 0; i < b.length; i++) {
      dense[i] = new double[] {b[i]};
    }
    return dense;
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = rows.clone();
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  private static double[] concat(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static double[][] concat(double[][] first, double[][] second) {
    double[][] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
