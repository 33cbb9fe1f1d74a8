package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.Vectors;

/// What flows back through one step: cotangents of its slopes `k_i`, of its start `y0`, of θ, of
/// its time `t` at fixed size, and of its size `h`.
final class StepCotangents {
  final int n;
  final double[][] slopes;

  /// Which slopes anything depends on.
  final boolean[] reached;

  final double[] y0;

  /// Accumulated over all steps.
  final double[] theta;

  double start;
  double size;
  long pullbacks;

  /// The cotangent of the first slope where that is the last one of the step before (FSAL).
  final double[] pending;

  boolean isPending;

  StepCotangents(int stages, int n, int parameters) {
    this.n = n;
    this.slopes = new double[stages][n];
    this.reached = new boolean[stages];
    this.y0 = new double[n];
    this.theta = new double[parameters];
    this.pending = new double[n];
  }

  /// How many numbers it holds.
  long doubles() {
    return (slopes.length + 2L) * n + theta.length;
  }

  /// Before another sweep.
  void restart() {
    clear();
    Arrays.fill(theta, 0);
    isPending = false;
    pullbacks = 0;
  }

  /// Before another step, of which [ReverseSweep] clears `y0`.
  void clear() {
    start = 0;
    size = 0;
  }

  /// `k̄_i += factor · x`
  void add(int i, double factor, double[] x, int from) {
    reached[i] = true;
    Vectors.axpy(factor, x, from, slopes[i]);
  }
}
