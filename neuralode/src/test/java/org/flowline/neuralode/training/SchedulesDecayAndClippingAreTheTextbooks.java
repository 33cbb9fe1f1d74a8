package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Learning-rate schedules, weight decay and gradient clipping equal the textbooks' loops; retries
/// continue where losses cannot be computed.
class SchedulesDecayAndClippingAreTheTextbooks {
  private static final int ITERATIONS = 300;

  /// An iteration rounds numbers of size 1 a few times, by ε/2 each.
  private static final double ROUNDING = ITERATIONS * Math.ulp(1.0);

  private static final Objective NETWORK = Losses.network();
  private static final double[] START = Losses.NETWORK.initial(new SplittableRandom(1));

  private static double[] train(Objective objective, Optimizer optimizer) {
    Trainer.Result result = Trainer.of(objective, optimizer).train(START, ITERATIONS);
    assertTrue(result.status().succeeded());
    return result.last();
  }

  @Test
  void adaptiveStepsEndWhereTheWarmUpDoes() {
    List<Double> ends = new ArrayList<>();
    Trainer.of(NETWORK, Optimizer.adaptive(0.1, 1e-4).withSchedule(Schedule.warmUp(20)))
        .withStepObserver(step -> ends.add(step.end()))
        .train(START, ITERATIONS);
    assertTrue(ends.contains(2.0), ends.toString());
  }

