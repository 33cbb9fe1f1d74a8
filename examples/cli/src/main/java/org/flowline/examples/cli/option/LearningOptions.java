package org.flowline.examples.cli.option;

import java.util.Optional;
import org.flowline.examples.cli.fit.FitConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` for curriculum, batches and validation.
public final class LearningOptions {

  /// The kinds of validation data.
  public enum Apart {
    TIME,
    TRAJECTORY;

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @Option(names = "--horizon", paramLabel = "SHARE")
  private Double horizon;

  @Option(names = "--segments", paramLabel = "N")
  private Integer segments;

  @Option(names = "--whole-after", paramLabel = "SHARE", defaultValue = "0.6")
  private double wholeAfter;

  @Option(names = "--batch", paramLabel = "N")
  private Integer batch;

  @Option(names = "--validation", paramLabel = "SHARE")
  private Double validation;

  @Option(names = "--validate-by", paramLabel = "SPLIT", defaultValue = "time")
  private Apart validateBy;

  @Option(names = "--validate-every", paramLabel = "N", defaultValue = "10")
  private int validateEvery;

  @Option(names = "--patience", paramLabel = "N")
  private Integer patience;

  void require(CommandSpec spec) {
    CommandWords.requireWithin(spec, "--horizon", horizon, 0, 1);
    CommandWords.requireWithin(spec, "--segments", segments, 1, 100_000);
    if (horizon != null && segments != null && segments > 1) {
      throw CommandWords.wrong(
          spec, "--horizon: segments span all of the data; leave one of them out");
    }
    CommandWords.requireWithin(spec, "--whole-after", wholeAfter, 0.01, 1);
    CommandWords.requirePositive(spec, "--batch", batch);
    CommandWords.requireWithin(spec, "--validation", validation, 0.01, 0.9);
    CommandWords.requirePositive(spec, "--validate-every", validateEvery);
    CommandWords.requirePositive(spec, "--patience", patience);
    if (patience != null && validation == null) {
      throw CommandWords.wrong(
          spec, "--patience: there are no validation data; want --validation, too");
    }
  }

  boolean hasBatches() {
    return batch != null;
  }

  FitConfig.Learning learning() {
    long waits = patience == null ? Long.MAX_VALUE : patience;
    return new FitConfig.Learning(
        horizon == null && segments == null,
        segments == null ? 1 : segments,
        horizon == null ? FitConfig.Learning.GROWING_HORIZON.horizon() : horizon,
        wholeAfter,
        batch == null ? Integer.MAX_VALUE : batch,
        validateEvery,
        Optional.ofNullable(validation)
            .map(share -> new FitConfig.Holdout(share, validateBy == Apart.TRAJECTORY, waits)));
  }
}
