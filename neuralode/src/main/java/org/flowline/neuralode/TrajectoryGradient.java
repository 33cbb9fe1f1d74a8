package org.flowline.neuralode;

import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;

/// A loss along a trajectory and its gradient. Where a solve fails, `status` says why and the
/// numbers are NaN.
///
/// @param loss the loss
/// @param theta `∂L/∂θ`
/// @param y0 `∂L/∂y0`
/// @param times `∂L/∂tᵢ` for every observation time, the first and the last included
/// @param status how the solves ended
/// @param forward the cost of the forward solve
/// @param backwardEvaluations pullbacks of `f`, each about three evaluations
public record TrajectoryGradient(
    double loss,
    double[] theta,
    double[] y0,
    double[] times,
    Status status,
    Stats forward,
    long backwardEvaluations) {}