  @Test
  void scheduledDescentWithDecayAndClipping() {
    Schedule schedule = Schedule.warmUp(20).times(Schedule.cosine(ITERATIONS)).noLessThan(0.01);
    double eta = 0.1;
    double lambda = 0.02;
    double largest = 0.05;
    double[] theta = START.clone();
    double[] g = new double[theta.length];
    int clipped = 0;
    for (int k = 0; k < ITERATIONS; k++) {
      NETWORK.gradient(0, theta, g);
      double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
      clipped += norm > largest ? 1 : 0;
      double warm = Math.min(1, (k + 1) / 21.0);
      double cosine = 0.5 * (1 + Math.cos(Math.PI * k / ITERATIONS));
      double rate = eta * Math.max(0.01, warm * cosine);
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= rate * (Math.min(1, largest / norm) * g[i] + lambda * theta[i]);
      }
    }
    assertTrue(clipped > 10 && clipped < ITERATIONS - 10, clipped + " clipped");
    Optimizer optimizer =
        Optimizer.gradientDescent(eta)
            .withClipping(largest)
            .withWeightDecay(lambda)
            .withSchedule(schedule);
    assertArrayEquals(theta, train(NETWORK, optimizer), ROUNDING);
    assertEquals(
        "gradient-descent clipped decay scheduled = gradient flow of clipped gradients, decay,"
            + " scheduled × EULER × h = 0.1",
        optimizer.toString());
  }

  /// Loshchilov & Hutter (2019), algorithm 2, with the schedule's factor of iteration `t = 1, 2,
  /// …`.
  @Test
  void scheduledAdamW() {
    double eta = 0.001;
    double lambda = 0.1;
    double[] theta = START.clone();
    double[] g = new double[theta.length];
    double[] m = new double[theta.length];
    double[] v = new double[theta.length];
    for (int t = 1; t <= ITERATIONS; t++) {
      NETWORK.gradient(0, theta, g);
      double rate = eta * Math.pow(0.99, t);
      for (int i = 0; i < theta.length; i++) {
        m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
        v[i] = 0.999 * v[i] + (1 - 0.999) * (g[i] * g[i]);
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        theta[i] -= rate * (mHat / (Math.sqrt(vHat) + 1e-8) + lambda * theta[i]);
      }
    }
    Optimizer adamW =
        Optimizer.adam(eta).withWeightDecay(lambda).withSchedule(Schedule.exponential(0.99));
    assertArrayEquals(theta, train(NETWORK, adamW), ROUNDING);
  }

  /// A schedule changes the clock of gradient flow and not its curve: with total time `∫s` at
  /// unscheduled speed it arrives at the same place, `θᵢ = e^{−aᵢ∫s}`.
  @Test
  void aScheduleOfTheFlowIsAnotherClock() {
    Objective bowl = Losses.quadratic(0.5, 2);
    Optimizer flow =
        Optimizer.of(Flows.gradient(), Methods.DOPRI5, 1, StepSize.Adaptive.of(1e-9, 1e-9))
            .withSchedule(Schedule.cosine(4));
    double[] end = Trainer.of(bowl, flow).train(new double[] {1, 2}, 4).last();
    // ∫₀⁴ (1 + cos πs/4)/2 ds = 2; the centres are 0 and 1. A tolerance of 1e-9 over some steps.
    assertArrayEquals(new double[] {Math.exp(-1), 1 + Math.exp(-4)}, end, 1e-7);
  }

  @Test
  void schedulesHaveTheirValues() {
    assertEquals(0.3, Schedule.constant(0.3).at(17));
    assertEquals(0.25, Schedule.warmUp(3).at(0));
    assertEquals(1, Schedule.warmUp(3).at(3));
    assertEquals(1, Schedule.cosine(8).at(0));
    assertEquals(0.5, Schedule.cosine(8).at(4), 1e-15);
    assertEquals(0, Schedule.cosine(8).at(99));
    assertEquals(0.125, Schedule.exponential(0.5).at(3));
  }

  @Test
  void batchesPassThroughAllSamplesAndRepeatFromTheirSeed() {
    List<Integer> seen = new ArrayList<>();
    MiniBatches batches =
        MiniBatches.of(
                7,
                samples ->
                    Objective.of(
                        1,
                        (_, gradient) -> {
                          for (int sample : samples) {
                            seen.add(sample);
                          }
                          gradient[0] = samples.length;
                          return 1;
                        }))
            .withSize(3, 0.1)
            .withSeed(5);
    Trainer.of(batches, Optimizer.gradientDescent(0.1)).train(new double[1], 6);
    // Two passes of 3 + 3 + 1, and the loss at the end.
    List<Integer> firstPass = seen.subList(0, 7);
    List<Integer> secondPass = seen.subList(7, 14);
    assertEquals(7, new TreeSet<>(firstPass).size());
    assertEquals(7, new TreeSet<>(secondPass).size());
    assertFalse(firstPass.equals(secondPass));
    assertArrayEquals(batches.batch(0.3), batches.batch(0.3 + 0.05));
    assertArrayEquals(
        new int[] {seen.get(10), seen.get(11), seen.get(12)}, batches.withSize(3, 0.1).batch(0.4));
  }

  /// All stages of a step use one batch.
  @Test
  void withinAStepTheBatchStays() {
    List<Integer> sizes = new ArrayList<>();
    MiniBatches batches =
        MiniBatches.of(
                4,
                samples ->
                    Objective.of(
                        1,
                        (_, gradient) -> {
                          sizes.add(samples[0]);
                          gradient[0] = 1;
                          return 1;
                        }))
            .withSize(1, 0.1);
    Optimizer rk4 = Optimizer.of(Flows.gradient(), Methods.RK4, 0.1);
    Trainer.of(batches, rk4).train(new double[1], 4);
    for (int step = 0; step < 4; step++) {
      assertEquals(1, new TreeSet<>(sizes.subList(4 * step, 4 * step + 4)).size(), "" + sizes);
    }
    assertEquals(4, new TreeSet<>(sizes.subList(0, 16)).size(), "" + sizes);
  }

  /// `L = −ln θ` on `θ > 0`, NaN elsewhere: descent with large steps of a rising slope jumps out.
  private record Cliff() implements Objective {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      boolean inside = theta[0] > 0;
      gradient[0] = inside ? 1 - 0.05 / theta[0] : Double.NaN;
      return inside ? theta[0] - 0.05 * Math.log(theta[0]) : Double.NaN;
    }
  }

  @Test
  void stepsIntoNowhereAreRetriedSmaller() {
    List<Double> rejected = new ArrayList<>();
    Trainer.Observer watcher =
        new Trainer.Observer() {
          @Override
          public void iteration(long iteration, double loss, double[] theta) {
            assertTrue(theta[0] > 0 && Double.isFinite(loss));
          }

          @Override
          public void rejected(long iteration, double tau, double h) {
            rejected.add(h);
          }
        };
    double[] start = {1};
    Trainer plain = Trainer.of(new Cliff(), Optimizer.gradientDescent(0.4)).withObserver(watcher);
    assertFalse(plain.train(start, 40).status().succeeded());
    assertEquals(List.of(0.4), rejected);
    rejected.clear();
    Trainer.Result result = plain.withRetries(6).train(start, 40);
    assertTrue(result.status().succeeded(), result.status().message());
    assertTrue(rejected.size() > 0 && rejected.size() < 40, rejected.toString());
    assertEquals(40 * 0.4, result.status().t(), 1e-9);
    assertTrue(result.stats().rejected() == rejected.size());

    rejected.clear();
    Optimizer adaptive =
        Optimizer.of(Flows.gradient(), Methods.TSIT5, 0.4, StepSize.Adaptive.of(1e-3, 1e-3));
    Trainer.Result smooth =
        Trainer.of(new Cliff(), adaptive).withObserver(watcher).train(start, 40);
    assertTrue(smooth.status().succeeded(), smooth.status().message());
    assertTrue(rejected.size() > 0 && smooth.stats().rejected() == rejected.size());
    assertEquals(0.05, smooth.last()[0], 1e-2);
  }

  @Test
  void retriesAreBounded() {
    Objective dead =
        new Objective() {
          private int calls;

          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] gradient) {
            gradient[0] = calls++ < 3 ? 1 : Double.NaN;
            return gradient[0];
          }
        };
    Trainer.Result result =
        Trainer.of(dead, Optimizer.gradientDescent(0.1)).withRetries(5).train(new double[1], 100);
    assertFalse(result.status().succeeded());
    assertEquals(6, result.stats().rejected());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    says("schedule: cosine of 0.0; want 1 iteration or more", () -> Schedule.cosine(0));
    says("schedule: warm-up of -1.0; want 1 iteration or more", () -> Schedule.warmUp(-1));
    says("schedule: constant of -1.0; want a number ≥ 0", () -> Schedule.constant(-1));
    says("schedule: exponential of 2.0; want a factor in (0, 1]", () -> Schedule.exponential(2));
    Optimizer adam = Optimizer.adam(0.1);
    says("adam: weight decay -1.0; want λ ≥ 0", () -> adam.withWeightDecay(-1));
    says("clipping: norm 0.0; want a number above 0", () -> adam.withClipping(0));
    says("train: -1 retries; want 0 … 30", () -> Trainer.of(NETWORK, adam).withRetries(-1));
    MiniBatches all = MiniBatches.of(3, _ -> NETWORK);
    says("mini-batches: size 4; want 1 … 3", () -> all.withSize(4, 1));
    says("mini-batches: interval 0.0; want a number above 0", () -> all.withSize(1, 0));
    says("mini-batches: samples 0; want 1 … 268435456", () -> MiniBatches.of(0, _ -> NETWORK));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
