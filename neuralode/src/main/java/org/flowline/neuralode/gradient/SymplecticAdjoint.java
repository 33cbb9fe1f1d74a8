package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.method.Symplectic;

/// The pullback of a composition of partial steps `m = 1 … 2s`, each of one block,
///
///     Y_{m+1} = Y_m + h w_m k_m        k_m = f_block(t_m, Y_m)
///     y1 = y0 + h κ                    κ = Σ w_m k_m
///
/// for the cotangent `κ̄` of the mean slope:
///
///     k̄_m = w_m κ̄ + h w_m Ȳ_{m+1}        Ȳ_m = Ȳ_{m+1} + k̄_mᵀ ∂f_block/∂y
///
/// The intermediate states are recomputed from `y0`. Cost: one pullback per partial step.
final class SymplecticAdjoint implements StepAdjoint {
  private final DifferentiableField field;
  private final int split;
  private final int n;
  private final double[] weights;
  private final double[] nodes;
  private final double[][] states;
  private final double[][] slopes;
  private final double[] slopeBar;
  private final double[] later;
  private final double[] yBar;
  private final double[] mean;
  private final double[] y;

  SymplecticAdjoint(Symplectic method, DifferentiableField field) {
    if (!(field instanceof PartitionedField partitioned)) {
      throw new IllegalArgumentException(
          "discrete adjoint: %s and a field of one block; want one that is a PartitionedField too"
              .formatted(method.name()));
    }
    this.field = field;
    this.split = partitioned.split();
    this.n = field.dimension();
    double[] first = method.first();
    double[] second = method.second();
    int partial = 2 * first.length;
    this.nodes = method.nodes();
    this.weights = new double[partial];
    for (int i = 0; i < first.length; i++) {
      weights[2 * i] = first[i];
      weights[2 * i + 1] = second[i];
    }
    this.states = new double[partial][n];
    this.slopes = new double[partial][n];
    this.slopeBar = new double[n];
    this.later = new double[n];
    this.yBar = new double[n];
    this.mean = new double[n];
    this.y = new double[n];
  }

  @Override
  public void pullBack(Trajectory trajectory, int step, Cotangents bar) {
    double h = trajectory.h(step);
    trajectory.copySlope(step, 0, mean);
    recompute(trajectory, step, h);
    for (int i = 0; i < bar.slopes.length; i++) {
      trajectory.copySlope(step, i, slopeBar);
      bar.size += Vectors.dot(bar.slopes[i], 0, slopeBar) / h;
    }
    if (bar.reached.length > 1) {
      ends(trajectory, step, h, bar);
    }
    Arrays.fill(later, 0);
    for (int m = weights.length - 1; m >= 0; m--) {
      if (weights[m] != 0) {
        partial(trajectory, step, m, h, bar);
      }
    }
    Vectors.add(later, 0, bar.y0);
  }

  /// Recomputes the intermediate states and slopes.
  private void recompute(Trajectory trajectory, int step, double h) {
    trajectory.copyState(step, y);
    for (int m = 0; m < weights.length; m++) {
      System.arraycopy(y, 0, states[m], 0, n);
      if (weights[m] != 0) {
        field.evaluate(trajectory.stageTime(step, nodes[m]), y, slopes[m]);
        for (int j = from(m); j < to(m); j++) {
          y[j] = y[j] + h * (weights[m] * slopes[m][j]);
        }
      }
    }
  }

  private int from(int m) {
    return m % 2 == 0 ? 0 : split;
  }

  private int to(int m) {
    return m % 2 == 0 ? split : n;
  }

  /// Pulls back the slopes of the dense output at both ends.
  private void ends(Trajectory trajectory, int step, double h, Cotangents bar) {
    if (bar.reached[1]) {
      double timeBar =
          field.pullback(trajectory.stageTime(step, 0), states[0], bar.slopes[1], yBar, bar.theta);
      bar.pullbacks++;
      bar.start += timeBar;
      Vectors.add(yBar, 0, bar.y0);
    }
    if (bar.reached[2]) {
      double timeBar =
          field.pullback(trajectory.stageTime(step, 1), y, bar.slopes[2], yBar, bar.theta);
      bar.pullbacks++;
      bar.start += timeBar;
      bar.size += timeBar + Vectors.dot(yBar, 0, mean);
      Vectors.add(yBar, 0, bar.y0);
      bar.add(0, h, yBar, 0);
    }
  }

  private void partial(Trajectory trajectory, int step, int m, double h, Cotangents bar) {
    double weight = weights[m];
    Arrays.fill(slopeBar, 0);
    double rate = 0;
    for (int j = from(m); j < to(m); j++) {
      slopeBar[j] = weight * bar.slopes[0][j] + h * weight * later[j];
      rate += weight * slopes[m][j] * later[j];
    }
    double timeBar =
        field.pullback(trajectory.stageTime(step, nodes[m]), states[m], slopeBar, yBar, bar.theta);
    bar.pullbacks++;
    bar.start += timeBar;
    bar.size += rate + nodes[m] * timeBar;
    Vectors.add(yBar, 0, later);
  }
}
