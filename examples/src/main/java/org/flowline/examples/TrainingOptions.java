package org.flowline.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.Measurements;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of `train` that say what is trained, and how.
final class TrainingOptions {
  @Mixin private KindOptions kind;
  @Mixin private SolveOptions solving;
  @Mixin private DescentOptions descent;
  @Mixin private LearningOptions learning;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "3500",
      description = "Training iterations (default ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the initial weights (default ${DEFAULT-VALUE}).")
  private long seed;

  /// @throws picocli.CommandLine.ParameterException if a number is out of its range
  void require(CommandSpec spec) {
    CommandWords.requirePositive(spec, "--iterations", iterations);
    kind.require(spec);
    solving.require(spec);
    descent.require(spec);
    learning.require(spec);
    if (descent.isAdaptive() && learning.batch() < Integer.MAX_VALUE) {
      throw new ParameterException(
          spec.commandLine(),
          "--batch: adaptive steps are as long as a tolerance allows, whatever the batch; want another"
              + " --optimizer");
    }
  }

  /// All settings of the command, by name: what a model remembers of its training.
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    Config.settings(spec, TrainCommand.NOT_KEPT)
        .forEach((name, value) -> settings.put(name, value.toString()));
    return settings;
  }

  int iterations() {
    return iterations;
  }

  long seed() {
    return seed;
  }

  SolveOptions solving() {
    return solving;
  }

  DescentOptions descent() {
    return descent;
  }

  LearningOptions learning() {
    return learning;
  }

  Model untrained(Measurements measured) {
    return Model.untrained(measured, kind.architecture(), new SplittableRandom(seed))
        .with(solving.solver());
  }

  Recipe recipe(Model untrained, Measurements training) {
    Course course = learning.course(training);
    return new Recipe(
        untrained,
        training,
        solving.method(),
        descent.optimizer(iterations, learning.pace(course)),
        iterations,
        course,
        learning.batch(),
        seed);
  }
}
