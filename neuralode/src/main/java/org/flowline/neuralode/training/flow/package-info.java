/// Training flows: how parameters move in training time τ.
///
/// | | flow |
/// |---|---|
/// | steepest descent | `org.flowline.neuralode.GradientFlow` |
/// | momentum, Nesterov's acceleration | `NesterovFlow` |
/// | running averages | `AdamFlow`, `RmspropFlow` |
/// | other geometries | `NaturalGradientFlow` with a `Metric`, `MirrorFlow` with a `MirrorMap` |
/// | noise | `LangevinFlow` |
/// | the error of gradient descent | `ModifiedFlow` |
///
/// Start at `Flows`, which lists them with their methods. A new flow implements `SplitFlow`
/// (averages or velocities, then θ) or `TrainingFlow`; OPTIMISERS.md lists the places to extend.
///
/// Must not import any class of `training.objective`, `gradient` or `data`.
package org.flowline.neuralode.training.flow;
