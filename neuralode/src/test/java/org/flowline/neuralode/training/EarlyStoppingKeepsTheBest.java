package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Early stopping keeps the best θ by the validation loss and ends training when patience is
/// exhausted.
///
/// Descent of `L = θ²` from 1 with rate ¼ halves θ; the validation loss `(θ − ¼)²` is best after 2
/// iterations.
class EarlyStoppingKeepsTheBest {
  private static final Objective SQUARE =
      Objective.of(
          1,
          (theta, gradient) -> {
            gradient[0] = 2 * theta[0];
            return theta[0] * theta[0];
          });

  private static EarlyStopping stopping() {
    return EarlyStopping.of(theta -> Math.pow(theta[0] - 0.25, 2));
  }

  private static long made(EarlyStopping stopping) {
    long[] made = {0};
    Trainer.of(SQUARE, Optimizer.gradientDescent(0.25))
        .withEarlyStopping(stopping)
        .withObserver((_, _, _) -> made[0]++)
        .train(new double[] {1}, 100);
    return made[0];
  }

  @Test
  void theBestIsKeptWithoutPatience() {
    EarlyStopping stopping = stopping();
    assertEquals(100, made(stopping));
    EarlyStopping.Best best = stopping.best().orElseThrow();
    assertEquals(2, best.iteration());
    assertArrayEquals(new double[] {0.25}, best.theta());
    assertEquals(0, best.loss());
    assertEquals("validation loss 0.0 after 2 iterations", best.toString());
    assertEquals(0.0625, stopping.last(), 1e-12);
  }

  @Test
  void patienceCountsFromTheBest() {
    assertEquals(2 + 5 + 1, made(stopping().withPatience(5, 0)), "including the validated one");
    assertEquals(30 + 5 + 1, made(stopping().withPatience(5, 30)), "not before all data are used");
    assertEquals(9 + 1, made(stopping().withEvery(3).withPatience(5, 0)), "at 0, 3, 6 and 9");
  }

  /// A checkpoint that is due at the last iteration does not make training continue.
  @Test
  void trainingEndsAsCancelledAlsoWithCheckpoints() {
    List<Long> saved = new ArrayList<>();
    Trainer.Checkpoints always =
        new Trainer.Checkpoints() {
          @Override
          public boolean due(long iterations) {
            return true;
          }

          @Override
          public boolean save(TrainingState state) {
            saved.add(state.iteration());
            return true;
          }
        };
    Trainer.Result result =
        Trainer.of(SQUARE, Optimizer.gradientDescent(0.25))
            .withEarlyStopping(stopping().withPatience(1, 0))
            .withCheckpoints(always)
            .train(new double[] {1}, 100);
    assertEquals(Status.Reason.CANCELLED, result.status().reason());
    assertEquals(List.of(1L, 2L, 3L), saved);
    assertEquals(4, result.stats().accepted());
  }

  /// RK4 evaluates four stages per step, once each; a pullback would be counted.
  @Test
  void aValidationCostsNoPullback() {
    Mlp network = Mlp.of(Activation.TANH, 1, 3, 1);
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.125, 8));
    TrajectoriesObjective others =
        TrajectoriesObjective.of(
            NeuralField.of(network, 1, 1),
            new DiscreteAdjoint(solver),
            new double[] {0, 1},
            List.of(new double[] {1}, new double[] {2}));
    EarlyStopping stopping = EarlyStopping.of(others);
    for (int k = 0; k < 5; k++) {
      stopping.iteration(k, 0, new double[others.dimension()]);
    }
    assertEquals(0, others.costs().pullbacks());
    assertEquals(0, others.costs().gradients());
    assertEquals(5 * 8 * 4, others.costs().evaluations());
    assertEquals(0.5, stopping.last(), "at θ = 0 the state rests: residuals 0 and 1");
  }

  @Test
  void theStateIsRestored() {
    EarlyStopping stopped = stopping().withPatience(5, 0);
    assertFalse(stopped.isExhausted());
    for (int k = 0; k < 5; k++) {
      stopped.iteration(k, 0, new double[] {Math.scalb(1, -k)});
    }
    EarlyStopping resumed = stopping().withPatience(5, 0);
    resumed.restoreState(stopped.saveState());
    assertArrayEquals(stopped.saveState(), resumed.saveState());
    for (int k = 5; k < 8; k++) {
      double[] theta = {Math.scalb(1, -k)};
      stopped.iteration(k, 0, theta);
      resumed.iteration(k, 0, theta);
      assertEquals(stopped.isExhausted(), resumed.isExhausted());
    }
    assertTrue(resumed.isExhausted());
    assertEquals(stopped.last(), resumed.last());
    assertArrayEquals(stopped.best().orElseThrow().theta(), resumed.best().orElseThrow().theta());
    EarlyStopping empty = stopping();
    empty.restoreState(stopping().saveState());
    assertTrue(empty.best().isEmpty());
  }

  @Test
  void aLossThatIsNotFiniteIsNeverTheBest() {
    EarlyStopping stopping = EarlyStopping.of(theta -> theta[0]);
    for (double loss : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 3, Double.NaN, 4}) {
      stopping.validate(0, new double[] {loss});
    }
    assertEquals(3, stopping.best().orElseThrow().loss());
  }

  @Test
  void argumentsAreChecked() {
    assertEquals(
        "early stopping: every 0 iterations; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> stopping().withEvery(0)).getMessage());
    assertEquals(
        "early stopping: patience 0 iterations; want 1 or more",
        assertThrows(IllegalArgumentException.class, () -> stopping().withPatience(0, 0))
            .getMessage());
    assertEquals(
        "early stopping: a state of 2 numbers; want what saveState() gave",
        assertThrows(IllegalArgumentException.class, () -> stopping().restoreState(new double[2]))
            .getMessage());
  }
}
