package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fit with multiple shooting in batches, then whole trajectories, a learning-rate schedule,
/// weight decay, clipping, retries, slowdowns and validation gives the same losses and validation
/// losses, to the bit, when it is stopped after any iteration and resumed from its file by new
/// objects.
class ResumedFitsOfModelsGiveTheSameBits {
  private static final int ITERATIONS = 24;

  /// Losses beyond are none: a step leads there, and a half of it, too.
  private static final double WALL = 20_000;

  @TempDir Path folder;

  private static final Model MODEL = ModelsOfEveryKind.all().toList().getLast();
  private static final Measurements MEASURED = ModelsOfEveryKind.measured(MODEL);

  private static final Optimizer OPTIMIZER =
      Optimizer.adamW(0.4, 0.01).withSchedule(Schedule.cosine(ITERATIONS)).withClipping(0.5);

  private static TrajectoriesObjective loss(Measurements measured) {
    return TrajectoriesObjective.of(
        MODEL, measured, new DiscreteAdjoint(MODEL.solver().integrator()));
  }

  private static TwiceDifferentiableObjective single(int number) {
    TrajectoriesObjective all = number == 0 ? loss(MEASURED).inPieces(2) : loss(MEASURED);
    return MiniBatches.of(all.size(), all::batch)
        .withSize(number == 0 ? 2 : 1, OPTIMIZER.interval())
        .withSeed(3);
  }

  /// The loss of a curriculum, up to the wall.
  private record Walled(Curriculum phases) implements Objective {
    static Walled made() {
      double change = OPTIMIZER.interval() * (ITERATIONS / 2 - 0.5);
      return new Walled(
          Curriculum.of(tau -> tau < change ? 0 : 1, ResumedFitsOfModelsGiveTheSameBits::single));
    }

    @Override
    public int dimension() {
      return phases.dimension();
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      double loss = phases.gradient(tau, theta, gradient);
      return loss < WALL ? loss : Double.NaN;
    }

    @Override
    public int phase(double tau) {
      return phases.phase(tau);
    }

    @Override
    public boolean varies() {
      return phases.varies();
    }

    @Override
    public Costs costs() {
      return phases.costs();
    }

    @Override
    public Optional<Status> failure() {
      return phases.failure();
    }
  }

  /// Records a training.
  private static final class Run implements Trainer.Observer {
    final List<Double> losses = new ArrayList<>();
    final List<Double> judged = new ArrayList<>();
    final EarlyStopping judge;
    int slowdowns;
    int rejected;

    Run() {
      Measurements later = MEASURED.splitByTime(0.9).validation();
      this.judge = EarlyStopping.of(loss(later)).withEvery(3);
    }

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      judge.iteration(iteration, loss, theta);
      losses.add(loss);
      judged.add(judge.last());
    }

    @Override
    public void rejected(long iteration, double tau, double h) {
      rejected++;
    }

    @Override
    public void slowed(long iteration, double speed) {
      slowdowns++;
    }

    Trainer trainer() {
      return Trainer.of(Walled.made(), OPTIMIZER)
          .withRetries(1)
          .withSlowdowns(3)
          .withObserver(this);
    }
  }

  @Test
  void whereverTheyStopped() {
    Run whole = new Run();
    Trainer.Result expected = whole.trainer().train(MODEL.theta(), ITERATIONS);
    assertTrue(expected.status().succeeded(), expected.status().message());
    assertTrue(whole.slowdowns > 0, "it went astray");
    assertTrue(whole.rejected > whole.slowdowns, "steps were made in parts");
    int stops = 0;
    for (int at = 1; at < whole.losses.size(); at++) {
      Path file = folder.resolve("stopped");
      int end = at;
      Run stopped = new Run();
      boolean[] kept = {false};
      Trainer.Checkpoints checkpoints =
          new Trainer.Checkpoints() {
            @Override
            public boolean due(long iterations) {
              return iterations == end;
            }

            @Override
            public boolean save(TrainingState state) {
              new TrainingFile(state, "", Map.of("judge", stopped.judge.saveState())).write(file);
              kept[0] = true;
              return false;
            }
          };
      stopped.trainer().withCheckpoints(checkpoints).train(MODEL.theta(), ITERATIONS);
      if (!kept[0]) {
        continue; // a part of a step
      }
      stops++;
      TrainingFile read = TrainingFile.read(file);
      Run rest = new Run();
      rest.judge.restoreState(read.more().get("judge"));
      Trainer.Result result = rest.trainer().resume(read.state(), ITERATIONS);
      List<Double> losses = new ArrayList<>(stopped.losses);
      losses.addAll(rest.losses);
      List<Double> judged = new ArrayList<>(stopped.judged);
      judged.addAll(rest.judged);
      String where = "stopped after " + at;
      assertEquals(whole.losses, losses, where);
      assertEquals(whole.judged, judged, where);
      assertEquals(whole.slowdowns, stopped.slowdowns + rest.slowdowns, where);
      assertArrayEquals(whole.judge.saveState(), rest.judge.saveState(), where);
      assertArrayEquals(expected.theta(), result.theta(), where);
      assertArrayEquals(expected.last(), result.last(), where);
      assertEquals(expected.loss(), result.loss(), where);
      assertEquals(expected.stats(), result.stats(), where);
    }
    assertTrue(stops > ITERATIONS / 2, stops + " stops");
  }
}
