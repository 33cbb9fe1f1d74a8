package org.flowline.examples.cli.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.flowline.examples.cli.CommandWords;
import org.flowline.examples.cli.command.TrainCommand;
import org.flowline.examples.cli.fit.CurriculumPlan;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.model.Model;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of `train` that say what is trained, and how.
public final class TrainingOptions {
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
  public void require(CommandSpec spec) {
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
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    Config.settings(spec, TrainCommand.NOT_KEPT)
        .forEach((name, value) -> settings.put(name, value.toString()));
    return settings;
  }

  public int iterations() {
    return iterations;
  }

  public long seed() {
    return seed;
  }

  public SolveOptions solving() {
    return solving;
  }

  public DescentOptions descent() {
    return descent;
  }

  public LearningOptions learning() {
    return learning;
  }

  public Model untrained(Measurements measured) {
    return Model.untrained(measured, kind.architecture(), new SplittableRandom(seed))
        .with(solving.solver());
  }

  public FitConfig recipe(Model untrained, Measurements training) {
    CurriculumPlan course = learning.course(training);
    return new FitConfig(
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
