/// Neural ODEs and their gradients: with their training, three vector fields for one engine.
///
/// | | field | state | time |
/// |---|---|---|---|
/// | forward | `NeuralField` | hidden state | depth |
/// | backward | `AdjointField` | state, adjoint, gradient | depth, backwards |
/// | training | `TrainingFlow` | parameters | training time |
///
/// Start at [org.flowline.neuralode.NeuralField], then
/// [org.flowline.neuralode.gradient.GradientMethod],
/// then [org.flowline.neuralode.training.Trainer]. Every loop through
/// time, depth or training is `org.flowline.odesolvers.Integrator`'s; the one exception are
/// the sweeps back over steps of the discrete adjoints: recorded, in
/// [org.flowline.neuralode.gradient.DiscreteAdjoint], or undone, in
/// [org.flowline.neuralode.gradient.ReversibleAdjoint].
///
/// | to | look at |
/// |---|---|
/// | keep, load and use a trained model | `Model` |
/// | choose a gradient | `GradientMethod`; `GradientAudit` measures all on your problem |
/// | go through events | `TracedEvents`, `EventLoss` |
/// | see curvature | `TrajectoryHessian` |
/// | train | the package `training` |
/// | drop units, probe a trace | `NoisyField` |
/// | let a field depend on time | `TimedDynamics`, `Basis`, `Signal` |
/// | use all cores for a large batch | `ShardedField` |
/// | add to the state | `Augmentation`, `RunningCost` |
///
/// No plotting, no command line, no ND4J here, and nothing of training.
package org.flowline.neuralode;
