package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Symplectic;

/// Steps of a composition of partial steps; see [Symplectic] for the equations.
final class PartitionedStepper implements Stepper {

  private final PartitionedField field;
  private final StartSlope slope;
  private final double[] first;
  private final double[] second;
  private final double[] nodes;
  private final double[] k;
  private final long evaluations;

  /// True if the last trial has evaluated `f(end, y1)`.
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
          "%s: the field splits %s components at %s, want a split from 1 to %s"
              .formatted(method.name(), n, partitioned.split(), n - 1));
    }
    this.field = partitioned;
    this.slope = new StartSlope(new CountedField(field));
    this.first = method.first();
    this.second = method.second();
    this.nodes = method.nodes();
    this.k = new double[n];
    this.evaluations = Arrays.stream(second).filter(weight -> weight != 0).count();
  }

  @Override
  public StartSlope startSlope() {
    return slope;
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
        partialStep(first[i], step.h, y, mean, 0, split);
      }
      if (second[i] != 0) {
        field.evaluateSecond(step.stageTime(nodes[2 * i + 1]), y, k);
        partialStep(second[i], step.h, y, mean, split, y.length);
      }
    }
    slope.field.evaluations += evaluations;
    ended = false;
    return true;
  }

  private void partialStep(double weight, double h, double[] y, double[] mean, int from, int to) {
    for (int j = from; j < to; j++) {
      double part = weight * k[j];
      y[j] = y[j] + h * part;
      mean[j] += part;
    }
  }

  @Override
  public void complete(Step step) {
    if (step.k.length > 1) {
      step.k[1] = slope.at(step);
      slope.field.evaluate(step.lastTime, step.y1, step.k[2]);
      ended = true;
    }
  }

  @Override
  public void accept(Step step) {
    slope.known = false;
    if (ended) {
      step.k[2] = slope.replace(step.k[2]);
    }
  }
}
