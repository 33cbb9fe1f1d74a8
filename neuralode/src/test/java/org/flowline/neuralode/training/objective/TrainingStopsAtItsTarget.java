package org.flowline.neuralode.training.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Training with a target ends at the time on the flow at which the loss has fallen to it.
class TrainingStopsAtItsTarget {

  /// Counts the evaluations of `½θ²`.
  private static final class Counted implements Objective {
    private int evaluations;

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      evaluations++;
      gradient[0] = theta[0];
      return theta[0] * theta[0] / 2;
    }
  }

  /// `θ = 2 e^−τ`: the loss is `2 e^−2τ`, and 0.01 at `τ = ½ log 200`.
  @Test
  void ofTheFlowAtTheExactTime() {
    double exact = Math.log(200) / 2;
    for (Method method : List.of(Methods.DOP853, Methods.VERN7, Methods.KVAERNO5)) {
      Trainer.Result result =
          Trainer.of(
                  new Counted(),
                  Optimizer.of(Flows.gradient(), method, 1, StepSize.Adaptive.of(1e-11, 1e-11)))
              .withTarget(0.01)
              .train(new double[] {2}, 10);
      assertTrue(result.targetReached());
      assertEquals(exact, result.time(), 1e-8, method.name());
      assertEquals(0.01, result.loss(), 1e-10);
      assertArrayEquals(result.last(), result.theta());
      assertTrue(result.status().message().startsWith("event loss = 0.01 at t = "));
    }
  }

  /// Within a step of descent the dense output is a line: `θ = (1 − s) θₖ` at `τ = kη + s`.
  @Test
  void ofDescentWithinItsStep() {
    Counted loss = new Counted();
    Trainer.Result result =
        Trainer.of(loss, Optimizer.gradientDescent(0.5))
            .withTarget(0.3)
            .train(new double[] {2}, 99);
    // θ: 2, 1, then 0.5 with a loss of 1/8; θ = √0.6 is reached at s = 1 − √0.6.
    assertEquals(0.5 + 1 - Math.sqrt(0.6), result.time(), 1e-11);
    assertEquals(Math.sqrt(0.6), result.last()[0], 1e-11);
    assertEquals(2, result.stats().accepted());
  }

  /// The loss at a step's end is the one that the next step starts with.
  @Test
  void atNoCostPerStepForEuler() {
    Counted plain = new Counted();
    Trainer.of(plain, Optimizer.gradientDescent(0.1)).train(new double[] {2}, 50);
    Counted watched = new Counted();
    Trainer.Result result =
        Trainer.of(watched, Optimizer.gradientDescent(0.1))
            .withTarget(1e-9)
            .train(new double[] {2}, 50);
    assertFalse(result.targetReached());
    assertEquals(plain.evaluations, watched.evaluations);
    Trainer.Result without =
        Trainer.of(plain, Optimizer.gradientDescent(0.1)).train(new double[] {2}, 50);
    assertArrayEquals(without.last(), result.last(), "and changes no bit");
  }

  @Test
  void ofFlowsWithVelocitiesAveragesAndDuals() {
    for (Optimizer optimizer :
        List.of(
            Optimizer.heavyBall(0.1, 0.5),
            Optimizer.nesterov(0.1),
            Optimizer.adam(0.1),
            Optimizer.proximalPoint(0.3),
            Optimizer.mirrorDescent(0.1, MirrorMap.positive()),
            Optimizer.langevin(0.1, 1e6, 1))) {
      Trainer.Result result =
          Trainer.of(new Counted(), optimizer).withTarget(0.1).train(new double[] {2}, 1000);
      assertTrue(result.targetReached(), optimizer.toString());
      assertEquals(0.1, result.loss(), 1e-9, optimizer.toString());
      assertTrue(result.time() > 0.5, optimizer.toString());
    }
  }

  @Test
  void beforeItBeginsIfTheStartIsThere() {
    Trainer trainer = Trainer.of(new Counted(), Optimizer.adam(0.1)).withTarget(2);
    Trainer.Result result = trainer.train(new double[] {2}, 10);
    assertTrue(result.targetReached() && result.status().succeeded());
    assertEquals(0, result.time());
    assertEquals(2, result.loss());
    assertEquals("the loss is 2.0 at the start, the target 2.0", result.status().message());
    assertEquals(0, result.stats().accepted());
  }

  /// A step that leads where the loss is no number is made again in halves, and the target is found
  /// in one of them.
  @Test
  void alsoWhereStepsAreMadeAgain() {
    Objective cliff =
        Objective.of(
            1,
            (theta, g) -> {
              g[0] = theta[0];
              return theta[0] < 0 ? Double.NaN : theta[0] * theta[0] / 2;
            });
    List<Long> seen = new ArrayList<>();
    Trainer.Result result =
        Trainer.of(cliff, Optimizer.gradientDescent(1.2))
            .withRetries(3)
            .withObserver((k, _, _) -> seen.add(k))
            .withTarget(0.5)
            .train(new double[] {2}, 10);
    assertEquals(Status.Reason.EVENT, result.status().reason());
    // A half of 0.6 from 2 leads to 0.8; θ = 1 is half way of it but for a sixth.
    assertEquals(0.5, result.time(), 1e-11);
    assertEquals(1, result.last()[0], 1e-11);
  }

  @Test
  void batchesAreThoseOfTheTime() {
    Objective alternating =
        new Objective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] g) {
            double target = MiniBatches.iteration(tau, 0.5) % 2;
            g[0] = theta[0] - target;
            return g[0] * g[0] / 2;
          }
        };
    double[] wanted =
        Trainer.of(alternating, Optimizer.gradientDescent(0.5)).train(new double[] {4}, 9).last();
    double[] came =
        Trainer.of(alternating, Optimizer.gradientDescent(0.5))
            .withTarget(1e-9)
            .train(new double[] {4}, 9)
            .last();
    assertArrayEquals(wanted, came, "watching changes no batch");
  }

  @Test
  void targetsThatAreNoNumbersAreRefused() {
    Trainer trainer = Trainer.of(new Counted(), Optimizer.adam(0.1));
    assertEquals(
        "train: target NaN; want a finite loss",
        assertThrows(IllegalArgumentException.class, () -> trainer.withTarget(Double.NaN))
            .getMessage());
  }
}
