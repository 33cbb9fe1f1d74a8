package org.flowline.examples.cli.option;

import org.flowline.examples.cli.CommandWords;
import org.flowline.examples.cli.fit.CurriculumPlan;
import org.flowline.neuralode.data.Measurements;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options of `train` that say what is learned from, when, and what a model is judged by.
public final class LearningOptions {
  private static final double HORIZON = 0.15;

  /// What is kept apart to validate by.
  public enum Apart {
    TIME,
    TRAJECTORY;

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @Option(
      names = "--horizon",
      paramLabel = "SHARE",
      description =
          "Begin with this part of each trajectory and let it grow; 1 for all at once (default: 0.15, of"
              + " data that oscillate often --segments).")
  private Double horizon;

  @Option(
      names = "--segments",
      paramLabel = "N",
      description =
          "Multiple shooting: begin with each trajectory in N pieces, which start where it was measured, and join them two by"
              + " two (default: a piece for a period where there are many, else 1).")
  private Integer segments;

  @Option(
      names = "--whole-after",
      paramLabel = "SHARE",
      defaultValue = "0.6",
      description =
          "The part of the training after which trajectories are whole (default ${DEFAULT-VALUE}).")
  private double wholeAfter;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Trajectories or segments per iteration (default: all).")
  private Integer batch;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description =
          "Learn from the rest, and keep the model that is best on this part of the data.")
  private Double validation;

  @Option(
      names = "--validate-by",
      paramLabel = "WHICH",
      defaultValue = "time",
      description =
          "That part: the last of each trajectory's time, or whole trajectories, drawn by --seed: time or"
              + " trajectory (default ${DEFAULT-VALUE}).")
  private Apart validateBy;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      defaultValue = "10",
      description = "Iterations after which it is asked (default ${DEFAULT-VALUE}).")
  private int validateEvery;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "End after so many iterations without a better model, trajectories being whole (default: never).")
  private Integer patience;

  /// @throws ParameterException if a number is out of its range, or two do not go together
  void require(CommandSpec spec) {
    if (horizon != null) {
      CommandWords.requireWithin(spec, "--horizon", horizon, 0, 1);
    }
    if (segments != null) {
      CommandWords.requireWithin(spec, "--segments", segments, 1, 100_000);
      if (horizon != null && segments > 1) {
        throw new ParameterException(
            spec.commandLine(), "--horizon: segments span all of the data; leave one of them out");
      }
    }
    CommandWords.requireWithin(spec, "--whole-after", wholeAfter, 0.01, 1);
    if (batch != null) {
      CommandWords.requirePositive(spec, "--batch", batch);
    }
    if (validation != null) {
      CommandWords.requireWithin(spec, "--validation", validation, 0.01, 0.9);
    }
    CommandWords.requirePositive(spec, "--validate-every", validateEvery);
    if (patience != null) {
      CommandWords.requirePositive(spec, "--patience", patience);
      if (validation == null) {
        throw new ParameterException(
            spec.commandLine(), "--patience: with nothing to validate by; want --validation, too");
      }
    }
  }

  public boolean validates() {
    return validation != null;
  }

  /// @throws org.flowline.neuralode.data.DataException if too little is left for one of them
  public Measurements.Split split(Measurements all, long seed) {
    return switch (validateBy) {
      case TIME -> all.splitByTime(1 - validation);
      case TRAJECTORY -> all.splitByTrajectory(1 - validation, seed);
    };
  }

  CurriculumPlan course(Measurements training) {
    double first = horizon == null ? HORIZON : horizon;
    return horizon == null && segments == null
        ? CurriculumPlan.suited(training, first, wholeAfter)
        : new CurriculumPlan(segments == null ? 1 : segments, first, wholeAfter);
  }

  /// How the rate changes unless it is said: it falls for what oscillates often, since joining many
  /// pieces upsets what was learned.
  public DescentOptions.Pace pace(CurriculumPlan course) {
    return segments == null && course.pieces() > 1
        ? DescentOptions.Pace.COSINE
        : DescentOptions.Pace.CONSTANT;
  }

  /// How many in a batch; all without one.
  int batch() {
    return batch == null ? Integer.MAX_VALUE : batch;
  }

  public int validateEvery() {
    return validateEvery;
  }

  public long patience() {
    return patience == null ? Long.MAX_VALUE : patience;
  }
}
