package org.flowline.odesolvers;

import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;

/// Steps of an explicit Runge–Kutta method; see [ButcherTableau] for the equations.
///
/// A stage with `c_i = 1` is evaluated at the step's exact end, hence never beyond the interval.
final class ExplicitStepper implements Stepper {

  private final ButcherTableau tableau;
  private final StartSlope slope;
  private final CountedField field;
  private final int stages;
  private final boolean fsal;
  private final double[] c;
  private final LinearCombination[] sums;
  private final LinearCombination endSum;
  private final LinearCombination errorSum;
  private final LinearCombination coarseErrorSum;
  private final Combiner combiner;
  private final double[] y;
  private final double[] zero;

  /// True if the last trial has evaluated `f(end, y1)`.
  private boolean ended;

  ExplicitStepper(ButcherTableau tableau, VectorField field) {
    this.tableau = tableau;
    this.slope = new StartSlope(CountedField.staged(field));
    this.field = slope.field;
    this.stages = tableau.stepStages();
    this.fsal = tableau.fsal();
    this.c = new double[tableau.stages()];
    this.sums = new LinearCombination[c.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = tableau.c(i);
      sums[i] = tableau.explicitSum(i);
    }
    this.endSum = tableau.endSum();
    this.errorSum = tableau.errorSum();
    this.coarseErrorSum = tableau.coarseErrorSum();
    this.combiner = new Combiner(this.field.team());
    int n = field.dimension();
    this.y = new double[n];
    this.zero = new double[tableau.embedded() ? n : 0];
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    double[][] k = step.k;
    k[0] = slope.at(step);
    for (int i = 1; i < stages; i++) {
      double[] state = fsal && i == stages - 1 ? step.y1 : y;
      combiner.apply(sums[i], step.y0, step.h, k, state);
      field.evaluateStage(i, step.stageTime(c[i]), state, k[i]);
    }
    if (!fsal) {
      combiner.apply(endSum, step.y0, step.h, k, step.y1);
    }
    ended = fsal;
    return true;
  }

  @Override
  public void estimate(Step step) {
    combiner.apply(errorSum, zero, step.h, step.k, step.errors);
    if (step.coarseErrors.length > 0) {
      combiner.apply(coarseErrorSum, zero, step.h, step.k, step.coarseErrors);
    }
  }

  @Override
  public void complete(Step step) {
    for (int i = stages; i < c.length; i++) {
      combiner.apply(sums[i], step.y0, step.h, step.k, y);
      field.evaluateStage(i, step.stageTime(c[i]), y, step.k[i]);
    }
    ended = tableau.endStage() >= 0;
  }

  @Override
  public void accept(Step step) {
    slope.known = false;
    if (ended) {
      int end = tableau.endStage();
      step.k[end] = slope.replace(step.k[end]);
    }
  }

  /// Applies [LinearCombination]s to states, to long ones in ranges shared by a team, with the same
  /// bits.
  private static final class Combiner implements ThreadTeam.Work {
    private final ThreadTeam team;
    private LinearCombination combination;
    private double[] y;
    private double h;
    private double[][] k;
    private double[] out;

    Combiner(ThreadTeam team) {
      this.team = team;
    }

    /// `out = y + h Σ w_i k_i`; `out` must be none of the arrays read.
    void apply(LinearCombination combination, double[] y, double h, double[][] k, double[] out) {
      ThreadTeam sharing = team.on(y.length);
      if (sharing == ThreadTeam.SERIAL) {
        combination.apply(y, h, k, out);
        return;
      }
      this.combination = combination;
      this.y = y;
      this.h = h;
      this.k = k;
      this.out = out;
      sharing.run(this);
    }

    @Override
    public void part(int part, int parts) {
      int from = ThreadTeam.rangeStart(y.length, part, parts);
      combination.apply(y, h, k, out, from, ThreadTeam.rangeStart(y.length, part + 1, parts));
    }
  }
}
