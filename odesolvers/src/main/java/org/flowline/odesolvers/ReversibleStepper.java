package org.flowline.odesolvers;

import java.util.Arrays;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.LinearCombination;
import org.flowline.odesolvers.method.Reversible;

/// Steps of a pair of states `(y, z)`; see [Reversible] for the equations. The companion `z` is
/// updated when a step is accepted.
final class ReversibleStepper implements Stepper {

  private final double coupling;
  private final ButcherTableau base;
  private final StartSlope slope;
  private final LinearCombination endSum;
  private final LinearCombination errorSum;

  /// The number of stages that the increment needs; later ones estimate the error.
  private final int needed;

  /// The number of stages evaluated in this step.
  private int evaluated;

  private final double[][] back;
  private final double[] y;
  private final double[] zero;
  private final double[] increment;
  private double[] z;
  private double[] zNext;

  /// True if `z` belongs to `y0`; otherwise the pair begins with `z = y0`.
  private boolean paired;

  ReversibleStepper(Reversible method, VectorField field) {
    this.base = method.base();
    this.coupling = method.coupling();
    this.slope = new StartSlope(new CountedField(field));
    this.endSum = base.endSum();
    this.errorSum = base.errorSum();
    int last = base.stages() - 1;
    while (last > 0 && base.b(last) == 0) {
      last--;
    }
    int n = field.dimension();
    this.needed = last + 1;
    this.back = new double[needed][n];
    this.y = new double[n];
    this.zero = new double[n];
    this.increment = new double[n];
    this.z = new double[n];
    this.zNext = new double[n];
  }

  @Override
  public StartSlope startSlope() {
    return slope;
  }

  @Override
  public boolean trial(Step step) {
    if (!paired) {
      System.arraycopy(step.y0, 0, z, 0, z.length);
      paired = true;
    }
    evaluated = 0;
    evaluate(needed, step);
    endSum.apply(zero, step.h, step.k, increment);
    double[] pull = step.k[step.k.length - 1];
    for (int j = 0; j < z.length; j++) {
      double before = step.y0[j];
      step.y1[j] = coupling * before + (1 - coupling) * z[j] + increment[j];
      pull[j] = (1 - coupling) * (z[j] - before) / step.h;
    }
    return true;
  }

  /// Evaluates the base method's stages from `z0`, up to stage `end − 1`.
  private void evaluate(int end, Step step) {
    for (; evaluated < end; evaluated++) {
      base.explicitSum(evaluated).apply(z, step.h, step.k, y);
      slope.field.evaluate(step.stageTime(base.c(evaluated)), y, step.k[evaluated]);
    }
  }

  @Override
  public void estimate(Step step) {
    evaluate(base.stepStages(), step);
    errorSum.apply(zero, step.h, step.k, step.errors);
  }

  /// `z1 = z0 − Ψ_{−h}(t + h, y1)`, in steps of `−h` from the end.
  private void moveCompanion(Step step) {
    for (int i = 0; i < needed; i++) {
      base.explicitSum(i).apply(step.y1, -step.h, back, y);
      slope.field.evaluate(timeFromEnd(step, base.c(i)), y, back[i]);
    }
    endSum.apply(zero, step.h, back, increment);
    for (int j = 0; j < z.length; j++) {
      zNext[j] = z[j] + increment[j];
    }
  }

  private static double timeFromEnd(Step step, double c) {
    return c == 0 ? step.lastTime : c == 1 ? step.firstTime : step.end - c * step.h;
  }

  @Override
  public void complete(Step step) {
    evaluate(base.stages(), step);
  }

  @Override
  public void accept(Step step) {
    if (step.shortened()) {
      return; // at an event, after which the pair begins with z = y0
    }
    moveCompanion(step);
    double[] free = z;
    z = zNext;
    zNext = free;
    back[0] = slope.replace(back[0]);
  }

  @Override
  public void restart() {
    slope.known = false;
    paired = false;
  }

  /// Keeps the pair, so that the steps before the jump can be undone.
  @Override
  public void restartSlope() {
    slope.known = false;
  }

  @Override
  public double[] saveState() {
    if (!paired) {
      return new double[0];
    }
    double[] state = Arrays.copyOf(z, slope.known ? 2 * z.length : z.length);
    System.arraycopy(slope.value, 0, state, z.length, state.length - z.length);
    return state;
  }

  @Override
  public void restoreState(double[] state) {
    int n = z.length;
    paired = state.length > 0;
    slope.known = state.length == 2 * n;
    System.arraycopy(state, 0, z, 0, paired ? n : 0);
    System.arraycopy(state, slope.known ? n : 0, slope.value, 0, slope.known ? n : 0);
  }
}
