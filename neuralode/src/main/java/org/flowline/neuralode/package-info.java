/// Neural ODEs, their gradients and their training: three vector fields for one engine.
///
/// | | field | state | time |
/// |---|---|---|---|
/// | forward | `NeuralField` | hidden state | depth |
/// | backward | `AdjointField` | state, adjoint, gradient | depth, backwards |
/// | training | `TrainingFlow` | parameters | training time |
///
/// Start at [org.flowline.neuralode.NeuralField], then [org.flowline.neuralode.GradientMethod],
/// then [org.flowline.neuralode.Optimizer] and [org.flowline.neuralode.Trainer]. Every loop through
/// time, depth or training is `org.flowline.odesolvers.Integrator`'s; the one exception is the
/// sweep of [org.flowline.neuralode.DiscreteAdjoint] back over recorded steps. No plotting, no
/// command line, no ND4J here.
package org.flowline.neuralode;
