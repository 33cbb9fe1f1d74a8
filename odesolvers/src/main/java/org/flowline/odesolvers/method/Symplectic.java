package org.flowline.odesolvers.method;

import java.util.Arrays;

/// A composition of partial steps on a [org.flowline.odesolvers.field.PartitionedField]
/// `y = (u, w)`, for `i = 1 … s`:
///
///     u ← u + h·first_i·f_u(t + h Σ_{j<i} second_j, u, w)
///     w ← w + h·second_i·f_w(t + h Σ_{j≤i} first_j, u, w)        with the new u
///
/// The method conserves the symplectic form if `f_u = ∂H/∂w (t, w)` and `f_w = −∂H/∂u (t, u)`. The
/// order holds on separable fields, with `f_u` a function of `t` and `w`, and `f_w` of `t` and `u`;
/// on others it is 1. Weights of zero cost nothing; `nfe` counts the evaluations of `f_w`, the
/// expensive ones of `q'' = a(q)`. Hairer, Lubich & Wanner (2006), II.5, III.2 and VI.3.
///
/// The dense output of methods of order 1 is the straight line to `y1`, and of others the cubic
/// Hermite interpolant, whose slopes at both ends are evaluated only in steps that are interpolated
/// or recorded, and once where two steps meet. The slopes are the mean one, `(y1 − y0)/h`, and
/// these two.
///
/// @param first weights of the partial steps of `u`, summing to 1
/// @param second weights of the partial steps of `w`, summing to 1
public record Symplectic(String name, int order, double[] first, double[] second)
    implements Method {

  /// @throws IllegalArgumentException if the weights miss an order condition
  public Symplectic {
    first = first.clone();
    second = second.clone();
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "%s: %s weights first and %s weights second, want equally many"
              .formatted(name, first.length, second.length));
    }
    // A partial step of u uses the old w, and one of w the new u.
    double[][] fromU = new double[first.length][];
    double[][] fromW = new double[first.length][];
    for (int i = 0; i < first.length; i++) {
      fromU[i] = Arrays.copyOf(second, i);
      fromW[i] = Arrays.copyOf(first, i + 1);
    }
    OrderConditions conditions =
        OrderConditions.upTo(order, name, OrderConditions.Edges.bicoloured(fromU, fromW));
    conditions.requireWeights("first", first, 0);
    conditions.requireWeights("second", second, 1);
  }

  /// A copy of the weights of the partial steps of `u`.
  @Override
  public double[] first() {
    return first.clone();
  }

  /// A copy of the weights of the partial steps of `w`.
  @Override
  public double[] second() {
    return second.clone();
  }

  /// The nodes of the partial steps, in units of the step: of `u`, of `w`, of `u`, …
  public double[] nodes() {
    double[] nodes = new double[2 * first.length];
    double u = 0;
    double w = 0;
    for (int i = 0; i < first.length; i++) {
      nodes[2 * i] = end(w);
      u += first[i];
      nodes[2 * i + 1] = end(u);
      w += second[i];
    }
    return nodes;
  }

  /// Weights sum to 1 but for rounding.
  private static double end(double node) {
    return Math.abs(node - 1) < 1e-13 ? 1 : node;
  }

  /// The mean slope of the step and, above order 1, the slopes at its two ends.
  @Override
  public int stages() {
    return order == 1 ? 1 : 3;
  }

  @Override
  public int denseOrder() {
    return Math.min(order, 3);
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    if (order == 1) {
      weights[0] = theta;
      return;
    }
    double rest = 1 - theta;
    weights[0] = theta * theta * (1 + 2 * rest);
    weights[1] = theta * rest * rest;
    weights[2] = -theta * theta * rest;
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    if (order == 1) {
      rates[0] = 1;
      return;
    }
    rates[0] = 6 * theta * (1 - theta);
    rates[1] = (1 - theta) * (1 - 3 * theta);
    rates[2] = theta * (3 * theta - 2);
  }

  @Override
  public String toString() {
    return "%s, order %s, partitioned".formatted(name, order);
  }
}
