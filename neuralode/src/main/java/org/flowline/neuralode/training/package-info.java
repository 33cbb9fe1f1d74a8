/// Training as a solve: optimisers, which are values made of a flow, a method and a step size, and
/// the trainer, which solves the flow of an optimiser on an objective. The loop over iterations is
/// `org.flowline.odesolvers.Integrator`.
///
/// | to | look at |
/// |---|---|
/// | descend a function or a recorded loss | `Objective.of`, `Objective.traced` |
/// | train a Neural ODE on one or several series | `TrajectoriesObjective` |
/// | train on mini-batches, with noise | `MiniBatches`, `NoisyObjective` |
/// | train with a curriculum, multiple shooting | `Curriculum` |
/// | take a usual optimiser | `Optimizer.adam` and its neighbours |
/// | combine a flow, a method and a step | `Optimizer.of`, `Flows` |
/// | add a learning-rate schedule | `Schedule` |
/// | add weight decay, gradient clipping | `Optimizer.withWeightDecay`, `withClipping` |
/// | stop at a target loss | `Trainer.withTarget` |
/// | stop early by a validation loss | `EarlyStopping`, `Trainer.withEarlyStopping` |
/// | classify the rows of a table | `Classifier` |
/// | save and resume, or restart after divergence | `TrainingFile`, `Trainer.withSlowdowns` |
///
/// Start at [org.flowline.neuralode.Objective], then [org.flowline.neuralode.training.Optimizer]
/// and [org.flowline.neuralode.training.Trainer]. The only file here is a training's checkpoint. No
/// plotting, no command line here.
package org.flowline.neuralode.training;
