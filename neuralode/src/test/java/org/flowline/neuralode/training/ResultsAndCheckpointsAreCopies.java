package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Arrays of results, states and checkpoints may be overwritten, and an objective may overwrite its
/// θ, without an effect on a training or a solve.
class ResultsAndCheckpointsAreCopies {
  private static Trainer.Result train(boolean writes) {
    Objective bowl =
        Objective.of(
            2,
            (theta, gradient) -> {
              double loss = 0;
              for (int i = 0; i < 2; i++) {
                gradient[i] = (i + 1) * theta[i];
                loss += gradient[i] * theta[i] / 2;
              }
              if (writes) {
                Arrays.fill(theta, 7);
              }
              return loss;
            });
    return Trainer.of(bowl, Optimizer.heavyBall(0.1, 0.5)).train(new double[] {1, -1}, 30);
  }

  @Test
  void ofAnObjectiveThatOverwritesItsParameters() {
    Trainer.Result result = train(true);
    assertArrayEquals(train(false).last(), result.last());
    assertEquals(train(false).loss(), result.loss());
    Arrays.fill(result.theta(), 7);
    Arrays.fill(result.last(), 7);
    assertArrayEquals(train(false).theta(), result.theta());
    assertArrayEquals(train(false).last(), result.last());
  }

  @Test
  void ofTrainingsThatAreResumed() {
    Trainer trainer =
        Trainer.of(
            Objective.of(
                1,
                (theta, gradient) -> {
                  gradient[0] = theta[0];
                  return theta[0] * theta[0] / 2;
                }),
            Optimizer.adam(0.1));
    List<TrainingState> states = new ArrayList<>();
    trainer
        .withSlowdowns(2)
        .withCheckpoints(
            new Trainer.Checkpoints() {
              @Override
              public boolean due(long iterations) {
                return iterations == 3;
              }

              @Override
              public boolean save(TrainingState state) {
                states.add(state);
                return false;
              }
            })
        .train(new double[] {1}, 9);
    TrainingState state = states.getFirst();
    for (double[] array :
        List.of(
            state.best(),
            state.rescue(),
            state.losses(),
            state.solve().y(),
            state.solve().control(),
            state.solve().times())) {
      Arrays.fill(array, 7);
    }
    assertArrayEquals(
        trainer.withSlowdowns(2).train(new double[] {1}, 9).last(),
        trainer.withSlowdowns(2).resume(state, 9).last());
  }

  @Test
  void ofSolvesThatAreResumed() {
    VectorField decay = VectorField.of(1, (_, y, dydt) -> dydt[0] = -y[0]);
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6));
    double[] times = {0, 1, 5};
    double[] whole = solver.solve(decay, new double[] {1}, times).last();
    Solution stopped =
        solver
            .withObserver(
                step -> {
                  if (step.index() == 3) step.cancel();
                })
            .solve(decay, new double[] {1}, times);
    Checkpoint kept = stopped.checkpoint();
    Arrays.fill(stopped.last(), 7);
    for (double[] array :
        List.of(kept.y(), kept.times(), kept.control(), kept.stepper(), kept.values()[0])) {
      Arrays.fill(array, 7);
    }
    assertArrayEquals(whole, solver.resume(decay, kept).last());
    assertArrayEquals(whole, solver.resume(decay, stopped.checkpoint()).last());
  }
}
