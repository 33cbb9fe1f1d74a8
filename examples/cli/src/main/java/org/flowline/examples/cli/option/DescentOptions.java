package org.flowline.examples.cli.option;

import java.util.Optional;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.neuralode.training.Optimizer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `train` for the optimiser.
public final class DescentOptions {
  private static final double MOMENTUM = 0.9;
  private static final double ADAPTIVE_TOLERANCE = 1e-3;

  /// The smallest rate: training time neither underflows nor, with its inverse, overflows.
  private static final double LEAST_RATE = 1e-100;

  /// The optimisers.
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

    private final double rate;

    Descent(double rate) {
      this.rate = rate;
    }

    private Optimizer at(double rate) {
      return switch (this) {
        case ADAM, ADAMW -> Optimizer.adam(rate);
        case RMSPROP -> Optimizer.rmsprop(rate);
        case NESTEROV -> Optimizer.nesterov(rate, MOMENTUM);
        case HEAVY_BALL -> Optimizer.heavyBall(rate, MOMENTUM);
        case GRADIENT_DESCENT -> Optimizer.gradientDescent(rate);
        case ADAPTIVE -> Optimizer.adaptive(rate, ADAPTIVE_TOLERANCE);
        case PROXIMAL_POINT -> Optimizer.proximalPoint(rate);
        case DAMPED_NEWTON -> Optimizer.dampedNewton(rate);
      };
    }

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @Option(names = "--optimizer", paramLabel = "OPTIMIZER", defaultValue = "adam")
  private Descent optimizer;

  @Option(names = "--rate", paramLabel = "ETA")
  private Double rate;

  @Option(names = "--schedule", paramLabel = "SCHEDULE")
  private FitConfig.RateSchedule schedule;

  @Option(names = "--weight-decay", paramLabel = "LAMBDA")
  private Double weightDecay;

  @Option(names = "--clip", paramLabel = "C")
  private Double clip;

  @Option(names = "--retries", paramLabel = "N", defaultValue = "4")
  private int retries;

  void require(CommandSpec spec) {
    CommandWords.requirePositive(spec, "--rate", rate());
    CommandWords.requireWithin(spec, "--rate", rate(), LEAST_RATE, 1 / LEAST_RATE);
    CommandWords.requireWithin(spec, "--retries", retries, 0, 30);
    CommandWords.requireWithin(spec, "--weight-decay", weightDecay, 0, Double.MAX_VALUE);
    CommandWords.requirePositive(spec, "--clip", clip);
  }

  /// Returns the learning rate; for adaptive steps the interval of training time per iteration.
  public double rate() {
    return rate != null ? rate : optimizer.rate;
  }

  boolean isAdaptive() {
    return optimizer == Descent.ADAPTIVE;
  }

  FitConfig.Descent descent() {
    Optimizer plain = optimizer.at(rate());
    Optimizer clipped = clip == null ? plain : plain.withClipping(clip);
    double decay = weightDecay != null ? weightDecay : optimizer == Descent.ADAMW ? 0.01 : 0;
    return new FitConfig.Descent(
        decay == 0 ? clipped : clipped.withWeightDecay(decay),
        isAdaptive() ? Double.NaN : rate(),
        Optional.ofNullable(schedule),
        retries);
  }
}
