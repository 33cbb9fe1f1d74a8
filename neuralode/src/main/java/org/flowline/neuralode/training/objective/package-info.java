/// Objectives: losses of trajectories and wrappers that change an objective in training time.
///
/// | to | look at |
/// |---|---|
/// | fit a field or a model to measured trajectories | `TrajectoriesObjective` |
/// | train on mini-batches | `MiniBatches` |
/// | train in phases: a growing horizon, multiple shooting | `Curriculum` |
/// | clip gradients | `ClippedObjective` |
/// | draw new noise in each iteration | `NoisyObjective` |
///
/// Start at `TrajectoriesObjective`. Nothing here imports flows, optimisers or the trainer.
package org.flowline.neuralode.training.objective;
