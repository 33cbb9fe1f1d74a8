package org.flowline.odesolvers;

import java.util.Arrays;

/// Steps of a composition of partial steps; see [Symplectic] for the equations. One evaluation of
/// both blocks counts as one evaluation of the field.
final class PartitionedStepper implements Stepper {

  private final PartitionedField field;
  private final double[] first;
  private final double[] second;
  private final double[] k;
  private final CountedField counted;
  private final double[] start;
  private boolean started;

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
    this.k = new double[n];
    this.start = new double[n];
    this.counted = new CountedField(field);
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      counted.evaluate(step.t, step.y0, start);
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
    double cFirst = 0;
    double cSecond = 0;
    for (int i = 0; i < first.length; i++) {
      field.evaluateFirst(at(step, cSecond), y, k);
      kick(first[i], step.h, y, mean, 0, split);
      cFirst += first[i];
      field.evaluateSecond(at(step, cFirst), y, k);
      kick(second[i], step.h, y, mean, split, y.length);
      cSecond += second[i];
    }
    counted.count(first.length);
    return true;
  }

  private void kick(double weight, double h, double[] y, double[] mean, int from, int to) {
    for (int j = from; j < to; j++) {
      double slope = weight * k[j];
      y[j] = y[j] + h * slope;
      mean[j] += slope;
    }
  }

  private static double at(Step step, double c) {
    return c == 1 ? step.end : step.t + c * step.h;
  }

  @Override
  public void estimate(Step step) {
    throw new IllegalStateException("partitioned methods have no error estimate");
  }

  @Override
  public void complete(Step step) {}

  @Override
  public void advance(Step step) {
    started = false;
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
    return new double[0];
  }

  @Override
  public void recall(double[] memory) {
    started = false;
  }
}
