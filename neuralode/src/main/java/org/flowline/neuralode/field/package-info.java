/// Fields beyond [org.flowline.neuralode.NeuralField], and wrappers around fields.
///
/// Start at [org.flowline.neuralode.field.NoisyField].
///
/// | to | look at |
/// |---|---|
/// | use dropout or random probes | `NoisyField` |
/// | solve a stochastic differential equation | `NeuralStochasticField` |
/// | use symplectic methods | `SecondOrderNeuralField` |
/// | evaluate a large batch on all cores | `ShardedField` |
/// | count, time or change evaluations | `ForwardingField` |
///
/// Must not import gradients, losses, models, data or training.
package org.flowline.neuralode.field;
