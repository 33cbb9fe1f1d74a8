package org.flowline.examples.cli.fit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrainingFile;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepObserver;

/// A training run. The data are scaled and the objective of every stage is built before the first
/// iteration.
public final class TrainingRun {
  final FitConfig config;
  final Measurements training;
  final Optional<Measurements> heldOut;
  final CurriculumPlan plan;
  final Optimizer optimizer;

  /// A few iterations on parts of the data may raise the loss on all of them, though less.
  private static final double DIVERGED = 2;

  private final Model untrained;
  private final TrajectoriesObjective whole;
  private final Curriculum loss;
  private final Optional<EarlyStopping> earlyStopping;
  private int stage;

  /// The result of a training.
  ///
  /// @param model with the best parameters
  /// @param loss on the training data, trajectories whole
  /// @param validation the loss on the held-out data; empty without any
  /// @param status of the end
  /// @param diverged whether the training made all of its iterations, or stopped early, far above
  ///     the loss of the untrained model
  public record Outcome(
      TrainingRun run,
      Model model,
      double loss,
      Optional<EarlyStopping.Best> validation,
      Status status,
      boolean diverged,
      Optional<Diagnosis> diagnosis) {
    /// Returns whether the training was stopped by a signal or by early stopping.
    public boolean cancelled() {
      return status.reason() == Reason.CANCELLED;
    }
  }

  /// Prepares a training on these data.
  ///
  /// @throws DataException if a part of a split or of a batch has too few data
  public TrainingRun(FitConfig config, Measurements all) {
    FitConfig.Learning learning = config.learning();
    Optional<Measurements.Split> split =
        learning.validation().map(holdout -> split(all, holdout, config.seed()));
    this.config = config;
    this.training = split.map(Measurements.Split::training).orElse(all);
    this.heldOut = split.map(Measurements.Split::validation);
    this.untrained =
        Model.untrained(training, config.architecture(), new SplittableRandom(config.seed()))
            .with(config.solver());
    this.plan = CurriculumPlan.of(learning, training);
    FitConfig.RateSchedule schedule = config.descent().schedule(plan);
    Optimizer constant = config.descent().optimizer();
    this.optimizer =
        schedule == FitConfig.RateSchedule.CONSTANT
            ? constant
            : constant.withSchedule(schedule.over(config.iterations()));
    this.whole = TrajectoriesObjective.of(untrained, training, config.gradient());
    requireBatch(learning.batch(), plan.cut(whole, plan.stage(0)).size());
    this.loss = curriculum(learning.batch(), number -> stage = number);
    this.earlyStopping =
        heldOut
            .map(data -> TrajectoriesObjective.of(untrained, data, config.gradient()))
            .or(() -> Optional.of(whole).filter(_ -> loss.varies()))
            .map(this::validation);
  }

  private static Measurements.Split split(Measurements all, FitConfig.Holdout holdout, long seed) {
    return holdout.byTrajectory()
        ? all.splitByTrajectory(1 - holdout.share(), seed)
        : all.splitByTime(1 - holdout.share());
  }

  private static void requireBatch(int batch, int size) {
    if (batch < Integer.MAX_VALUE && batch >= size) {
      throw new DataException(
          "--batch %d of %d to learn from; want fewer, or more --segments".formatted(batch, size));
    }
  }

  private Curriculum curriculum(int batch, IntConsumer begun) {
    Map<Integer, TwiceDifferentiableObjective> stages = new HashMap<>();
    for (int number : plan.stages()) {
      TrajectoriesObjective part = plan.cut(whole, number);
      stages.put(
          number,
          batch >= part.size()
              ? part
              : MiniBatches.of(part.size(), part::batch)
                  .withSize(batch, optimizer.interval())
                  .withSeed(config.seed()));
    }
    double end = optimizer.interval() * config.iterations();
    return Curriculum.of(
        tau -> plan.stage(tau / end),
        number -> {
          begun.accept(number);
          return stages.get(number);
        });
  }

