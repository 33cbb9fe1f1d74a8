/// Training as a solve: what descends, the flows that descend it, and optimisers, which are values
/// made of a flow, a method and a step size. Start at
/// [org.flowline.neuralode.Objective], then
/// [org.flowline.neuralode.training.Optimizer] and [org.flowline.neuralode.training.Trainer]. The
/// loop over iterations is `org.flowline.odesolvers.Integrator`'s.
///
/// | to | look at |
/// |---|---|
/// | descend a function or a recorded loss | `Objective.of`, `Objective.traced` |
/// | train a Neural ODE on one series | `TrajectoryObjective` |
/// | learn from several, from batches, with noise | `TrajectoriesObjective`, `MiniBatches` |
/// | take a usual optimiser | `Optimizer.adam` and its neighbours |
/// | combine a flow, a method and a step | `Optimizer.of`, `Flow` |
/// | measure steps by what they do | `Metric`, `MirrorMap` |
/// | change what an optimiser does | `Schedule`, `Optimizer.withWeightDecay`, `withClipping` |
/// | stop at a loss, at its time on the flow | `Trainer.withTarget` |
/// | learn long series in pieces, or over a growing horizon | `Stages` |
/// | keep what is best on other data, and end when patience does | `Validation` |
/// | tell classes of rows from each other | `Classifier` |
/// | go on where a training stopped or diverged | `TrainingFile`, `Trainer.withSlowdowns` |
///
/// The one file here is a training's own, to go on from. No plotting, no command line here.
package org.flowline.neuralode.training;
