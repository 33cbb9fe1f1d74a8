package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Pendulum;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.junit.jupiter.api.Test;

/// A field that jumps at known times, `y' = y` before and `y' = −3 y` from t = 0.7 on.
class JumpsOfTheFieldCostNoAccuracy {

  private static final double JUMP = 0.7;
  private static final Adaptive BLIND = Adaptive.of(1e-9, 1e-9);
  private static final Adaptive TOLD = BLIND.withJumps(JUMP);

  private static final VectorField FIELD =
      VectorField.of(1, (t, y, dydt) -> dydt[0] = t < JUMP ? y[0] : -3 * y[0]);

  private static final double END = Math.exp(JUMP) * Math.exp(-3 * (2 - JUMP));

  @Test
  void forwardAndBackward() {
    for (Method method : Methods.all()) {
      boolean deterministic = !(method instanceof Stochastic);
      if (method.embedded() && method.order() >= 3 && deterministic) {
        Solution forward =
            Integrator.of(method, TOLD).solve(FIELD, new double[] {1}, 0, 2).orThrow();
        assertEquals(END, forward.last()[0], 2e-8, method.name());
        Solution backward =
            Integrator.of(method, TOLD).solve(FIELD, new double[] {END}, 2, 0).orThrow();
        assertEquals(1, backward.last()[0], 2e-7, method.name());
      }
    }
  }

  @Test
  void andNoRejectedSteps() {
    Stats blind = solve(BLIND).stats();
    Stats told = solve(TOLD).stats();
    assertTrue(blind.rejected() > 5, "blind: " + blind);
    assertEquals(0, told.rejected(), "told: " + told);
  }

  /// Each step evaluates its own side, also if the interval begins or ends at the jump.
  @Test
  void noStepEvaluatesTheOtherSide() {
    for (double[] times :
        new double[][] {{0, JUMP}, {JUMP, 2}, {JUMP, 0}, {2, JUMP}, {0, 2}, {2, 0}}) {
      List<Double> seen = new ArrayList<>();
      VectorField field =
          VectorField.of(
              1,
              (t, y, dydt) -> {
                seen.add(t);
                dydt[0] = t < JUMP ? 1 : -2;
              });
      Integrator.of(Methods.DOPRI5, TOLD)
          .withObserver(
              step -> {
                boolean before = Math.max(step.t(), step.end()) <= JUMP;
                for (int i = 0; i < 7; i++) {
                  assertEquals(before ? 1 : -2, step.slope(i)[0], "step from " + step.t());
                }
              })
          .solve(field, new double[] {1}, times)
          .orThrow();
      double low = Math.min(times[0], times[1]);
      double high = Math.max(times[0], times[1]);
      // The last number below the interval is the field's value before a jump at its end.
      assertTrue(seen.stream().allMatch(t -> Math.nextDown(low) <= t && t <= high));
    }
  }

  /// RK4 keeps its order where the jump is within a step, at a node, or next to one.
  @Test
  void constantStepsKeepTheirOrder() {
    for (double jump : new double[] {0.7, 0.7123, 0.7 + 1e-12}) {
      VectorField field = VectorField.of(1, (t, y, dydt) -> dydt[0] = t < jump ? y[0] : -3 * y[0]);
      double end = Math.exp(jump) * Math.exp(-3 * (2 - jump));
      double[] errors = new double[3];
      for (int i = 0; i < 3; i++) {
        int steps = 40 << i;
        var told = StepSize.Constant.of(2.0 / steps, steps).withJumps(jump);
        Solution forward =
            Integrator.of(Methods.RK4, told).solve(field, new double[] {1}, 0, 2).orThrow();
        errors[i] = Math.abs(forward.last()[0] - end);
        var back = StepSize.Constant.of(-2.0 / steps, steps).withJumps(jump);
        Solution backward =
            Integrator.of(Methods.RK4, back).solve(field, new double[] {end}, 2, 0).orThrow();
        assertEquals(1, backward.last()[0], 2e-5 / Math.pow(16, i), "jump at " + jump);
      }
      assertEquals(16, errors[0] / errors[1], 2, "jump at " + jump);
      assertEquals(16, errors[1] / errors[2], 2, "jump at " + jump);
    }
  }

