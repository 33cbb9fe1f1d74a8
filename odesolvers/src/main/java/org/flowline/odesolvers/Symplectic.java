package org.flowline.odesolvers;

import java.util.Arrays;

/// A composition of partial steps on a [PartitionedField] `y = (u, w)`, for `i = 1 … s`:
///
///     u ← u + h·first_i·f_u(t + h Σ_{j<i} second_j, u, w)
///     w ← w + h·second_i·f_w(t + h Σ_{j≤i} first_j, u, w)        with the new u
///
/// It conserves the symplectic form where `f_u = ∂H/∂w (t, w)` and `f_w = −∂H/∂u (t, u)`. The
/// order is that on such separable fields; on all others it is 1. Cost: `s` evaluations of each
/// block. A step leaves behind one slope, `k = (y1 − y0)/h`, and its dense output is the straight
/// line `y0 + θ h k`. Hairer, Lubich & Wanner (2006), II.5 and VI.3.
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
          "%s: %d weights first and %d weights second, want equally many"
              .formatted(name, first.length, second.length));
    }
    // A partial step of u sees the w before its own partial step, and one of w the u behind it.
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

  /// One slope, the mean one of the step.
  @Override
  public int stages() {
    return 1;
  }

  @Override
  public int embeddedOrder() {
    return 0;
  }

  @Override
  public int denseOrder() {
    return 1;
  }

  @Override
  public void denseWeights(double theta, double[] weights) {
    weights[0] = theta;
  }

  @Override
  public void denseRates(double theta, double[] rates) {
    rates[0] = 1;
  }

  @Override
  public String toString() {
    return "%s, order %d, partitioned".formatted(name, order);
  }
}
