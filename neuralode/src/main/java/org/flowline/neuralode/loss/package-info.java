/// Losses of the states observed along a trajectory.
///
/// Start at [org.flowline.neuralode.loss.TrajectoryLoss].
///
/// | to | look at |
/// |---|---|
/// | fit data | `TrajectoryLoss.meanSquaredError` |
/// | define a loss with exact derivatives | `TrajectoryLoss.traced` |
/// | measure only some columns of the state | `Augmentation` |
/// | let a loss depend on events | [org.flowline.neuralode.event.EventLoss] |
///
/// Must not import gradient methods, models, data or training.
package org.flowline.neuralode.loss;
