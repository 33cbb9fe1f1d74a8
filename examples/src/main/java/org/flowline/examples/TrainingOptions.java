package org.flowline.examples;

import java.util.Collections;
import java.util.Locale;
import java.util.SplittableRandom;
import org.flowline.neuralode.Backsolve;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.GradientMethod;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.ButcherTableau;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` that say what is trained, and how.
final class TrainingOptions {
  private static final int LARGEST = 10_000;

  /// How gradients are computed.
  enum Gradient {
    DISCRETE,
    BACKSOLVE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which optimiser descends.
  enum Descent {
    ADAM(0.01),
    HEAVY_BALL(0.005),
    GRADIENT_DESCENT(0.05);

    private final double usualRate;

    Descent(double usualRate) {
      this.usualRate = usualRate;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// What lies between the layers.
  enum Nonlinearity {
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

  /// What solves the model while it is trained.
  enum Solver {
    TSIT5(Methods.TSIT5),
    DOPRI5(Methods.DOPRI5);

    private final ButcherTableau method;

    Solver(ButcherTableau method) {
      this.method = method;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
      paramLabel = "NAME",
      defaultValue = "tanh",
      description = "tanh, sigmoid, softplus, relu or sin (default ${DEFAULT-VALUE}).")
  private Nonlinearity activation;

  @Option(
      names = "--solver",
      paramLabel = "METHOD",
      defaultValue = "tsit5",
      description = "What solves the model in training: tsit5 or dopri5; default ${DEFAULT-VALUE}.")
  private Solver solver;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "1e-5",
      description =
          "Its relative tolerance; the absolute one is a tenth (default ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--gradient",
      paramLabel = "METHOD",
      defaultValue = "discrete",
      description = "discrete (exact) or backsolve (O(1) memory); default ${DEFAULT-VALUE}.")
  private Gradient gradient;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam, heavy-ball or gradient-descent (default ${DEFAULT-VALUE}).")
  private Descent optimizer;

  @Option(
      names = "--rate",
      paramLabel = "ETA",
      description = "Learning rate (default: 0.01 with adam, 0.005 with heavy-ball, 0.05 else).")
  private Double rate;

  @Option(
      names = "--weight-decay",
      paramLabel = "LAMBDA",
      description = "Decoupled decay of the weights (default: none).")
  private Double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "C",
      description = "The longest a gradient may be (default: any).")
  private Double clip;

  @Option(
      names = "--retries",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Where the loss cannot be computed, go back a step and make it in halves, quarters, …, so"
              + " many times (default ${DEFAULT-VALUE}).")
  private int retries;

  /// @throws picocli.CommandLine.ParameterException if a number is out of its range
  void require(CommandSpec spec) {
    CommandWords.requirePositive(spec, "--iterations", iterations);
    CommandWords.requirePositive(spec, "--rate", rate());
    CommandWords.requireWithin(spec, "--width", width, 1, LARGEST);
    CommandWords.requireWithin(spec, "--depth", depth, 1, 16);
    CommandWords.requireWithin(spec, "--retries", retries, 0, 30);
    CommandWords.requireWithin(spec, "--tolerance", tolerance, 1e-14, 0.1);
    if (weightDecay != null) {
      CommandWords.requireWithin(spec, "--weight-decay", weightDecay, 0, Double.MAX_VALUE);
    }
    if (clip != null) {
      CommandWords.requirePositive(spec, "--clip", clip);
    }
  }

  int iterations() {
    return iterations;
  }

  int retries() {
    return retries;
  }

  double rate() {
    return rate != null ? rate : optimizer.usualRate;
  }

  long seed() {
    return seed;
  }

  Model untrained(TimeSeries series) {
    return Model.untrained(
        series,
        Collections.nCopies(depth, width),
        activation.activation,
        new SplittableRandom(seed));
  }

  GradientMethod gradientMethod() {
    Integrator integrator =
        Integrator.of(solver.method, StepSize.Adaptive.of(tolerance, tolerance / 10));
    return switch (gradient) {
      case DISCRETE -> new DiscreteAdjoint(integrator);
      case BACKSOLVE -> new Backsolve(integrator);
    };
  }

  Gradient gradient() {
    return gradient;
  }

  Optimizer optimizer() {
    Optimizer plain =
        switch (optimizer) {
          case ADAM -> Optimizer.adam(rate());
          case HEAVY_BALL -> Optimizer.heavyBall(rate(), 0.9);
          case GRADIENT_DESCENT -> Optimizer.gradientDescent(rate());
        };
    Optimizer clipped = clip == null ? plain : plain.withClipping(clip);
    return weightDecay == null ? clipped : clipped.withWeightDecay(weightDecay);
  }
}
