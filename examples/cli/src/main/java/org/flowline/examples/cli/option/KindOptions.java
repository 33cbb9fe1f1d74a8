package org.flowline.examples.cli.option;

import java.util.Collections;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.nn.Activation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` for the kind of model.
public final class KindOptions {
  private static final int MOST_AUGMENTED = 1000;
  private static final int WIDEST = 10_000;
  private static final int DEEPEST = 16;

  /// Training stores about twenty times as many numbers.
  private static final long MOST_WEIGHTS = 4_000_000;

  /// The activation functions.
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
      return Choice.word(this);
    }
  }

  @Option(names = "--width", paramLabel = "N", defaultValue = "16")
  private int width;

  @Option(names = "--depth", paramLabel = "N", defaultValue = "1")
  private int depth;

  @Option(names = "--activation", paramLabel = "ACTIVATION", defaultValue = "tanh")
  private Nonlinearity activation;

  @Option(names = "--augment", paramLabel = "N", defaultValue = "0")
  private int augment;

  @Option(names = "--time-dependent")
  private boolean timeDependent;

  @Option(names = "--second-order")
  private boolean secondOrder;

  void require(CommandSpec spec) {
    CommandWords.requireWithin(spec, "--width", width, 1, WIDEST);
    CommandWords.requireWithin(spec, "--depth", depth, 1, DEEPEST);
    CommandWords.requireWithin(spec, "--augment", augment, 0, MOST_AUGMENTED);
    long weights = (depth - 1L) * width * width;
    if (weights > MOST_WEIGHTS) {
      throw CommandWords.wrong(
          spec,
          "--width %d, --depth %d: %d weights between hidden layers; want %d or fewer",
          width,
          depth,
          weights,
          MOST_WEIGHTS);
    }
  }

  Architecture architecture() {
    Architecture plain = new Architecture(Collections.nCopies(depth, width), activation.activation);
    Architecture sized = plain.withAugment(augment).withOrder(secondOrder ? 2 : 1);
    return timeDependent ? sized.withTime() : sized;
  }
}