  private EarlyStopping validation(TrajectoriesObjective data) {
    long patience =
        config.learning().validation().map(FitConfig.Holdout::patience).orElse(Long.MAX_VALUE);
    return EarlyStopping.of(data)
        .withEvery(config.learning().validateEvery())
        .withPatience(patience, plan.wholeFrom(config.iterations()));
  }

  /// Trains without observers.
  public Model train() {
    Trainer.Result result =
        Trainer.of(loss, optimizer).train(untrained.theta(), config.iterations());
    return untrained.with(result.theta());
  }

  /// Trains, from the start or from a checkpoint.
  ///
  /// @param from the checkpoint
  /// @param diagnosed whether to follow sharpness, energy and costs
  /// @param display shown after the metrics of the checkpoint are restored
  public Outcome train(
      Metrics metrics,
      Trainer.Checkpoints checkpoints,
      Optional<TrainingFile> from,
      boolean diagnosed,
      Supplier<Progress> display) {
    int iterations = config.iterations();
    from.map(file -> file.more().get("judge"))
        .ifPresent(state -> earlyStopping.ifPresent(stopping -> stopping.restoreState(state)));
    metrics.begin(
        iterations,
        new Metrics.Source(loss, earlyStopping, rates(), () -> plan.words(stage)),
        from.map(file -> file.more().get("metrics")).orElse(new double[0]));
    Optional<Diagnosis> diagnosis = Optional.empty();
    if (diagnosed) {
      Curriculum watched = curriculum(Integer.MAX_VALUE, _ -> {}); // no batches, costs of its own
      diagnosis =
          Optional.of(Diagnosis.of(metrics.iterations(), loss, watched, optimizer, iterations));
    }
    try (Progress progress = display.get()) {
      Trainer trainer =
          Trainer.of(loss, optimizer)
              .withSlowdowns(config.descent().slowdowns())
              .withCheckpoints(checkpoints);
      for (StepObserver observer : diagnosis.map(Diagnosis::observers).orElse(List.of())) {
        trainer = trainer.withStepObserver(observer);
      }
      if (earlyStopping.isPresent()) {
        trainer = trainer.withEarlyStopping(earlyStopping.get());
      }
      trainer = trainer.withObserver(metrics).withObserver(progress);
      Trainer.Result result =
          from.isPresent()
              ? trainer.resume(from.get().state(), iterations)
              : trainer.train(untrained.theta(), iterations);
      return outcome(result, metrics.iterations(), diagnosis);
    }
  }

  private LongToDoubleFunction rates() {
    FitConfig.Descent descent = config.descent();
    var factor = descent.schedule(plan).over(config.iterations());
    return iteration -> descent.rate() * factor.at(iteration);
  }

  private Outcome outcome(Trainer.Result result, long made, Optional<Diagnosis> diagnosis) {
    if (result.status().succeeded()) {
      earlyStopping.ifPresent(stopping -> stopping.validate(made, result.last()));
    }
    Optional<EarlyStopping.Best> best = earlyStopping.flatMap(EarlyStopping::best);
    double[] theta = best.map(EarlyStopping.Best::theta).orElse(result.theta());
    double loss = best.isPresent() ? whole.loss(0, theta) : result.loss();
    boolean ended = result.status().succeeded() || result.status().reason() == Reason.CANCELLED;
    boolean diverged = ended && diverged(whole, untrained.theta(), result.last());
    double first = diverged ? whole.loss(0, untrained.theta()) : Double.NaN;
    boolean none = first < loss; // of the iterations lowered the loss
    return new Outcome(
        this,
        none ? untrained : untrained.with(theta),
        none ? first : loss,
        best.filter(_ -> heldOut.isPresent()),
        result.status(),
        diverged,
        diagnosis);
  }

  /// Returns whether the loss at `last` is above [#DIVERGED] times the loss at `first`.
  static boolean diverged(Objective loss, double[] first, double[] last) {
    double end = loss.loss(0, last);
    return !Double.isFinite(end) || end > DIVERGED * loss.loss(0, first);
  }

  /// Returns the observer that keeps the parameters with the lowest validation loss.
  public Optional<EarlyStopping> earlyStopping() {
    return earlyStopping;
  }
}
