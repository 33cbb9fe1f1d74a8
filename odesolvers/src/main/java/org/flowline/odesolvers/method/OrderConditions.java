package org.flowline.odesolvers.method;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Butcher's order conditions. Weights `b` have order `p` exactly if, for every rooted tree `τ`
/// with at most `p` vertices,
///
///     Σ b_i Φ_i(τ) = 1/γ(τ)        Φ_i([τ_1 … τ_m]) = Π_k Σ_j a_ij Φ_j(τ_k)
///                                  γ([τ_1 … τ_m]) = |τ| γ(τ_1) ⋯ γ(τ_m)
///
/// A dense output has order `q` if `Σ b_i(θ) Φ_i(τ) = θ^|τ| / γ(τ)` for every `θ` and every tree up
/// to `q` vertices. A tree is printed as `τ` for one vertex and `[…]` for a root above its
/// subtrees. Hairer, Nørsett & Wanner (1993), theorems II.2.13 and II.6.1.
///
/// The matrix in the place of `a` may depend on the vertex, see [Edges]: on its number of children
/// in Rosenbrock methods, on its colour in partitioned ones.
final class OrderConditions {

  /// The relative error allowed. Published coefficients carry 15 to 17 digits, so that conditions
  /// hold to some 1e-16 of the sums' terms, and in the largest tableaux to 1e-14; a mistyped digit
  /// causes a far larger error.
  private static final double TOLERANCE = 1e-13;

  /// The largest order that is checked: 7813 trees; each further order more than doubles them.
  private static final int LARGEST_ORDER = 12;

  private final String name;
  private final int order;
  private final List<Tree> trees;

  private OrderConditions(String name, int order, List<Tree> trees) {
    this.name = name;
    this.order = order;
    this.trees = trees;
  }

  /// Returns the conditions up to `order` on the method of this name.
  static OrderConditions upTo(int order, String name, Edges edges) {
    List<Tree> trees = new ArrayList<>();
    for (int vertices = 1; vertices <= Math.min(order, LARGEST_ORDER); vertices++) {
      graft(edges, List.of(), vertices - 1, List.copyOf(trees), 0, trees);
    }
    return new OrderConditions(name, order, trees);
  }

  /// The matrices `a` from the stages of a vertex to the stages of its children; rows may omit
  /// trailing zeros.
  ///
  /// @param single from a vertex with one child, `[colour][stage][stage]`
  /// @param branched from a vertex with several children; a vertex's children have the next colour
  record Edges(double[][][] single, double[][][] branched) {

    /// Returns one matrix for every vertex: Runge–Kutta methods.
    static Edges of(double[][] a) {
      double[][][] only = {a};
      return new Edges(only, only);
    }

    /// Returns the edges of Rosenbrock methods: `β` from a vertex with one child, `α` from a vertex
    /// with several. Hairer & Wanner (1996), IV.7.
    static Edges branching(double[][] beta, double[][] alpha) {
      return new Edges(new double[][][] {beta}, new double[][][] {alpha});
    }

    /// Returns the edges of partitioned methods on separable fields, where the children of a vertex
    /// have the other colour. Hairer, Lubich & Wanner (2006), III.2.
    static Edges bicoloured(double[][] fromFirst, double[][] fromSecond) {
      double[][][] both = {fromFirst, fromSecond};
      return new Edges(both, both);
    }
  }

  /// A rooted tree with its density `γ`, its elementary weights `Φ_i`, and their sums over the edge
  /// to a parent.
  ///
  /// @param weights `[colour][stage]`
  /// @param single the sums for a parent of that colour without other children
  /// @param branched the sums for a parent with several children
  private record Tree(
      List<Tree> children,
      int vertices,
      double density,
      Sum[] weights,
      Sum[] single,
      Sum[] branched) {

    static Tree of(Edges edges, List<Tree> children) {
      int colours = edges.single.length;
      Sum[] weights = new Sum[colours];
      Sum[] single = new Sum[colours];
      Sum[] branched = new Sum[colours];
      int vertices = 1;
      double density = 1;
      for (Tree child : children) {
        vertices += child.vertices;
        density *= child.density;
      }
      for (int colour = 0; colour < colours; colour++) {
        weights[colour] = Sum.ones(edges.single[colour].length);
        for (Tree child : children) {
          weights[colour].multiply((children.size() == 1 ? child.single : child.branched)[colour]);
        }
      }
      for (int colour = 0; colour < colours; colour++) {
        double[] phi = weights[(colour + 1) % colours].values;
        single[colour] = Sum.of(edges.single[colour], phi);
        boolean same = edges.branched[colour] == edges.single[colour];
        branched[colour] = same ? single[colour] : Sum.of(edges.branched[colour], phi);
      }
      return new Tree(children, vertices, density * vertices, weights, single, branched);
    }

    @Override
    public String toString() {
      return children.isEmpty()
          ? "τ"
          : children.stream().map(Tree::toString).collect(Collectors.joining("", "[", "]"));
    }
  }

  /// Sums per stage, and the sums of their terms' magnitudes, to which the rounding error is
  /// proportional.
  private record Sum(double[] values, double[] magnitudes) {

    static Sum ones(int stages) {
      var ones = new Sum(new double[stages], new double[stages]);
      Arrays.fill(ones.values, 1);
      Arrays.fill(ones.magnitudes, 1);
      return ones;
    }

