package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.Objective;
import org.junit.jupiter.api.Test;

/// A training that diverges until no loss can be computed restarts from the best θ at half the
/// speed, then a quarter, …, and ends when all slowdowns are used.
///
/// On `½ a θ²` descent with the rate η multiplies θ by `1 − ηa`: with a = 10 it converges below
/// η = 0.2, and η = 0.7 does so at a quarter, by `1 − 1.75 = −0.75` an iteration.
class DivergedTrainingsRestartSlower {
  private static final double A = 10;

  /// No loss beyond 1e6.
  private static Objective bowl() {
    return Objective.of(
        1,
        (theta, gradient) -> {
          gradient[0] = A * theta[0];
          return Math.abs(theta[0]) < 1e6 ? A / 2 * theta[0] * theta[0] : Double.NaN;
        });
  }

  private static final class Speeds implements Trainer.Observer {
    private final List<Double> speeds = new ArrayList<>();
    private long iterations;

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      iterations++;
    }

    @Override
    public void slowed(long iteration, double speed) {
      assertEquals(iterations, iteration);
      speeds.add(speed);
    }
  }

  @Test
  void untilTheyConverge() {
    Speeds seen = new Speeds();
    Trainer.Result result =
        Trainer.of(bowl(), Optimizer.gradientDescent(0.7))
            .withObserver(seen)
            .withSlowdowns(5)
            .train(new double[] {1}, 100);
    assertTrue(result.status().succeeded(), result.status().message());
    assertEquals(List.of(0.5, 0.25), seen.speeds);
    assertTrue(result.loss() < 1e-12, "loss " + result.loss());
    assertEquals(70, result.time(), 1e-9, "of 100 iterations, those that led astray among them");
  }

  @Test
  void orEndWithTheBestWhereSlownessIsAtItsEnd() {
    Speeds seen = new Speeds();
    Trainer.Result result =
        Trainer.of(bowl(), Optimizer.gradientDescent(0.7))
            .withObserver(seen)
            .withSlowdowns(1)
            .train(new double[] {1}, 100);
    assertFalse(result.status().succeeded());
    assertEquals(List.of(0.5), seen.speeds);
    assertArrayEquals(new double[] {1}, result.theta());
  }

  /// Adam's steps on a slope are `η` long, since its averages are constant.
  @Test
  void withVelocitiesAndAveragesOfTheBest() {
    double[] edge = {Double.NaN};
    Objective cliff =
        Objective.of(
            1,
            (theta, gradient) -> {
              gradient[0] = 1;
              edge[0] = theta[0];
              return theta[0] > -1 ? theta[0] : Double.NaN;
            });
    List<Double> steps = new ArrayList<>();
    Trainer.of(cliff, Optimizer.adam(0.3))
        .withObserver((_, _, theta) -> steps.add(theta[0]))
        .withSlowdowns(1)
        .train(new double[] {0}, 5);
    // 0, −0.3, −0.6, and −0.9, the best, from where −1.2 has no loss; then by 0.15, over the edge.
    // The averages are from before the third step, their correction from the fifth.
    assertEquals(-0.9, steps.get(3), 1e-7);
    assertEquals(-0.9, steps.get(4), 1e-7);
    assertEquals(-1.05, edge[0], 0.05);
  }

  /// A training stopped after any iteration resumes to the same bits at the same speed.
  @Test
  void whereverTheyAreResumed() {
    Trainer trainer = Trainer.of(bowl(), Optimizer.heavyBall(0.7, 0.1)).withSlowdowns(5);
    List<Double> losses = new ArrayList<>();
    Trainer.Result plain =
        trainer.withObserver((_, loss, _) -> losses.add(loss)).train(new double[] {1}, 80);
    assertTrue(plain.status().succeeded());
    for (long stop = 1; stop < losses.size(); stop++) {
      long at = stop;
      List<Double> stopped = new ArrayList<>();
      List<TrainingState> kept = new ArrayList<>();
      Trainer watched = trainer.withObserver((_, loss, _) -> stopped.add(loss));
      watched
          .withCheckpoints(
              new Trainer.Checkpoints() {
                @Override
                public boolean due(long iterations) {
                  return iterations == at;
                }

                @Override
                public boolean save(TrainingState state) {
                  kept.add(state);
                  return false;
                }
              })
          .train(new double[] {1}, 80);
      if (!kept.isEmpty()) { // not after a part of a step
        Trainer.Result resumed = watched.resume(kept.getFirst(), 80);
        assertEquals(losses, stopped, "stopped at " + stop);
        assertArrayEquals(plain.theta(), resumed.theta());
        assertArrayEquals(plain.last(), resumed.last());
        assertEquals(plain.loss(), resumed.loss());
      }
    }
  }

  @Test
  void wordsAreChecked() {
    Trainer trainer = Trainer.of(bowl(), Optimizer.gradientDescent(0.1));
    assertEquals(
        "train: 31 slowdowns; want 0 … 30",
        assertThrows(IllegalArgumentException.class, () -> trainer.withSlowdowns(31)).getMessage());
  }
}
