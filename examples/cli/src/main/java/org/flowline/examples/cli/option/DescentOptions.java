package org.flowline.examples.cli.option;

import java.util.function.LongToDoubleFunction;
import org.flowline.examples.cli.CommandWords;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` that say how the loss is descended.
public final class DescentOptions {
  private static final double MOMENTUM = 0.9;
  /// With as many steps as there may be, training time neither vanishes nor overflows.
  private static final double LEAST_RATE = 1e-100;

  private static final double ADAPTIVE_TOLERANCE = 1e-3;

  /// What part of a training warms up.
  private static final double WARM_UP = 0.05;

  /// Which optimiser descends.
  public enum Descent {
    ADAM(0.01),
    ADAMW(0.01),
    RMSPROP(0.003),
    NESTEROV(0.005),
    HEAVY_BALL(0.005),
    GRADIENT_DESCENT(0.05),
    ADAPTIVE(0.05),
    PROXIMAL_POINT(0.05),
    DAMPED_NEWTON(0.05);

    private final double usualRate;

    Descent(double usualRate) {
      this.usualRate = usualRate;
    }

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  /// How the learning rate changes.
  public enum Pace {
    CONSTANT,
    COSINE,
    WARM_UP;

    private Schedule schedule(int iterations) {
      return switch (this) {
        case CONSTANT -> Schedule.constant(1);
        case COSINE -> Schedule.cosine(iterations);
        case WARM_UP -> Schedule.warmUp(Math.max(1, (long) (DescentOptions.WARM_UP * iterations)));
      };
    }

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @Option(
      names = "--optimizer",
      paramLabel = "OPTIMIZER",
      defaultValue = "adam",
      description =
          "adam, adamw, rmsprop, nesterov, heavy-ball, gradient-descent, adaptive (gradient flow, steps"
              + " to a tolerance), proximal-point or damped-newton (default ${DEFAULT-VALUE}).")
  private Descent optimizer;

  @Option(
      names = "--rate",
      paramLabel = "ETA",
      description =
          "Learning rate (default: 0.01 with adam and adamw, 0.003 with rmsprop, 0.005 with nesterov and"
              + " heavy-ball, 0.05 else).")
  private Double rate;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      description =
          "How the rate changes: constant, cosine (falls to 0), warm-up (rises over the first twentieth);"
              + " default: constant, of data that oscillate often cosine.")
  private Pace schedule;

  @Option(
      names = "--weight-decay",
      paramLabel = "LAMBDA",
      description = "Decoupled decay of the weights (default: 0.01 with adamw, else none).")
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
          "Where the loss cannot be computed, go back to the best state and on at half the rate, then a"
              + " quarter, …, so many times (default ${DEFAULT-VALUE}).")
  private int retries;

  /// @throws picocli.CommandLine.ParameterException if a number is out of its range
  void require(CommandSpec spec) {
    CommandWords.requirePositive(spec, "--rate", rate());
    CommandWords.requireWithin(spec, "--rate", rate(), LEAST_RATE, 1 / LEAST_RATE);
    CommandWords.requireWithin(spec, "--retries", retries, 0, 30);
    if (weightDecay != null) {
      CommandWords.requireWithin(spec, "--weight-decay", weightDecay, 0, Double.MAX_VALUE);
    }
    if (clip != null) {
      CommandWords.requirePositive(spec, "--clip", clip);
    }
  }

  public int retries() {
    return retries;
  }

  public double rate() {
    return rate != null ? rate : optimizer.usualRate;
  }

  /// Whether steps are as long as a tolerance allows, and there is no rate.
  boolean isAdaptive() {
    return optimizer == Descent.ADAPTIVE;
  }

  private Pace pace(Pace usual) {
    return schedule != null ? schedule : isAdaptive() ? Pace.CONSTANT : usual;
  }

  /// The learning rate of each iteration.
  ///
  /// @param usual how it changes unless it is said
  public LongToDoubleFunction rates(int iterations, Pace usual) {
    Schedule factor = pace(usual).schedule(iterations);
    return iteration -> isAdaptive() ? Double.NaN : rate() * factor.at(iteration);
  }

  Optimizer optimizer(int iterations, Pace usual) {
    Optimizer plain =
        switch (optimizer) {
          case ADAM, ADAMW -> Optimizer.adam(rate());
          case RMSPROP -> Optimizer.rmsprop(rate());
          case NESTEROV -> Optimizer.nesterov(rate(), MOMENTUM);
          case HEAVY_BALL -> Optimizer.heavyBall(rate(), MOMENTUM);
          case GRADIENT_DESCENT -> Optimizer.gradientDescent(rate());
          case ADAPTIVE -> Optimizer.adaptive(rate(), ADAPTIVE_TOLERANCE);
          case PROXIMAL_POINT -> Optimizer.proximalPoint(rate());
          case DAMPED_NEWTON -> Optimizer.dampedNewton(rate());
        };
    Optimizer clipped = clip == null ? plain : plain.withClipping(clip);
    Optimizer decaying = decay() == 0 ? clipped : clipped.withWeightDecay(decay());
    Pace pace = pace(usual);
    return pace == Pace.CONSTANT ? decaying : decaying.withSchedule(pace.schedule(iterations));
  }

  private double decay() {
    if (weightDecay != null) {
      return weightDecay;
    }
    return optimizer == Descent.ADAMW ? 0.01 : 0;
  }
}
