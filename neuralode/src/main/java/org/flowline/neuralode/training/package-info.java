/// Training as a solve: what descends, the flows that descend it, and optimisers, which are values
/// made of a flow, a method and a step size. Start at
/// [org.flowline.neuralode.training.Objective], then
/// [org.flowline.neuralode.training.Optimizer] and [org.flowline.neuralode.training.Trainer]. The
/// loop over iterations is `org.flowline.odesolvers.Integrator`'s.
///
/// | to | look at |
/// |---|---|
/// | descend a function, a recorded loss, a Neural ODE | `Objective.of`, `Objective.traced`,
// `TrajectoryObjective` |
/// | learn from several series, from batches, with noise | `TrajectoriesObjective`, `MiniBatches`,
// `NoisyObjective` |
/// | change what an optimiser does | `Schedule`, `Optimizer.withWeightDecay`, `withClipping` |
///
/// No file, no plotting, no command line here.
package org.flowline.neuralode.training;
