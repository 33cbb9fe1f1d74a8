/// Training flows: how parameters move in training time τ.
///
/// Start at [org.flowline.neuralode.training.flow.Flows], whose table lists them with their
/// methods. A new flow implements `SplitFlow` (averages or velocities, then θ) or `TrainingFlow`;
/// OPTIMISERS.md lists the places to extend.
///
/// Must not import any class of `training.objective`, `gradient` or `data`.
package org.flowline.neuralode.training.flow;
