package org.flowline.examples.cli.fit;

import java.util.function.Supplier;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.odesolvers.Status;

/// How the training of a classifier ended.
///
/// @param classifier the best on what was kept apart
/// @param bestIteration behind so many iterations
/// @param iterations made
/// @param status why it ended
public record ClassTraining(
    Classifier classifier, long bestIteration, long iterations, double seconds, Status status) {
  private static final int SLOWDOWNS = 4;

  /// Descends the cross-entropy of what is learnt from by Adam.
  ///
  /// @param shown what shows how it goes, once the metrics have begun
  public static ClassTraining of(
      Classifier untrained,
      LabelledTable.Split split,
      Adam adam,
      Metrics metrics,
      Supplier<Progress> shown) {
    Objective loss = untrained.objective(split.training());
    EarlyStopping judge =
        EarlyStopping.of(theta -> untrained.with(theta).crossEntropy(split.validation()));
    metrics.begin(
        adam.iterations,
        new Metrics.Source(
            () -> loss.costs().evaluations() + loss.costs().pullbacks(),
            judge::last,
            _ -> adam.rate,
            () -> ""),
        new double[0]);
    try (Progress progress = shown.get()) {
      Trainer.Result trained =
          Trainer.of(loss, Optimizer.adam(adam.rate))
              .withObserver(judge)
              .withObserver(metrics)
              .withObserver(progress)
              .withSlowdowns(SLOWDOWNS)
              .train(untrained.theta(), adam.iterations);
      if (trained.status().succeeded()) {
        judge.validate(metrics.iterations(), trained.last());
      }
      return new ClassTraining(
          untrained.with(judge.best().map(EarlyStopping.Best::theta).orElse(trained.theta())),
          judge.best().map(EarlyStopping.Best::iteration).orElse(0L),
          metrics.iterations(),
          metrics.seconds(),
          trained.status());
    }
  }

  /// How it descends.
  public record Adam(int iterations, double rate) {}
}
