package org.flowline.neuralode.training;

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

  public TrainingState {
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