    static Sum of(double[][] a, double[] x) {
      var sum = new Sum(new double[a.length], new double[a.length]);
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < a[i].length; j++) {
          double term = a[i][j] * x[j];
          sum.values[i] += term;
          sum.magnitudes[i] += Math.abs(term);
        }
      }
      return sum;
    }

    void multiply(Sum factor) {
      for (int i = 0; i < values.length; i++) {
        magnitudes[i] =
            magnitudes[i] * Math.abs(factor.values[i]) + Math.abs(values[i]) * factor.magnitudes[i];
        values[i] *= factor.values[i];
      }
    }
  }

  /// Adds to `found` every tree whose root has these children and further ones from `smaller` with
  /// `vertices` vertices in all, in non-decreasing position so that each multiset occurs once.
  private static void graft(
      Edges edges,
      List<Tree> children,
      int vertices,
      List<Tree> smaller,
      int first,
      List<Tree> found) {
    if (vertices == 0) {
      found.add(Tree.of(edges, children));
      return;
    }
    for (int i = first; i < smaller.size() && smaller.get(i).vertices <= vertices; i++) {
      List<Tree> more = new ArrayList<>(children);
      more.add(smaller.get(i));
      graft(edges, more, vertices - smaller.get(i).vertices, smaller, i, found);
    }
  }

  /// @throws IllegalArgumentException unless there is an entry for each stage
  static void requireLength(String name, String what, int came, int stages) {
    if (came != stages) {
      throw new IllegalArgumentException(
          "%s: %s has %s entries, want %s, one per stage".formatted(name, what, came, stages));
    }
  }

  /// @throws IllegalArgumentException if there are no weights
  static void requireStages(String name, double[] b) {
    if (b.length == 0) {
      throw new IllegalArgumentException(name + ": no weights b, want one per stage");
    }
  }

  /// @throws IllegalArgumentException if a row does not sum to its node
  static void requireRowSums(String name, double[][] a, double[] c) {
    for (int i = 0; i < a.length; i++) {
      requireSum("%s: row %s of a sums to %s, want c = %s", name, i, a[i], c[i]);
    }
  }

  private static void requireSum(String message, String name, int i, double[] terms, double want) {
    double sum = 0;
    double size = 1;
    for (double term : terms) {
      sum += term;
      size += Math.abs(term);
    }
    if (!(Math.abs(sum - want) <= TOLERANCE * size)) {
      throw new IllegalArgumentException(message.formatted(name, i + 1, sum, want));
    }
  }

  /// @throws IllegalArgumentException if the weights violate a condition, or the order is not 1 to
  ///     12
  void requireWeights(String what, double[] b) {
    requireWeights(what, b, 0);
  }

  /// Does the same for the trees whose root has this colour.
  void requireWeights(String what, double[] b, int colour) {
    requireOrder(what);
    for (Tree tree : trees) {
      double miss = miss(b, colour, tree, 1 / tree.density);
      if (miss != 0) {
        throw missed("weights " + what, tree, miss, 1 / tree.density);
      }
    }
  }

  private void requireOrder(String what) {
    if (order < 1 || order > LARGEST_ORDER) {
      throw new IllegalArgumentException(
          "%s: order %s of %s, want 1 to %s, whose conditions are checked"
              .formatted(name, order, what, LARGEST_ORDER));
    }
  }

  /// @param dense coefficients of `θ, θ², …` per stage
  /// @param b their sums
  /// @throws IllegalArgumentException if a polynomial violates a condition or misses its end, or
  ///     the order is not 1 to 12
  void requireDense(double[][] dense, double[] b) {
    requireOrder("dense");
    int degree = order;
    for (double[] powers : dense) {
      degree = Math.max(degree, powers.length);
    }
    for (int power = 1; power <= degree; power++) {
      double[] column = new double[dense.length];
      for (int i = 0; i < dense.length; i++) {
        column[i] = power <= dense[i].length ? dense[i][power - 1] : 0;
      }
      for (Tree tree : trees) {
        double want = power == tree.vertices ? 1 / tree.density : 0;
        double miss = miss(column, 0, tree, want);
        if (miss != 0) {
          throw missed("dense output's coefficients of θ^" + power, tree, miss, want);
        }
      }
    }
    String message = "%1$s: dense output ends with b_%2$s(1) = %3$s, want b_%2$s = %4$s";
    for (int i = 0; i < b.length; i++) {
      requireSum(message, name, i, dense[i], b[i]);
    }
  }

  /// Returns `Σ b_i Φ_i − want`; 0 if that is rounding error.
  private static double miss(double[] b, int colour, Tree tree, double want) {
    double[] phi = tree.weights[colour].values;
    double[] magnitude = tree.weights[colour].magnitudes;
    double sum = 0;
    double size = 1;
    for (int i = 0; i < b.length; i++) {
      sum += b[i] * phi[i];
      size += Math.abs(b[i]) * magnitude[i];
    }
    return Math.abs(sum - want) <= TOLERANCE * size ? 0 : sum - want;
  }

  private IllegalArgumentException missed(String what, Tree tree, double miss, double want) {
    double sum = want + miss;
    String value = want == 0 ? "0" : want == 1 ? "1" : "1/" + Math.round(1 / want);
    return new IllegalArgumentException(
        tree.vertices == 1
            ? "%s: %s sum to %s, want %s".formatted(name, what, sum, value)
            : "%s: %s miss the order-%s condition of the tree %s: Σ b Φ = %s, want %s"
                .formatted(name, what, tree.vertices, tree, sum, value));
  }
}
