package org.flowline.neuralode.training;

import java.util.Arrays;
import java.util.List;
import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Stats;

/// The state of a training, from which [Trainer#resume] continues to the same bits. Batches and
/// noise are functions of training time, which is in `solve`.
///
/// @param solve the checkpoint of the flow: velocities, averages, θ and τ
/// @param whole iterations before this solve of whole steps; 0 unless a step was retried
/// @param before the cost of these iterations
/// @param good the flow's state at the start of its last step, for retries; empty without retries
/// @param goodTime the time of `good`
/// @param slowdowns the number of slowdowns so far
/// @param rescue the flow's state at the start of the best step, for slowdowns; empty without
/// @param iteration the number of iterations made, including parts of retried steps
/// @param best the best parameters
/// @param bestLoss their loss
/// @param bestPhase the phase of the objective of that loss
/// @param losses the state of the cache of losses
public record TrainingState(
    Checkpoint solve,
    long whole,
    Stats before,
    double[] good,
    double goodTime,
    int slowdowns,
    double[] rescue,
    long iteration,
    double[] best,
    double bestLoss,
    int bestPhase,
    double[] losses) {

  /// @throws IllegalArgumentException if an array has not the length of the flow's state, a number
  ///     of it is not finite, or a count is negative
  public TrainingState {
    double[] y = solve.y();
    for (double[] state : List.of(good, rescue)) {
      if (state.length > 0 && state.length != y.length) {
        throw new IllegalArgumentException(
            "training state: %s numbers to restart from; the flow has %s"
                .formatted(state.length, y.length));
      }
    }
    if (best.length == 0 || best.length > y.length || losses.length != 2) {
      throw new IllegalArgumentException(
          "training state: %s best parameters and %s losses; want at most %s and 2"
              .formatted(best.length, losses.length, y.length));
    }
    if (whole < 0 || iteration < 0 || slowdowns < 0 || !Double.isFinite(goodTime)) {
      throw new IllegalArgumentException(
          "training state: after %s and %s iterations, %s slowdowns and time %s; want 0 or more of each"
              .formatted(whole, iteration, slowdowns, goodTime));
    }
    if (!Arrays.stream(new double[][] {y, good, rescue, best})
        .flatMapToDouble(Arrays::stream)
        .allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("training state: a number is not finite");
    }
    good = good.clone();
    rescue = rescue.clone();
    best = best.clone();
    losses = losses.clone();
  }

  /// A copy of the state before the last step.
  @Override
  public double[] good() {
    return good.clone();
  }

  /// A copy of the state before the best step.
  @Override
  public double[] rescue() {
    return rescue.clone();
  }

  /// A copy of the best parameters.
  @Override
  public double[] best() {
    return best.clone();
  }

  /// A copy of the cache's state.
  @Override
  public double[] losses() {
    return losses.clone();
  }

  @Override
  public String toString() {
    return "training state after %s iterations at τ = %s, best loss %s"
        .formatted(iteration, solve.t(), bestLoss);
  }
}
