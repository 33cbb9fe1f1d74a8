package org.flowline.odesolvers;

import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;

/// Steps of an explicit Runge–Kutta method; see [ButcherTableau] for the equations.
///
/// A stage with `c_i = 1` is evaluated at the step's exact end, hence never beyond the interval.
final class ExplicitStepper implements Stepper {

  private final CountedField field;
  private final int stages;
  private final int allStages;
  private final boolean fsal;
  private final int endStage;
  private final double[] c;
  private final LinearCombination[] rows;
  private final LinearCombination weights;
  private final LinearCombination error;
  private final LinearCombination coarseError;
  private final Combiner combiner;
  private final double[] y;
  private final double[] zero;

  /// `f(t, y0)`, which is `k_1`; taken over from the step before where that has evaluated it.
  private double[] first;

  private boolean started;

  /// Whether the last trial has evaluated `f(end, y1)`.
  private boolean ended;

  ExplicitStepper(ButcherTableau tableau, VectorField field) {
    this.field = new CountedField(field);
    this.stages = tableau.stepStages();
    this.allStages = tableau.stages();
    this.fsal = tableau.fsal();
    this.endStage = tableau.endStage();
    this.c = new double[allStages];
    this.rows = new LinearCombination[allStages];
    double[] b = new double[allStages];
    double[] difference = new double[allStages];
    double[] coarse = new double[allStages];
    for (int i = 0; i < allStages; i++) {
      c[i] = tableau.c(i);
      b[i] = tableau.b(i);
      difference[i] = tableau.embedded() ? b[i] - tableau.bEmbedded(i) : 0;
      coarse[i] = tableau.coarse() ? b[i] - tableau.bCoarse(i) : 0;
      double[] row = new double[i];
      for (int j = 0; j < i; j++) {
        row[j] = tableau.a(i, j);
      }
      rows[i] = LinearCombination.of(row);
    }
    this.weights = LinearCombination.of(b);
    this.error = LinearCombination.of(difference);
    this.coarseError = LinearCombination.of(coarse);
    this.combiner = new Combiner(this.field.team());
    int n = field.dimension();
    this.y = new double[n];
    this.zero = new double[tableau.embedded() ? n : 0];
    this.first = new double[n];
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      field.evaluateStage(0, step.stageTime(0), step.y0, first);
      started = true;
      step.freshSlope = true;
    }
    return first;
  }

  @Override
  public boolean trial(Step step) {
    double[][] k = step.k;
    k[0] = start(step);
    for (int i = 1; i < stages; i++) {
      double[] state = fsal && i == stages - 1 ? step.y1 : y;
      combiner.apply(rows[i], step.y0, step.h, k, state);
      field.evaluateStage(i, step.stageTime(c[i]), state, k[i]);
    }
    if (!fsal) {
      combiner.apply(weights, step.y0, step.h, k, step.y1);
    }
    ended = fsal;
    return true;
  }

  @Override
  public void estimate(Step step) {
    combiner.apply(error, zero, step.h, step.k, step.errors);
    if (step.coarseErrors.length > 0) {
      combiner.apply(coarseError, zero, step.h, step.k, step.coarseErrors);
    }
  }

  @Override
  public void complete(Step step) {
    for (int i = stages; i < allStages; i++) {
      combiner.apply(rows[i], step.y0, step.h, step.k, y);
      field.evaluateStage(i, step.stageTime(c[i]), y, step.k[i]);
    }
    ended = endStage >= 0;
  }

  @Override
  public void advance(Step step) {
    if (ended) {
      double[] last = step.k[endStage];
      step.k[endStage] = first;
      first = last;
      step.k[0] = last;
    }
    started = ended;
  }

  @Override
  public void restart() {
    started = false;
  }

  @Override
  public CountedField field() {
    return field;
  }

  @Override
  public double[] memory() {
    return started ? first.clone() : new double[0];
  }

  @Override
  public void recall(double[] memory) {
    started = memory.length > 0;
    System.arraycopy(memory, 0, first, 0, memory.length);
  }
}
