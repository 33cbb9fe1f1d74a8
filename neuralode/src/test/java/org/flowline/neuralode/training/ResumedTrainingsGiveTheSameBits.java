package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A training that is stopped after any iteration and resumed from its [TrainingState] by new
/// objects gives the losses, the best and the last θ, and the cost of an uninterrupted one, bit for
/// bit.
class ResumedTrainingsGiveTheSameBits {
  private static final int ITERATIONS = 12;

  /// Stops after one iteration.
  private static final class Stop implements Trainer.Checkpoints {
    private final long at;
    private TrainingState state;

    Stop(long at) {
      this.at = at;
    }

    @Override
    public boolean due(long iterations) {
      return iterations == at;
    }

    @Override
    public boolean save(TrainingState state) {
      this.state = state;
      return false;
    }
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Optimizer.gradientDescent(0.1),
        Optimizer.heavyBall(0.05, 0.9),
        Optimizer.nesterov(0.05),
        Optimizer.adam(0.02),
        Optimizer.adamW(0.02, 0.1).withSchedule(Schedule.cosine(ITERATIONS)).withClipping(0.1),
        Optimizer.rmsprop(0.02),
        Optimizer.langevin(0.05, 100, 7),
        Optimizer.of(Flows.gradient(), Methods.RK4, 0.1),
        Optimizer.of(Flows.gradient(), Methods.DOPRI5, 0.1),
        Optimizer.of(Flows.gradient(), Methods.DOPRI5, 0.3, StepSize.Adaptive.of(1e-6, 1e-9)),
        Optimizer.of(
            Flows.gradient(),
            Methods.EULER,
            StepSize.Grid.of(0, 0.1, 0.3, 0.35, 0.4, 0.6, 0.7, 0.9, 1, 1.1, 1.3, 1.4, 1.5)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void whereverTheyStopped(Optimizer optimizer) {
    everywhere(Losses::network, optimizer, 0);
  }

  @Test
  void withBatches() {
    everywhere(
        () ->
            MiniBatches.of(
                    7,
                    samples ->
                        Objective.of(1, (theta, gradient) -> distances(samples, theta, gradient)))
                .withSize(3, 0.1)
                .withSeed(5),
        Optimizer.adam(0.1),
        0);
  }

  private static double distances(int[] samples, double[] theta, double[] gradient) {
    double loss = 0;
    gradient[0] = 0;
    for (int sample : samples) {
      loss += Math.pow(theta[0] - sample, 2);
      gradient[0] += 2 * (theta[0] - sample);
    }
    return loss;
  }

  /// Some steps lead beyond a wall, so that some are made in parts.
  @Test
  void whereStepsAreRetried() {
    Supplier<Objective> wall =
        () ->
            new Objective() {
              @Override
              public int dimension() {
                return 1;
              }

              @Override
              public double gradient(double tau, double[] theta, double[] gradient) {
                gradient[0] = 1 / theta[0] + 0.3 * theta[0];
                return theta[0] > 0 ? Math.log(theta[0]) + 0.15 * theta[0] * theta[0] : Double.NaN;
              }
            };
    List<Long> rejected = new ArrayList<>();
    Trainer.Observer observer =
        new Trainer.Observer() {
          @Override
          public void iteration(long iteration, double loss, double[] theta) {}

          @Override
          public void rejected(long iteration, double tau, double h) {
            rejected.add(iteration);
          }
        };
    Trainer.of(wall.get(), Optimizer.gradientDescent(0.35))
        .withRetries(3)
        .withObserver(observer)
        .train(new double[] {0.84}, ITERATIONS);
    assertTrue(rejected.size() > 0, "some steps are retried");
    everywhere(wall, Optimizer.gradientDescent(0.35), 3);
  }

  private static void everywhere(Supplier<Objective> objective, Optimizer optimizer, int retries) {
    Objective first = objective.get();
    double[] start = new SplittableRandom(2).doubles(first.dimension(), 0.5, 1).toArray();
    List<Double> whole = new ArrayList<>();
    Trainer.Result expected = trainer(first, optimizer, retries, whole).train(start, ITERATIONS);
    int stops = 0;
    for (int at = 1; at < whole.size(); at++) {
      List<Double> losses = new ArrayList<>();
      Stop stop = new Stop(at);
      Trainer.Result stopped =
          trainer(objective.get(), optimizer, retries, losses)
              .withCheckpoints(stop)
              .train(start, ITERATIONS);
      if (stop.state == null) {
        continue; // a part of a step that was retried
      }
      stops++;
      assertEquals(Status.Reason.CANCELLED, stopped.status().reason());
      assertEquals(at, losses.size());
      assertEquals(at, stop.state.iteration());
      Trainer.Result result =
          trainer(objective.get(), optimizer, retries, losses).resume(stop.state, ITERATIONS);
      String where = optimizer.name() + " stopped after " + at;
      assertEquals(whole, losses, where);
      assertArrayEquals(expected.theta(), result.theta(), where);
      assertArrayEquals(expected.last(), result.last(), where);
      assertEquals(expected.loss(), result.loss(), where);
      assertEquals(expected.status().reason(), result.status().reason(), where);
      assertEquals(expected.stats(), result.stats(), where);
    }
    assertTrue(stops >= 1, "stopped somewhere");
  }

  private static Trainer trainer(
      Objective objective, Optimizer optimizer, int retries, List<Double> losses) {
    return Trainer.of(objective, optimizer)
        .withRetries(retries)
        .withObserver((_, loss, _) -> losses.add(loss));
  }

  /// Checkpoints after every iteration change nothing.
  @Test
  void lookingChangesNothing() {
    List<Double> plain = new ArrayList<>();
    List<Double> shown = new ArrayList<>();
    double[] start = new double[Losses.network().dimension()];
    Trainer.Result expected =
        trainer(Losses.network(), Optimizer.adam(0.02), 0, plain).train(start, ITERATIONS);
    List<Long> seen = new ArrayList<>();
    Trainer.Result result =
        trainer(Losses.network(), Optimizer.adam(0.02), 0, shown)
            .withCheckpoints(
                new Trainer.Checkpoints() {
                  @Override
                  public boolean due(long iterations) {
                    return true;
                  }

                  @Override
                  public boolean save(TrainingState state) {
                    return seen.add(state.iteration());
                  }
                })
            .train(start, ITERATIONS);
    assertEquals(plain, shown);
    assertArrayEquals(expected.last(), result.last());
    assertEquals(ITERATIONS - 1, seen.size(), "after all but the last");
  }

  @Test
  void statesOfOtherTrainingsAreRefused() {
    Stop stop = new Stop(2);
    Trainer.of(Losses.quadratic(1, 2), Optimizer.gradientDescent(0.1))
        .withCheckpoints(stop)
        .train(new double[2], 5);
    Trainer other = Trainer.of(Losses.quadratic(1, 2, 3), Optimizer.gradientDescent(0.1));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> other.resume(stop.state, 5));
    assertEquals("resume: a state with θ of 2 values, the objective wants 3", refused.getMessage());
  }
}
