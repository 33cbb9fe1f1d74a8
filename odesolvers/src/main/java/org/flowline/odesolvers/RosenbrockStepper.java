package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Rosenbrock;

/// Steps of a linearly implicit method; see [Rosenbrock] for the equations. The Jacobian is taken
/// once per step, however often it is tried.
final class RosenbrockStepper implements Stepper {

  private final CountedField field;
  private final int stages;
  private final double gamma;
  private final double[] nodes;
  private final double[] gammas;
  private final LinearCombination[] rows;
  private final LinearCombination[] couplings;
  private final LinearCombination weights;
  private final LinearCombination error;

  /// Whether the last stage evaluates the field at the step's result.
  private final boolean lastIsResult;

  private final Linearisation linear;
  private final double[] y;
  private final double[] coupled;
  private final double[] right;
  private final double[] zero;
  private double[] first;
  private double[] last;
  private boolean started;
  private boolean linearised;

  RosenbrockStepper(Rosenbrock method, VectorField field, StepSize size) {
    int n = field.dimension();
    this.field = new CountedField(field);
    this.stages = method.stages();
    this.gamma = method.gamma();
    this.nodes = new double[stages];
    this.gammas = new double[stages];
    this.rows = new LinearCombination[stages];
    this.couplings = new LinearCombination[stages];
    double[] b = new double[stages];
    double[] difference = new double[stages];
    boolean same = true;
    for (int i = 0; i < stages; i++) {
      double[] row = new double[i];
      double[] coupling = new double[i];
      for (int j = 0; j < i; j++) {
        row[j] = method.alpha(i, j);
        coupling[j] = method.gamma(i, j);
      }
      nodes[i] = method.node(i);
      gammas[i] = gamma + Arrays.stream(coupling).sum();
      rows[i] = LinearCombination.of(row);
      couplings[i] = LinearCombination.of(coupling);
      b[i] = method.b(i);
      difference[i] = method.embedded() ? b[i] - method.bEmbedded(i) : 0;
      same &= method.alpha(stages - 1, i) == b[i];
    }
    this.lastIsResult = stages > 1 && same;
    this.weights = LinearCombination.of(b);
    this.error = LinearCombination.of(difference);
    this.linear = new Linearisation(this.field, field, size);
    this.y = new double[n];
    this.coupled = new double[n];
    this.right = new double[n];
    this.zero = new double[n];
    this.first = new double[n];
    this.last = new double[n];
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      field.evaluate(step.stageTime(0), step.y0, first);
      started = true;
      step.freshSlope = true;
    }
    return first;
  }

  @Override
  public boolean trial(Step step) {
    start(step);
    if (!linearised) {
      double t = step.stageTime(0);
      linear.at(t, step.y0, Linearisation.increment(t, step.h));
      linearised = true;
    }
    if (!linear.factorise(step.h * gamma)) {
      return false;
    }
    double[][] k = step.k;
    for (int i = 0; i < stages; i++) {
      stage(step, i);
      linear.solve(right, k[i]);
    }
    weights.apply(step.y0, step.h, k, step.y1);
    return true;
  }

  /// The right-hand side of stage `i`.
  private void stage(Step step, int i) {
    double h = step.h;
    if (i == 0) {
      System.arraycopy(first, 0, right, 0, right.length);
    } else {
      rows[i].apply(step.y0, h, step.k, y);
      field.evaluate(step.stageTime(nodes[i]), y, right);
      if (i == stages - 1 && lastIsResult) {
        System.arraycopy(right, 0, last, 0, last.length);
      }
      couplings[i].apply(zero, h, step.k, coupled);
      linear.addProduct(1, coupled, right);
    }
    double[] timeDerivative = linear.timeDerivative();
    for (int j = 0; j < right.length; j++) {
      right[j] += h * gammas[i] * timeDerivative[j];
    }
  }

  @Override
  public void estimate(Step step) {
    error.apply(zero, step.h, step.k, step.errors);
  }

  @Override
  public void complete(Step step) {}

  @Override
  public void advance(Step step) {
    linearised = false;
    started = lastIsResult;
    if (started) {
      double[] spare = first;
      first = last;
      last = spare;
    }
  }

  @Override
  public void restart() {
    started = false;
    linearised = false;
  }

  @Override
  public CountedField field() {
    return field;
  }

  /// The first slope, if there is one, and after a rejection the Jacobian.
  @Override
  public double[] memory() {
    double[] slope = started ? first : new double[0];
    double[] jacobian = linearised ? linear.memory() : new double[0];
    double[] memory = Arrays.copyOf(slope, slope.length + jacobian.length);
    System.arraycopy(jacobian, 0, memory, slope.length, jacobian.length);
    return memory;
  }

  @Override
  public void recall(double[] memory) {
    started = memory.length > 0;
    linearised = memory.length > first.length;
    System.arraycopy(memory, 0, first, 0, started ? first.length : 0);
    if (linearised) {
      linear.recall(memory, first.length);
    }
  }
}
