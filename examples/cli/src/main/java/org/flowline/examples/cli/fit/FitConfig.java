package org.flowline.examples.cli.fit;

import java.util.Locale;
import java.util.Optional;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;

/// The settings of a training run.
///
/// @param architecture of the model
/// @param solver the trained model is solved with
/// @param gradient method, with the solver of the training
/// @param seed of the initial weights, the order of batches and the choice of validation data
public record FitConfig(
    Architecture architecture,
    Model.Solver solver,
    GradientMethod gradient,
    Descent descent,
    Learning learning,
    int iterations,
    long seed) {

  /// The optimiser and its learning rate.
  ///
  /// @param optimizer at a constant learning rate
  /// @param rate the learning rate; NaN where a tolerance chooses the steps
  /// @param schedule of the rate; empty for the one that suits the curriculum
  /// @param slowdowns how often the rate is halved after a divergence
  public record Descent(
      Optimizer optimizer, double rate, Optional<RateSchedule> schedule, int slowdowns) {

    /// A constant learning rate without slowdowns.
    public static Descent of(Optimizer optimizer, double rate) {
      return new Descent(optimizer, rate, Optional.of(RateSchedule.CONSTANT), 0);
    }

    /// The schedule; for multiple shooting by default cosine, since joining pieces disturbs a fit.
    RateSchedule schedule(CurriculumPlan plan) {
      return schedule.orElse(
          !Double.isNaN(rate) && plan.automatic() && plan.pieces() > 1
              ? RateSchedule.COSINE
              : RateSchedule.CONSTANT);
    }
  }

  /// The learning rate schedules.
  public enum RateSchedule {
    CONSTANT,
    COSINE,
    WARM_UP;

    Schedule over(int iterations) {
      return switch (this) {
        case CONSTANT -> Schedule.constant(1);
        case COSINE -> Schedule.cosine(iterations);
        case WARM_UP -> Schedule.warmUp(Math.max(1, iterations / 20));
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// The curriculum, the batches and the validation.
  ///
  /// @param automatic whether the data choose between multiple shooting and a growing horizon
  /// @param segments of each trajectory at the start; 1 for a horizon
  /// @param horizon the share of each trajectory at the start
  /// @param wholeAfter the share of the iterations after which trajectories are whole
  /// @param batch trajectories or segments in an iteration
  /// @param validateEvery iterations between evaluations of the validation loss
  public record Learning(
      boolean automatic,
      int segments,
      double horizon,
      double wholeAfter,
      int batch,
      int validateEvery,
      Optional<Holdout> validation) {
    /// A horizon that grows from 15 % of the data, all trajectories at once, no validation.
    public static final Learning GROWING_HORIZON =
        new Learning(false, 1, 0.15, 0.6, Integer.MAX_VALUE, 1, Optional.empty());
  }

  /// The data that are held out for validation.
  ///
  /// @param share of the time, or of the trajectories
  /// @param byTrajectory whether whole trajectories are held out
  /// @param patience iterations without improvement after which training stops
  public record Holdout(double share, boolean byTrajectory, long patience) {}
}
