package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Symplectic;

/// Steps of a composition of partial steps; see [Symplectic] for the equations.
final class PartitionedStepper implements Stepper {

  private final PartitionedField field;
  private final double[] first;
  private final double[] second;
  private final double[] nodes;
  private final double[] k;
  private final CountedField counted;
  private final int evaluations;

  /// `f(t, y0)`; taken over from the step before where that has evaluated it.
  private double[] start;

  private boolean started;

  /// Whether the last trial has evaluated `f(end, y1)`.
  private boolean ended;

  PartitionedStepper(Symplectic method, VectorField field) {
    if (!(field instanceof PartitionedField partitioned)) {
      throw new IllegalArgumentException(
          "%s: the field has one block, want a PartitionedField; implement it, or use EULER"
              .formatted(method.name()));
    }
    int n = field.dimension();
    if (partitioned.split() < 1 || partitioned.split() >= n) {
      throw new IllegalArgumentException(
          "%s: the field splits %d components at %d, want a split from 1 to %d"
              .formatted(method.name(), n, partitioned.split(), n - 1));
    }
    this.field = partitioned;
    this.first = method.first();
    this.second = method.second();
    this.nodes = method.nodes();
    this.k = new double[n];
    this.start = new double[n];
    this.counted = new CountedField(field);
    int weights = 0;
    for (double weight : second) {
      weights += weight == 0 ? 0 : 1;
    }
    this.evaluations = weights;
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      counted.evaluate(step.stageTime(0), step.y0, start);
      started = true;
    }
    return start;
  }

  @Override
  public boolean trial(Step step) {
    int split = field.split();
    double[] y = step.y1;
    double[] mean = step.k[0];
    System.arraycopy(step.y0, 0, y, 0, y.length);
    Arrays.fill(mean, 0);
    for (int i = 0; i < first.length; i++) {
      if (first[i] != 0) {
        field.evaluateFirst(step.stageTime(nodes[2 * i]), y, k);
        kick(first[i], step.h, y, mean, 0, split);
      }
      if (second[i] != 0) {
        field.evaluateSecond(step.stageTime(nodes[2 * i + 1]), y, k);
        kick(second[i], step.h, y, mean, split, y.length);
      }
    }
    counted.count(evaluations);
    ended = false;
    return true;
  }

  private void kick(double weight, double h, double[] y, double[] mean, int from, int to) {
    for (int j = from; j < to; j++) {
      double slope = weight * k[j];
      y[j] = y[j] + h * slope;
      mean[j] += slope;
    }
  }

  @Override
  public void estimate(Step step) {
    throw new IllegalStateException("partitioned methods have no error estimate");
  }

  @Override
  public void complete(Step step) {
    if (step.k.length > 1) {
      step.k[1] = start(step);
      counted.evaluate(step.lastTime, step.y1, step.k[2]);
      ended = true;
    }
  }

  @Override
  public void advance(Step step) {
    if (ended) {
      double[] last = step.k[2];
      step.k[2] = start;
      start = last;
    }
    started = ended;
  }

  @Override
  public void restart() {
    started = false;
  }

  @Override
  public CountedField field() {
    return counted;
  }

  @Override
  public double[] memory() {
    return started ? start.clone() : new double[0];
  }

  @Override
  public void recall(double[] memory) {
    started = memory.length > 0;
    System.arraycopy(memory, 0, start, 0, memory.length);
  }
}
