package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

class RecordingsHoldTheSolution {

  private static final VectorField FIELD = Problem.LINEAR.field();
  private static final double[] Y0 = {1, 0};
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-8));

  /// `y' = A y` spirals inwards: its square norm is `e^{−0.4 t}`.
  @Test
  void aFunctionOfTheStateAtEveryStep() {
    var norm = Recording.everyStep(2, RecordingsHoldTheSolution::norm);
    var trajectory = new Trajectory();
    SOLVER.withObserver(norm).withObserver(trajectory).solve(FIELD, Y0, 0, 3).orThrow();
    assertEquals(trajectory.steps() + 1, norm.size());
    for (int i = 0; i < norm.size(); i++) {
      double t = norm.times()[i];
      assertEquals(i == trajectory.steps() ? 3 : trajectory.t(i), t);
      assertEquals(Math.exp(-0.4 * t), norm.values()[i][0], 1e-7);
      assertEquals(t, norm.values()[i][1]);
    }
  }

  /// Numbers and steps equal the solution at the same times.
  @Test
  void atGivenTimesForwardAndBackward() {
    for (double direction : new double[] {1, -1}) {
      double[] times = {0, 0.3 * direction, 1.1 * direction, 1.2 * direction, 3 * direction};
      Solution asked = SOLVER.solve(FIELD, Y0, times).orThrow();
      var state =
          Recording.at(
              2,
              (t, y, out) -> System.arraycopy(y, 0, out, 0, 2),
              times[3],
              times[0],
              times[2],
              times[1],
              times[4],
              7 * direction);
      Solution recorded = SOLVER.withObserver(state).solve(FIELD, Y0, 0, times[4]).orThrow();
      assertArrayEquals(times, state.times());
      assertArrayEquals(asked.values(), state.values());
      assertEquals(asked.stats(), recorded.stats());
    }
  }

  @Test
  void acrossASolveThatGoesOnAndNotAcrossTwo() {
    var norm = Recording.at(2, RecordingsHoldTheSolution::norm, 0, 0.5, 1, 1.5, 2);
    Solution part =
        SOLVER
            .withObserver(norm)
            .withObserver(
                step -> {
                  if (step.end() > 1) {
                    step.cancel();
                  }
                })
            .solve(FIELD, Y0, 0, 2);
    SOLVER.withObserver(norm).resume(FIELD, part.checkpoint()).orThrow();
    assertArrayEquals(new double[] {0, 0.5, 1, 1.5, 2}, norm.times());
    var error =
        assertThrows(
            IllegalStateException.class, () -> SOLVER.withObserver(norm).solve(FIELD, Y0, 0, 1));
    assertEquals(
        "Recording: a step from 0.0 after one that ended at 2.0, want the next one; clear() before"
            + " another solve",
        error.getMessage());
    norm.clear();
    SOLVER.withObserver(norm).solve(FIELD, Y0, 0, 1).orThrow();
    assertArrayEquals(new double[] {0, 0.5, 1}, norm.times());
    assertEquals(Math.exp(-0.2), norm.values()[1][0], 1e-7);
  }

  /// An event ends the step before a requested time.
  @Test
  void upToTheEventThatStops() {
    var norm = Recording.at(2, RecordingsHoldTheSolution::norm, 0.5, 0.7, 0.9);
    SOLVER
        .withEvent(Event.stop("t = 0.8", (t, y) -> t - 0.8))
        .withObserver(norm)
        .solve(FIELD, Y0, 0, 2)
        .orThrow();
    assertArrayEquals(new double[] {0.5, 0.7}, norm.times());
  }

  @Test
  void andWrongOnesAreRefused() {
    assertEquals(
        "Recording: width 0, want at least 1",
        assertThrows(
                IllegalArgumentException.class,
                () -> Recording.everyStep(0, RecordingsHoldTheSolution::norm))
            .getMessage());
    assertEquals(
        "Recording: times [1.0, NaN], want finite ones, at least one",
        assertThrows(
                IllegalArgumentException.class,
                () -> Recording.at(1, RecordingsHoldTheSolution::norm, 1, Double.NaN))
            .getMessage());
  }

  private static void norm(double t, double[] y, double[] out) {
    out[0] = y[0] * y[0] + y[1] * y[1];
    out[1] = t;
  }
}
