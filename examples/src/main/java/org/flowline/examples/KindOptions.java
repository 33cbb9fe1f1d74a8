package org.flowline.examples;

import org.flowline.neuralode.Architecture;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` that say which kind of model it is.
final class KindOptions {
  private static final int MOST_EXTRA = 1000;

  @Option(
      names = "--augment",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Further components that nobody measures and that start at 0 (default ${DEFAULT-VALUE}).")
  private int augment;

  @Option(names = "--time-dependent", description = "The field sees the time, too.")
  private boolean timeDependent;

  @Option(
      names = "--second-order",
      description =
          "Learn accelerations, which see the velocities, too; those at the start are learned as an"
              + " affine function of the state there.")
  private boolean secondOrder;

  /// @throws picocli.CommandLine.ParameterException if a number is out of its range
  void require(CommandSpec spec) {
    CommandWords.requireWithin(spec, "--augment", augment, 0, MOST_EXTRA);
  }

  /// Of this kind.
  Architecture of(Architecture plain) {
    Architecture sized = plain.withAugment(augment).withOrder(secondOrder ? 2 : 1);
    return timeDependent ? sized.withTime() : sized;
  }
}
