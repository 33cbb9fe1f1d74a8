package org.flowline.neuralode.model;

import java.util.Arrays;
import org.flowline.neuralode.loss.Augmentation;

/// Where a model's trajectory starts, of what is measured there: what is not measured is 0 at
/// first, and velocities are learned,
///
///     first order   (y, 0)        second order   (y, 0, v),   v = y·W + b
///
/// with `W` and `b` in θ. Linear in θ, so that it has no second derivative.
public final class InitialState {
  private final Augmentation augmentation;
  private final int dimension;

  /// Where in θ `W` begins, `b` behind it.
  private final int offset;

  private InitialState(Augmentation augmentation, int dimension, int offset) {
    this.augmentation = augmentation;
    this.dimension = dimension;
    this.offset = offset;
  }

  /// A state that is measured as a whole.
  public static InitialState measured(int components) {
    return still(components, 0);
  }

  /// Further components that start at 0.
  static InitialState still(int measured, int extra) {
    return new InitialState(new Augmentation(1, measured, extra), measured + extra, 0);
  }

  /// The same with velocities, whose `W`, of shape `[measured, measured + extra]`, and `b` are at
  /// `offset` in θ.
  static InitialState moving(int measured, int extra, int offset) {
    return new InitialState(new Augmentation(1, measured, extra), 2 * (measured + extra), offset);
  }

  /// How many components are measured: the first of a state.
  public int measured() {
    return augmentation.columns();
  }

  /// How many components a state has.
  public int dimension() {
    return dimension;
  }

  /// How many components have a position; those behind them are velocities.
  private int columns() {
    return augmentation.columns() + augmentation.extra();
  }

  /// The state to start from.
  public double[] state(double[] theta, double[] measured) {
    double[] state = tangent(theta, measured);
    System.arraycopy(measured, 0, state, 0, measured.length);
    return state;
  }

  /// How the start moves as θ does, in the direction `v`.
  public double[] tangent(double[] v, double[] measured) {
    int n = columns();
    double[] state = Arrays.copyOf(augmentation.start(new double[measured.length]), dimension);
    for (int j = n; j < dimension; j++) {
      double velocity = v[bias() + j - n];
      for (int i = 0; i < measured.length; i++) {
        velocity += measured[i] * v[offset + i * n + j - n];
      }
      state[j] = velocity;
    }
    return state;
  }

  /// Adds to θ̄ what a cotangent of the start gives.
  public void pullback(double[] measured, double[] stateBar, double[] thetaBar) {
    int n = columns();
    for (int j = n; j < dimension; j++) {
      thetaBar[bias() + j - n] += stateBar[j];
      for (int i = 0; i < measured.length; i++) {
        thetaBar[offset + i * n + j - n] += measured[i] * stateBar[j];
      }
    }
  }

  private int bias() {
    return offset + measured() * columns();
  }
}
