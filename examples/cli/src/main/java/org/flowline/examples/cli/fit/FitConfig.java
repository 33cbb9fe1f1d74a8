package org.flowline.examples.cli.fit;

import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;

/// How `train` fits a model.
///
/// @param measured what it learns from
/// @param course in which stages
/// @param batch how many trajectories, or pieces of them, an iteration sees
/// @param seed of their order
public record FitConfig(
    Model untrained,
    Measurements measured,
    GradientMethod gradient,
    Optimizer optimizer,
    int iterations,
    CurriculumPlan course,
    int batch,
    long seed) {

  /// A horizon that grows over the first part of the training, and all trajectories at once.
  public static FitConfig usual(
      Model untrained,
      Measurements measured,
      GradientMethod gradient,
      Optimizer optimizer,
      int iterations) {
    CurriculumPlan course = new CurriculumPlan(1, 0.15, 0.6);
    return new FitConfig(
        untrained, measured, gradient, optimizer, iterations, course, Integer.MAX_VALUE, 0);
  }

  /// The loss that is descended, stage by stage, and what it has cost.
  static final class Descended {
    private final FitConfig recipe;
    private final Curriculum loss;
    private TrajectoriesObjective current;
    private int stage;

    private Descended(FitConfig recipe) {
      this.recipe = recipe;
      double end = recipe.optimizer.interval() * recipe.iterations;
      DoubleToIntFunction stage = tau -> recipe.course.stage(tau / end, recipe.measured);
      this.loss = Curriculum.of(stage, this::begin);
    }

    private TwiceDifferentiableObjective begin(int stage) {
      this.stage = stage;
      current = recipe.loss(recipe.course.at(stage, recipe.measured));
      return recipe.batch < current.size() ? recipe.batches(current) : current;
    }

    Curriculum loss() {
      return loss;
    }

    /// What the loss is of; nothing where trajectories are whole.
    String part() {
      return recipe.course.words(stage, recipe.measured);
    }

    /// Evaluations of the field and its pullback so far.
    long evaluations() {
      return loss.costs().evaluations() + loss.costs().pullbacks();
    }
  }

  Descended descended() {
    return new Descended(this);
  }

  /// The same loss, not in batches.
  FitConfig whole() {
    return new FitConfig(
        untrained, measured, gradient, optimizer, iterations, course, Integer.MAX_VALUE, seed);
  }

  private MiniBatches batches(TrajectoriesObjective all) {
    return MiniBatches.of(all.dimension(), all.size(), all)
        .withSize(batch, optimizer.interval())
        .withSeed(seed);
  }

  /// The loss on these, as a whole.
  TrajectoriesObjective loss(Measurements measured) {
    return TrajectoriesObjective.of(untrained, measured, gradient);
  }

  /// The iteration from which on trajectories are whole.
  long wholeFrom() {
    return course.changes(measured) ? (long) Math.ceil(course.whole() * iterations) : 0;
  }

  /// How losses of different iterations compare, where they are not of the same.
  Optional<String> stages() {
    if (!course.changes(measured)) {
      return Optional.empty();
    }
    String part =
        course.pieces() > 1
            ? "over pieces of trajectories, which are joined two by two, so that it jumps"
            : "over the first part of each trajectory, which grows";
    return Optional.of(
        String.format(Locale.ROOT, "Until iteration %,d it is %s.", wholeFrom(), part));
  }

  /// Whether an iteration sees less than all there is at its stage.
  ///
  /// @throws DataException if batches are asked for, of what is not more than one of them
  boolean hasBatches() {
    int size = course.at(course.stage(0, measured), measured).experiments().size();
    if (batch < Integer.MAX_VALUE && batch >= size) {
      throw new DataException(
          "--batch %d of %d to learn from; want fewer, or more --segments".formatted(batch, size));
    }
    return batch < size;
  }

  /// Trains without further ado.
  public Trainer.Result train() {
    return Trainer.of(descended().loss(), optimizer).train(untrained.theta(), iterations);
  }
}
