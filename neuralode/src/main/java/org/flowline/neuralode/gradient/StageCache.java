package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.field.ForwardingField;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.StagedField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;

/// Caches the evaluations of a [CachingField] at the stages of accepted steps, one per slot, for
/// their pullbacks. The slots of a rejected trial serve the next one.
final class StageCache implements ForwardingField, ParallelField, StagedField, StepObserver {
  private static final int NONE = -1;

  private final CachingField field;
  private final int slots;
  private final int stages;
  private int used;

  /// The slot of each stage of the current trial.
  private final int[] trial;

  /// The slots of the stages of steps `0, 1, …`, `[steps, stages]`.
  private int[] accepted = new int[64];

  private int steps;

  private StageCache(CachingField field, int stages) {
    this.field = field;
    this.stages = stages;
    this.slots = field.slots();
    this.trial = new int[stages];
  }

  /// The field with a cache if it has slots and the method is explicit, otherwise the field.
  static DifferentiableField over(DifferentiableField field, Method method) {
    boolean explicit = method instanceof ButcherTableau tableau && tableau.explicit();
    return explicit && field instanceof CachingField caching && caching.slots() > 0
        ? new StageCache(caching, method.stages())
        : field;
  }

  /// Empties the cache before another solve.
  void clear() {
    Arrays.fill(trial, NONE);
    used = 0;
    steps = 0;
  }

  @Override
  public void evaluateStage(int stage, double t, double[] y, double[] dydt) {
    if (trial[stage] == NONE && used < slots) {
      trial[stage] = used++;
    }
    if (trial[stage] == NONE) {
      field.evaluate(t, y, dydt);
    } else {
      field.evaluateAndCache(trial[stage], t, y, dydt);
    }
  }

  @Override
  public void accepted(Step step) {
    if ((steps + 1) * stages > accepted.length) {
      accepted = Arrays.copyOf(accepted, 2 * (steps + 1) * stages);
    }
    System.arraycopy(trial, 0, accepted, steps * stages, stages);
    Arrays.fill(trial, NONE);
    steps++;
  }

  /// The pullback at a stage of an accepted step.
  double pullback(
      int step, int stage, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    int slot = accepted[step * stages + stage];
    return slot == NONE
        ? field.pullback(t, y, a, yBar, thetaBar)
        : field.pullbackCached(slot, t, y, a, yBar, thetaBar);
  }

  @Override
  public CachingField field() {
    return field;
  }

  @Override
  public ThreadTeam team() {
    return ParallelField.teamOf(field);
  }
}
