package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Reversible;

/// Steps of a pair of states `(y, z)`; see [Reversible] for the equations. The companion moves when
/// a step is accepted.
final class ReversibleStepper implements Stepper {

  private final double coupling;
  private final CountedField field;
  private final int stages;

  /// Stages up to the last that an increment needs; those behind estimate the error.
  private final int needed;

  /// Stages that have been evaluated in this step.
  private int evaluated;

  private final double[] c;
  private final LinearCombination[] rows;
  private final LinearCombination weights;
  private final LinearCombination error;
  private final double[][] back;
  private final double[] y;
  private final double[] zero;
  private final double[] increment;
  private double[] z;
  private double[] zNext;

  /// `f(t, y0)`, from the companion's increment in the step before.
  private double[] start;

  private boolean started;

  /// Whether `z` belongs to `y0`; if not, it starts as `y0`.
  private boolean paired;

  ReversibleStepper(Reversible method, VectorField field) {
    ButcherTableau base = method.base();
    int n = field.dimension();
    this.coupling = method.coupling();
    this.field = new CountedField(field);
    this.stages = base.stepStages();
    int all = base.stages();
    this.c = new double[all];
    this.rows = new LinearCombination[all];
    double[] b = new double[all];
    double[] difference = new double[all];
    int last = 0;
    for (int i = 0; i < all; i++) {
      c[i] = base.c(i);
      b[i] = base.b(i);
      difference[i] = base.embedded() ? b[i] - base.bEmbedded(i) : 0;
      double[] row = new double[i];
      for (int j = 0; j < i; j++) {
        row[j] = base.a(i, j);
      }
      rows[i] = LinearCombination.of(row);
      last = b[i] != 0 ? i : last;
    }
    this.needed = last + 1;
    this.weights = LinearCombination.of(b);
    this.error = LinearCombination.of(difference);
    this.back = new double[needed][n];
    this.y = new double[n];
    this.zero = new double[n];
    this.increment = new double[n];
    this.z = new double[n];
    this.zNext = new double[n];
    this.start = new double[n];
  }

  @Override
  public double[] start(Step step) {
    if (!started) {
      field.evaluate(step.stageTime(0), step.y0, start);
      started = true;
    }
    return start;
  }

  @Override
  public boolean trial(Step step) {
    if (!paired) {
      System.arraycopy(step.y0, 0, z, 0, z.length);
      paired = true;
    }
    evaluated = 0;
    evaluate(needed, step);
    weights.apply(zero, step.h, step.k, increment);
    double[] pull = step.k[step.k.length - 1];
    for (int j = 0; j < z.length; j++) {
      double before = step.y0[j];
      step.y1[j] = coupling * before + (1 - coupling) * z[j] + increment[j];
      pull[j] = (1 - coupling) * (z[j] - before) / step.h;
    }
    return true;
  }

  /// The base's stages from `z0` up to there.
  private void evaluate(int end, Step step) {
    for (; evaluated < end; evaluated++) {
      rows[evaluated].apply(z, step.h, step.k, y);
      field.evaluate(step.stageTime(c[evaluated]), y, step.k[evaluated]);
    }
  }

  @Override
  public void estimate(Step step) {
    evaluate(stages, step);
    error.apply(zero, step.h, step.k, step.errors);
  }

  /// `z1 = z0 − Ψ_{−h}(t + h, y1)`, in steps of `−h` from the end.
  private void moveCompanion(Step step) {
    for (int i = 0; i < needed; i++) {
      rows[i].apply(step.y1, -step.h, back, y);
      field.evaluate(timeFromEnd(step, c[i]), y, back[i]);
    }
    weights.apply(zero, step.h, back, increment);
    for (int j = 0; j < z.length; j++) {
      zNext[j] = z[j] + increment[j];
    }
  }

  private static double timeFromEnd(Step step, double c) {
    return c == 0 ? step.lastTime : c == 1 ? step.firstTime : step.end - c * step.h;
  }

  @Override
  public void complete(Step step) {
    evaluate(rows.length, step);
  }

  @Override
  public void advance(Step step) {
    if (step.shortened()) {
      return; // at an event, behind which the pair starts anew
    }
    moveCompanion(step);
    double[] before = z;
    z = zNext;
    zNext = before;
    double[] last = back[0];
    back[0] = start;
    start = last;
    started = true;
  }

  @Override
  public void restart() {
    started = false;
    paired = false;
  }

  @Override
  public CountedField field() {
    return field;
  }

  @Override
  public double[] memory() {
    if (!paired) {
      return new double[0];
    }
    double[] memory = Arrays.copyOf(z, started ? 2 * z.length : z.length);
    System.arraycopy(start, 0, memory, z.length, memory.length - z.length);
    return memory;
  }

  @Override
  public void recall(double[] memory) {
    paired = memory.length > 0;
    started = memory.length == 2 * z.length;
    System.arraycopy(memory, 0, z, 0, paired ? z.length : 0);
    System.arraycopy(
        memory, memory.length - (started ? z.length : 0), start, 0, started ? z.length : 0);
  }
}