  /// RK4 keeps its order on a grid with steps of two sizes.
  @Test
  void gridsKeepTheirOrder() {
    for (double jump : new double[] {0.7, 0.7123, 1}) {
      VectorField field = VectorField.of(1, (t, y, dydt) -> dydt[0] = t < jump ? y[0] : -3 * y[0]);
      double end = Math.exp(jump) * Math.exp(-3 * (2 - jump));
      double[] errors = new double[3];
      for (int i = 0; i < 3; i++) {
        int half = 20 << i;
        double[] nodes = new double[3 * half + 1];
        for (int n = 0; n < nodes.length; n++) {
          nodes[n] = n <= half ? (double) n / half : 1 + (n - half) / (2.0 * half);
        }
        double[] back = Arrays.stream(nodes).map(t -> 2 - t).toArray();
        var told = StepSize.Grid.of(nodes).withJumps(jump);
        Integrator forward = Integrator.of(Methods.RK4, told);
        errors[i] =
            Math.abs(forward.solve(field, new double[] {1}, 0, 2).orThrow().last()[0] - end);
        Integrator backward =
            Integrator.of(Methods.RK4, StepSize.Grid.of(back).withJumps(jump).withStops(0.3));
        double start = backward.solve(field, new double[] {end}, 2, 0).orThrow().last()[0];
        assertEquals(1, start, 4e-5 / Math.pow(16, i), "jump at " + jump);
      }
      assertEquals(16, errors[0] / errors[1], 2, "jump at " + jump);
      assertEquals(16, errors[1] / errors[2], 2, "jump at " + jump);
    }
  }

  /// Steps end at nodes, at forced times and at events.
  @Test
  void constantStepsAreDividedAtJumps() {
    List<Double> ends = new ArrayList<>();
    var size = StepSize.Constant.of(0.25, 4).withJumps(0.3, 0.5).withStops(0.9);
    Integrator.of(Methods.RK4, size)
        .withEvent(Event.jump("kick", (t, y) -> t - 0.28, (t, y) -> y[0] += 1))
        .withObserver(step -> ends.add(Math.rint(step.end() * 1e9) / 1e9))
        .solve(FIELD, new double[] {1}, 0, 1)
        .orThrow();
    assertEquals(List.of(0.25, 0.28, 0.3, 0.5, 0.75, 0.9, 1.0), ends);
  }

  @Test
  void stopsAreHitExactly() {
    List<Double> ends = new ArrayList<>();
    Integrator.of(Methods.TSIT5, Adaptive.of(1e-3, 1e-3).withStops(1.5, 0.1, 99, -1, 0.3))
        .withObserver(step -> ends.add(step.end()))
        .solve(new Pendulum(), new double[] {0.5, 1}, 0, 2)
        .orThrow();
    assertTrue(ends.containsAll(List.of(0.1, 0.3, 1.5, 2.0)), ends.toString());
    List<Double> backward = new ArrayList<>();
    Integrator.of(Methods.TSIT5, Adaptive.of(1e-3, 1e-3).withStops(1.5, 0.1, 0.3))
        .withObserver(step -> backward.add(step.end()))
        .solve(new Pendulum(), new double[] {0.5, 1}, 2, 0)
        .orThrow();
    assertTrue(backward.containsAll(List.of(1.5, 0.3, 0.1, 0.0)), backward.toString());
  }

  private static Solution solve(Adaptive size) {
    return Integrator.of(Methods.DOPRI5, size).solve(FIELD, new double[] {1}, 0, 2).orThrow();
  }

  @Test
  void zeroIsOneTimeWhateverItsSign() {
    long plain =
        Integrator.of(Methods.TSIT5, Adaptive.of(1e-6, 1e-6).withStops(0.0))
            .solve(new Pendulum(), new double[] {0.5, 1}, -1, 1)
            .stats()
            .accepted();
    long both =
        Integrator.of(Methods.TSIT5, Adaptive.of(1e-6, 1e-6).withStops(-0.0, 0.0))
            .solve(new Pendulum(), new double[] {0.5, 1}, -1, 1)
            .stats()
            .accepted();
    assertEquals(plain, both);
  }

  /// The rest of a grid after a forced time that is its last node but for rounding is no step of
  /// the grid.
  @Test
  void aForcedTimeBesideTheLastNodeOfAGridIsNoNodeMore() {
    double end = 0.1 + 0.2;
    assertTrue(end > 0.3);
    for (StepSize.Grid grid :
        List.of(
            StepSize.Grid.of(0, 0.1, 0.2, end).withStops(0.3),
            StepSize.Grid.of(0, 0.1, 0.2, end).withJumps(0.3))) {
      Solution solution =
          Integrator.of(Methods.RK4, grid).solve(FIELD, new double[] {1}, 0, end).orThrow();
      assertEquals(Math.exp(end), solution.last()[0], 1e-6);
    }
  }
}
