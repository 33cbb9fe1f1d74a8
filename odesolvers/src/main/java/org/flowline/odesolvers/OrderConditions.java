package org.flowline.odesolvers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Butcher's order conditions: weights `b` have order `p` exactly if, for every rooted tree `τ`
/// with at most `p` vertices,
///
///     Σ b_i Φ_i(τ) = 1/γ(τ)        Φ_i([τ_1 … τ_m]) = Π_k Σ_j a_ij Φ_j(τ_k)
///                                  γ([τ_1 … τ_m]) = |τ| γ(τ_1) ⋯ γ(τ_m)
///
/// and a dense output has order `q` if `Σ b_i(θ) Φ_i(τ) = θ^|τ| / γ(τ)` for every `θ` and every
/// tree up to `q` vertices. Trees are written `τ` for one vertex and `[…]` for a root above its
/// subtrees. Hairer, Nørsett & Wanner (1993), theorems II.2.13 and II.6.1.
final class OrderConditions {

  /// Published coefficients carry 15 to 17 digits; a mistyped one misses by far more.
  private static final double TOLERANCE = 1e-13;

  private OrderConditions() {}

  /// A rooted tree with its density `γ` and its elementary weights `Φ_i` for one tableau.
  private record Tree(String name, int vertices, double density, double[] weights) {}

  static void requireRowSums(ButcherTableau tableau) {
    for (int i = 0; i < tableau.stages(); i++) {
      double sum = 0;
      double size = 1;
      for (int j = 0; j <= i; j++) {
        sum += tableau.a(i, j);
        size += Math.abs(tableau.a(i, j));
      }
      if (!(Math.abs(sum - tableau.c(i)) <= TOLERANCE * size)) {
        throw new IllegalArgumentException(
            "%s: row %d of a sums to %s, want c = %s"
                .formatted(tableau.name(), i + 1, sum, tableau.c(i)));
      }
    }
  }

  static void requireWeights(ButcherTableau tableau, String what, double[] b, int order) {
    requirePositive(tableau, what, order);
    for (Tree tree : trees(tableau, order)) {
      require(tableau, "weights " + what, b, tree, 1 / tree.density);
    }
  }

  static void requireDense(ButcherTableau tableau, double[][] dense, int order) {
    requirePositive(tableau, "dense", order);
    int degree = 0;
    for (double[] powers : dense) {
      degree = Math.max(degree, powers.length);
    }
    double[] atOne = new double[dense.length];
    for (int power = 1; power <= Math.max(degree, order); power++) {
      double[] column = new double[dense.length];
      for (int i = 0; i < dense.length; i++) {
        column[i] = power <= dense[i].length ? dense[i][power - 1] : 0;
        atOne[i] += column[i];
      }
      for (Tree tree : trees(tableau, order)) {
        double want = power == tree.vertices ? 1 / tree.density : 0;
        require(tableau, "dense output's coefficients of θ^" + power, column, tree, want);
      }
    }
    requireEnd(tableau, dense, atOne);
  }

  private static void requireEnd(ButcherTableau tableau, double[][] dense, double[] atOne) {
    for (int i = 0; i < atOne.length; i++) {
      double size = 1;
      for (double coefficient : dense[i]) {
        size += Math.abs(coefficient);
      }
      if (!(Math.abs(atOne[i] - tableau.b(i)) <= TOLERANCE * size)) {
        throw new IllegalArgumentException(
            "%s: dense output ends with b_%d(1) = %s, want b_%d = %s"
                .formatted(tableau.name(), i + 1, atOne[i], i + 1, tableau.b(i)));
      }
    }
  }

  private static void require(
      ButcherTableau tableau, String what, double[] b, Tree tree, double want) {
    double sum = 0;
    double size = 1;
    for (int i = 0; i < b.length; i++) {
      sum += b[i] * tree.weights[i];
      size += Math.abs(b[i] * tree.weights[i]);
    }
    if (Math.abs(sum - want) <= TOLERANCE * size) {
      return;
    }
    String value = want == 0 ? "0" : want == 1 ? "1" : "1/%.0f".formatted(1 / want);
    throw new IllegalArgumentException(
        tree.vertices == 1
            ? "%s: %s sum to %s, want %s".formatted(tableau.name(), what, sum, value)
            : "%s: %s miss the order-%d condition of the tree %s: Σ b Φ = %s, want %s"
                .formatted(tableau.name(), what, tree.vertices, tree.name, sum, value));
  }

  private static void requirePositive(ButcherTableau tableau, String what, int order) {
    if (order < 1) {
      throw new IllegalArgumentException(
          "%s: order %d of %s, want at least 1".formatted(tableau.name(), order, what));
    }
  }

  /// All rooted trees with at most `order` vertices, smaller ones first.
  private static List<Tree> trees(ButcherTableau tableau, int order) {
    List<Tree> trees = new ArrayList<>();
    for (int vertices = 1; vertices <= order; vertices++) {
      double[] ones = new double[tableau.stages()];
      Arrays.fill(ones, 1);
      List<Tree> smaller = List.copyOf(trees);
      graft(tableau, new Tree("", 1, 1, ones), vertices, smaller, 0, trees);
    }
    return trees;
  }

  /// Adds to `found` every tree of `vertices` vertices that `root` becomes by grafting further
  /// subtrees from `smaller`, in non-decreasing position so that each multiset comes once.
  private static void graft(
      ButcherTableau tableau,
      Tree root,
      int vertices,
      List<Tree> smaller,
      int first,
      List<Tree> found) {
    if (root.vertices == vertices) {
      String name = vertices == 1 ? "τ" : "[" + root.name + "]";
      found.add(new Tree(name, vertices, root.density * vertices, root.weights));
      return;
    }
    for (int i = first; i < smaller.size(); i++) {
      Tree subtree = smaller.get(i);
      if (root.vertices + subtree.vertices <= vertices) {
        graft(tableau, grown(tableau, root, subtree), vertices, smaller, i, found);
      }
    }
  }

  private static Tree grown(ButcherTableau tableau, Tree root, Tree subtree) {
    double[] weights = root.weights.clone();
    for (int i = 0; i < weights.length; i++) {
      double sum = 0;
      for (int j = 0; j <= i; j++) {
        sum += tableau.a(i, j) * subtree.weights[j];
      }
      weights[i] *= sum;
    }
    String name = root.name + subtree.name;
    return new Tree(
        name, root.vertices + subtree.vertices, root.density * subtree.density, weights);
  }
}
