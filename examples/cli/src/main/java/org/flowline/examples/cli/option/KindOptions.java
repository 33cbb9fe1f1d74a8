package org.flowline.examples.cli.option;

import java.util.Collections;
import java.util.Locale;
import org.flowline.examples.cli.CommandWords;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.nn.Activation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options of `train` that say which kind of model it is.
public final class KindOptions {
  private static final int MOST_EXTRA = 1000;
  private static final int LARGEST = 10_000;

  /// A training keeps some twenty times as many numbers.
  private static final long MOST_WEIGHTS = 4_000_000;

  /// What lies between the layers.
  public enum Nonlinearity {
    TANH(Activation.TANH),
    SIGMOID(Activation.SIGMOID),
    SOFTPLUS(Activation.SOFTPLUS),
    RELU(Activation.RELU),
    SIN(Activation.SIN);

    private final Activation activation;

    Nonlinearity(Activation activation) {
      this.activation = activation;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = "16",
      description = "Units of a hidden layer (default ${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "1",
      description = "Hidden layers (default ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--activation",
      paramLabel = "ACTIVATION",
      defaultValue = "tanh",
      description = "tanh, sigmoid, softplus, relu or sin (default ${DEFAULT-VALUE}).")
  private Nonlinearity activation;

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
    CommandWords.requireWithin(spec, "--width", width, 1, LARGEST);
    CommandWords.requireWithin(spec, "--depth", depth, 1, 16);
    CommandWords.requireWithin(spec, "--augment", augment, 0, MOST_EXTRA);
    long weights = (depth - 1L) * width * width;
    if (weights > MOST_WEIGHTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--width %d, --depth %d: %d weights between hidden layers; want %d or fewer"
              .formatted(width, depth, weights, MOST_WEIGHTS));
    }
  }

  Architecture architecture() {
    Architecture plain = new Architecture(Collections.nCopies(depth, width), activation.activation);
    Architecture sized = plain.withAugment(augment).withOrder(secondOrder ? 2 : 1);
    return timeDependent ? sized.withTime() : sized;
  }
}
