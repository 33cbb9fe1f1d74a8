package org.flowline.examples.cli.fit;

import java.util.Optional;
import java.util.function.Supplier;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.odesolvers.Status;

/// The training of a classifier.
///
/// @param classifier the best on the validation rows
/// @param bestIteration after which it was reached
/// @param status of the end
/// @param diverged whether the training ended far above the loss of the untrained classifier
public record ClassTraining(
    Classifier classifier,
    long bestIteration,
    long iterations,
    double seconds,
    Status status,
    boolean diverged) {
  private static final int SLOWDOWNS = 4;

  /// The settings of Adam.
  public record Adam(int iterations, double rate) {}

  /// Minimises the cross-entropy of the training rows.
  ///
  /// @param display shown after the metrics have begun
  public static ClassTraining of(
      Classifier untrained,
      LabelledTable.Split split,
      Adam adam,
      Metrics metrics,
      Supplier<Progress> display) {
    Objective loss = untrained.objective(split.training());
    EarlyStopping validation =
        EarlyStopping.of(theta -> untrained.with(theta).crossEntropy(split.validation()));
    metrics.begin(
        adam.iterations,
        new Metrics.Source(loss, Optional.of(validation), _ -> adam.rate, () -> ""),
        new double[0]);
    try (Progress progress = display.get()) {
      Trainer.Result trained =
          Trainer.of(loss, Optimizer.adam(adam.rate))
              .withObserver(validation)
              .withObserver(metrics)
              .withObserver(progress)
              .withSlowdowns(SLOWDOWNS)
              .train(untrained.theta(), adam.iterations);
      if (trained.status().succeeded()) {
        validation.validate(metrics.iterations(), trained.last());
      }
      return new ClassTraining(
          untrained.with(validation.best().map(EarlyStopping.Best::theta).orElse(trained.theta())),
          validation.best().map(EarlyStopping.Best::iteration).orElse(0L),
          metrics.iterations(),
          metrics.seconds(),
          trained.status(),
          TrainingRun.diverged(loss, untrained.theta(), trained.last()));
    }
  }
}
