package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.neuralode.Objective;
import org.junit.jupiter.api.Test;

/// A training that descends one loss, judged by another one: what is kept is best by the other one,
/// and patience ends when it does not become better.
///
/// `L = θ²` from 1 on with the rate ¼ halves θ; the judge, `(θ − ¼)²`, is best behind 2 iterations.
class ValidationsKeepTheBestAndKnowWhenItIsOver {
  private static final Objective SQUARE =
      Objective.of(
          1,
          (theta, gradient) -> {
            gradient[0] = 2 * theta[0];
            return theta[0] * theta[0];
          });

  private static Validation judge() {
    return Validation.of(theta -> Math.pow(theta[0] - 0.25, 2));
  }

  private static Trainer.Checkpoints ended(Validation validation) {
    return new Trainer.Checkpoints() {
      @Override
      public boolean due(long iterations) {
        return validation.isOver();
      }

      @Override
      public boolean goesOn(TrainingState state) {
        return false;
      }
    };
  }

  private static long made(Validation validation) {
    long[] made = {0};
    Trainer.of(SQUARE, Optimizer.gradientDescent(0.25))
        .withObserver(validation)
        .withObserver((_, _, _) -> made[0]++)
        .withCheckpoints(ended(validation))
        .train(new double[] {1}, 100);
    return made[0];
  }

  @Test
  void theBestIsKeptWithoutPatience() {
    Validation validation = judge();
    assertEquals(100, made(validation));
    assertEquals(2, validation.best().orElseThrow().iteration());
    assertArrayEquals(new double[] {0.25}, validation.best().orElseThrow().theta());
    assertEquals(0, validation.best().orElseThrow().loss());
    assertEquals(0.0625, validation.last(), 1e-12);
  }

  @Test
  void patienceCountsFromTheBest() {
    assertEquals(2 + 5 + 1, made(judge().withPatience(5, 0)), "the one that is judged included");
    assertEquals(30 + 5 + 1, made(judge().withPatience(5, 30)), "not before the data are in use");
    assertEquals(9 + 1, made(judge().withEvery(3).withPatience(5, 0)), "judged at 0, 3, 6 and 9");
  }

  @Test
  void whatItKnowsComesBack() {
    Validation stopped = judge().withPatience(5, 0);
    assertFalse(stopped.isOver());
    for (int k = 0; k < 5; k++) {
      stopped.iteration(k, 0, new double[] {Math.scalb(1, -k)});
    }
    Validation resumed = judge().withPatience(5, 0);
    resumed.recall(stopped.state());
    assertArrayEquals(stopped.state(), resumed.state());
    for (int k = 5; k < 8; k++) {
      double[] theta = {Math.scalb(1, -k)};
      stopped.iteration(k, 0, theta);
      resumed.iteration(k, 0, theta);
      assertEquals(stopped.isOver(), resumed.isOver());
    }
    assertTrue(resumed.isOver());
    assertEquals(stopped.last(), resumed.last());
    assertArrayEquals(stopped.best().orElseThrow().theta(), resumed.best().orElseThrow().theta());
    Validation empty = judge();
    empty.recall(judge().state());
    assertTrue(empty.best().isEmpty());
  }

  @Test
  void whatIsNotFiniteIsNeverTheBest() {
    Validation validation = Validation.of(theta -> theta[0]);
    for (double loss : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 3, Double.NaN, 4}) {
      validation.judge(0, new double[] {loss});
    }
    assertEquals(3, validation.best().orElseThrow().loss());
  }

  @Test
  void wordsAreChecked() {
    assertEquals(
        "validation: every 0 iterations; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> judge().withEvery(0)).getMessage());
    assertEquals(
        "validation: patience 0 iterations; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> judge().withPatience(0, 0))
            .getMessage());
    assertEquals(
        "validation: a state of 2 numbers; want what state() gave",
        assertThrows(IllegalArgumentException.class, () -> judge().recall(new double[2]))
            .getMessage());
  }
}
