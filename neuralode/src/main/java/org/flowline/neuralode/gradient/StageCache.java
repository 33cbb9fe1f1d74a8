package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.field.ForwardingField;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;

/// Keeps what a [CachingField] can of the stages of accepted steps, as many as there are slots.
///
/// A solver has one array for each slope and an evaluation writes into one of them. What was kept
/// last for an array belongs to the stage that the step shows there when it is accepted; a trial in
/// vain leaves its slots to the next.
final class StageCache implements ForwardingField, ParallelField, StepObserver {
  private static final int NONE = -1;

  private final CachingField field;
  private final int slots;
  private int used;

  /// The solver's arrays seen so far, and the slot that waits in each.
  private double[][] arrays = new double[8][];

  private int[] waiting = new int[8];
  private int seen;

  /// The slots of the stages of steps `0, 1, …`, one step behind the other.
  private int[] ofStages = new int[64];

  private final int stages;
  private int steps;

  private StageCache(CachingField field, int stages) {
    this.field = field;
    this.stages = stages;
    this.slots = field.slots();
  }

  /// The field, keeping its stages if it can and the method has such.
  static DifferentiableField over(DifferentiableField field, Method method) {
    boolean explicit = method instanceof ButcherTableau tableau && tableau.explicit();
    return explicit && field instanceof CachingField keeping && keeping.slots() > 0
        ? new StageCache(keeping, method.stages())
        : field;
  }

  /// Forgets what was kept, before another solve.
  void clear() {
    Arrays.fill(arrays, null);
    seen = 0;
    used = 0;
    steps = 0;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    int array = find(dydt);
    if (array == NONE) {
      array = add(dydt);
    }
    if (waiting[array] == NONE && used < slots) {
      waiting[array] = used++;
    }
    if (waiting[array] == NONE) {
      field.evaluate(t, y, dydt);
    } else {
      field.evaluateAndKeep(waiting[array], t, y, dydt);
    }
  }

  @Override
  public void accepted(Step step) {
    if ((steps + 1) * stages > ofStages.length) {
      ofStages = Arrays.copyOf(ofStages, 2 * (steps + 1) * stages);
    }
    for (int i = 0; i < stages; i++) {
      int array = find(step.slope(i));
      ofStages[steps * stages + i] = array == NONE ? NONE : waiting[array];
      if (array != NONE) {
        waiting[array] = NONE;
      }
    }
    steps++;
  }

  /// The pullback at a stage of a recorded step.
  double pullback(
      int step, int stage, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    int slot = ofStages[step * stages + stage];
    return slot == NONE
        ? field.pullback(t, y, a, yBar, thetaBar)
        : field.pullbackKept(slot, t, y, a, yBar, thetaBar);
  }

  private int find(double[] array) {
    for (int i = 0; i < seen; i++) {
      if (arrays[i] == array) {
        return i;
      }
    }
    return NONE;
  }

  private int add(double[] array) {
    if (seen == arrays.length) {
      arrays = Arrays.copyOf(arrays, 2 * seen);
      waiting = Arrays.copyOf(waiting, 2 * seen);
    }
    arrays[seen] = array;
    waiting[seen] = NONE;
    return seen++;
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
