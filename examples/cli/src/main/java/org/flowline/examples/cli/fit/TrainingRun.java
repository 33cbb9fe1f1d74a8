package org.flowline.examples.cli.fit;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.flowline.examples.cli.option.LearningOptions;
import org.flowline.examples.cli.option.TrainingOptions;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrainingFile;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepObserver;

/// One training, from what was asked for to the best model.
///
/// @param measured all of the data
/// @param kept what is kept apart to be judged by
/// @param recipe on the part that is learned from
/// @param judge by the part that is not; of batches, by all that is learned from
/// @param diagnosed whether it is watched
public record TrainingRun(
    TrainingOptions options,
    Measurements measured,
    Optional<Measurements> kept,
    FitConfig recipe,
    Optional<EarlyStopping> judge,
    boolean diagnosed) {

  /// How it ended.
  ///
  /// @param model the best
  /// @param loss its loss on what was learned from, as a whole
  /// @param validation its loss on what was kept apart
  /// @param status why the training ended
  public record Outcome(
      TrainingRun run,
      Model model,
      double loss,
      Optional<EarlyStopping.Best> validation,
      Status status,
      Optional<Diagnosis> diagnosis) {
    /// Whether it was told to stop.
    public boolean cancelled() {
      return status.reason() == Status.Reason.CANCELLED;
    }
  }

  /// @throws org.flowline.neuralode.data.DataException if there is too little to learn from or to
  ///     validate by
  public static TrainingRun prepared(
      TrainingOptions options, Measurements measured, boolean diagnostics) {
    LearningOptions learning = options.learning();
    Optional<Measurements.Split> split =
        learning.validates()
            ? Optional.of(learning.split(measured, options.seed()))
            : Optional.empty();
    Measurements training = split.map(Measurements.Split::training).orElse(measured);
    FitConfig recipe = options.recipe(options.untrained(training), training);
    Optional<Measurements> judging = split.map(Measurements.Split::validation);
    if (recipe.hasBatches() && judging.isEmpty()) {
      judging = Optional.of(training);
    }
    return new TrainingRun(
        options,
        measured,
        split.map(Measurements.Split::validation),
        recipe,
        judging.map(by -> judge(recipe, by, learning)),
        diagnostics);
  }

  private static EarlyStopping judge(FitConfig recipe, Measurements by, LearningOptions learning) {
    return EarlyStopping.of(recipe.loss(by))
        .withEvery(learning.validateEvery())
        .withPatience(learning.patience(), recipe.wholeFrom());
  }

  /// Trains, from the beginning or from where it stopped.
  ///
  /// @param shown what shows how it goes, once the metrics are those of what was before
  public Outcome train(
      Metrics metrics,
      Trainer.Checkpoints checkpoints,
      Optional<TrainingFile> from,
      Supplier<Progress> shown) {
    int iterations = recipe.iterations();
    FitConfig.Descended descended = recipe.descended();
    from.map(file -> file.more().get("judge"))
        .ifPresent(state -> judge.ifPresent(judging -> judging.restoreState(state)));
    metrics.begin(
        iterations,
        new Metrics.Source(
            descended::evaluations,
            () -> judge.map(EarlyStopping::last).orElse(Double.NaN),
            options.descent().rates(iterations, options.learning().pace(recipe.course())),
            descended::part),
        from.map(file -> file.more().get("metrics")).orElse(new double[0]));
    Trainer trainer = Trainer.of(descended.loss(), recipe.optimizer());
    Optional<Diagnosis> diagnosis =
        diagnosed
            ? Optional.of(
                Diagnosis.of(
                    metrics.iterations(),
                    descended.loss(),
                    recipe.whole().descended().loss(),
                    recipe.optimizer(),
                    iterations))
            : Optional.empty();
    for (StepObserver observer : diagnosis.map(Diagnosis::observers).orElse(List.of())) {
      trainer = trainer.withStepObserver(observer);
    }
    if (judge.isPresent()) {
      trainer = trainer.withEarlyStopping(judge.get());
    }
    try (Progress progress = shown.get()) {
      Trainer ready =
          trainer
              .withObserver(metrics)
              .withObserver(progress)
              .withSlowdowns(options.descent().retries())
              .withCheckpoints(checkpoints);
      Trainer.Result result =
          from.map(file -> ready.resume(file.state(), iterations))
              .orElseGet(() -> ready.train(recipe.untrained().theta(), iterations));
      return outcome(result, metrics.iterations(), diagnosis);
    }
  }

  private Outcome outcome(Trainer.Result result, long made, Optional<Diagnosis> diagnosis) {
    if (result.status().succeeded()) {
      judge.ifPresent(judging -> judging.validate(made, result.last()));
    }
    Optional<EarlyStopping.Best> best = judge.flatMap(EarlyStopping::best);
    double[] theta = best.map(EarlyStopping.Best::theta).orElse(result.theta());
    return new Outcome(
        this,
        recipe.untrained().with(theta),
        best.isPresent() ? recipe.loss(recipe.measured()).loss(0, theta) : result.loss(),
        best.filter(_ -> options.learning().validates()),
        result.status(),
        diagnosis);
  }
}
