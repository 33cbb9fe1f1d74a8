package org.flowline.neuralode.training;

import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Stats;

/// Where a training stands: all that [Trainer#resume] needs to go on as if it had never stopped, to
/// the same bits. Batches and noise are functions of training time, which is in `solve`.
///
/// @param solve of the flow: velocities, averages, θ and τ
/// @param whole iterations before this solve of whole steps; 0 unless a step was retried
/// @param before what they cost
/// @param good the flow's state where its last step started, from which it is retried; empty where
///     steps are not
/// @param goodTime when
/// @param slowdowns how often it went back to the best θ, to go on at half the speed
/// @param rescue the flow's state at the best θ that a step started from, empty where none is kept
/// @param iteration the number of iterations made, parts of retried steps included
/// @param best the best parameters met
/// @param bestLoss their loss
/// @param bestPhase the phase of the objective it is from
/// @param losses what is known of the loss at the start of the next step
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
}
