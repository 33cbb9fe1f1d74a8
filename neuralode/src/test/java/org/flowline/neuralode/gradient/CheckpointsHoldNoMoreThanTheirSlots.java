package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.flowline.neuralode.fixtures.OneParameterField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Memory of [Checkpointed] is bounded by its slots, however many steps there are and whether or
/// not that is known; and what that costs.
class CheckpointsHoldNoMoreThanTheirSlots {
  private static final int N = 2000;
  private static final int SLOTS = 5;

  private static final TrajectoryLoss LOSS =
      (y, yBar) -> {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
          sum += y[i] * y[i] / 2;
          yBar[i] = y[i];
        }
        return sum;
      };

  @Test
  void ofAnyNumberOfSteps() {
    StepSize few = StepSize.Constant.of(4.0 / 200, 200);
    StepSize many = StepSize.Constant.of(4.0 / 2000, 2000);
    bounded(Methods.HEUN, few, many, 0);
    bounded(Methods.DOPRI5, few, many, 1);
  }

  /// The number is found out: about ten times as many.
  @Test
  void whenItIsNotKnownInAdvance() {
    StepSize loose = StepSize.Adaptive.of(1e-4, 1e-4);
    bounded(Methods.BOSH3, loose, StepSize.Adaptive.of(1e-7, 1e-7), 1);
  }

  /// Memory is the same for far more steps, and a slot more takes no more than a state, as many
  /// slopes as are shared by two steps, and a recorded step.
  private static void bounded(Method method, StepSize few, StepSize many, int shared) {
    double less = states(method, few, SLOTS);
    double same = states(method, many, SLOTS);
    // Samples come upon a solve in one place or another, with a few states more or less at work.
    assertEquals(less, same, 8, method.name() + ", in states");
    double slot = (states(method, many, 5 * SLOTS) - same) / (4 * SLOTS);
    double most = 1 + shared + 1 + method.stages() + 8.0 / (4 * SLOTS);
    assertTrue(slot > 2 && slot <= most, method.name() + ": " + slot + " states for a slot");
  }

  private static double states(Method method, StepSize size, int slots) {
    Turning field = new Turning(N);
    double[] y0 = new double[N];
    y0[0] = 1;
    double[] times = {0, size instanceof StepSize.Constant constant ? constant.end(0) : 4};
    Checkpointed checkpointed = new Checkpointed(Integrator.of(method, size), slots);
    long steps = checkpointed.gradient(field, y0, times, LOSS).forward().accepted();
    assertTrue(steps > 3 * slots, method + ": " + steps);
    long held =
        AuditMeasurements.PeakMemory.during(
            field, probed -> checkpointed.gradient(probed, y0, times, LOSS));
    return held / (8.0 * N);
  }

  /// A step is recomputed at most `t + 1` times on average for `slots · (slots + t)! / (slots! t!)`
  /// steps.
  @Property(tries = 40)
  void eachStepIsMadeAgainAFewTimes(
      @ForAll @IntRange(min = 1, max = 3000) int steps,
      @ForAll @IntRange(min = 2, max = 20) int slots) {
    long[] evaluations = new long[1];
    Turning field =
        new Turning(2) {
          @Override
          public void evaluate(double t, double[] y, double[] dydt) {
            evaluations[0]++;
          }

          @Override
          public double pullback(
              double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
            return 0;
          }
        };
    StepSize.Constant size = StepSize.Constant.of(0.01, steps);
    TrajectoryGradient gradient =
        new Checkpointed(Integrator.of(Methods.EULER, size), slots)
            .gradient(field, new double[2], new double[] {0, size.end(0)}, LOSS);
    assertEquals(steps, gradient.backwardEvaluations());
    int t = 0;
    double reach = slots;
    while (reach < steps) {
      t++;
      reach = reach * (slots + t) / t;
    }
    assertTrue(
        evaluations[0] <= (t + 2.0) * steps,
        evaluations[0] + " evaluations of " + steps + " steps");
  }

  /// All ways to divide `parts` for `states`, tried out: none makes fewer steps again.
  @Test
  void noOtherDivisionMakesFewerStepsAgain() {
    int most = 60;
    long[][] cost = new long[7][most + 1];
    for (int parts = 1; parts <= most; parts++) {
      cost[1][parts] = (long) parts * (parts - 1) / 2;
    }
    for (int states = 2; states < cost.length; states++) {
      for (int parts = 2; parts <= most; parts++) {
        long least = Long.MAX_VALUE;
        for (int first = 1; first < parts; first++) {
          long made = first + cost[states][first] + cost[states - 1][parts - first];
          least = Math.min(least, made);
        }
        cost[states][parts] = least;
        int first = (int) Checkpointed.parts(parts, states);
        assertEquals(least, first + cost[states][first] + cost[states - 1][parts - first]);
      }
    }
    for (int parts = 2; parts <= most; parts++) {
      assertEquals(parts - 1, Checkpointed.parts(parts, 1));
    }
  }

  /// `y' = θ (y₂, −y₁, …)`, in plain arithmetic.
  private static class Turning extends OneParameterField {
    Turning(int dimension) {
      super(dimension, 5);
    }

    @Override
    public boolean pure() {
      return true;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      for (int i = 0; i < y.length; i += 2) {
        dydt[i] = theta[0] * y[i + 1];
        dydt[i + 1] = -theta[0] * y[i];
      }
    }

    @Override
    public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
      for (int i = 0; i < y.length; i += 2) {
        yBar[i] = -theta[0] * a[i + 1];
        yBar[i + 1] = theta[0] * a[i];
        thetaBar[0] += a[i] * y[i + 1] - a[i + 1] * y[i];
      }
      return 0;
    }
  }
}
