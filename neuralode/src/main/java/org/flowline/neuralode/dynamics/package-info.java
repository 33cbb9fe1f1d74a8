/// Dynamics that depend on time or measured inputs, as programs for
/// [org.flowline.neuralode.NeuralField].
///
/// Start at [org.flowline.neuralode.dynamics.TimedDynamics], whose table lists the forms.
///
/// | to | look at |
/// |---|---|
/// | pass the time to a layer | `TimedDynamics.withTime` |
/// | let weights depend on time | `WeightsInTime` with a `Basis`, `TimedDynamics.hyperNetwork` |
/// | control a field by measured inputs | `ControlledField`, `Signal` |
/// | describe an acceleration with friction | `TimedDynamics.secondOrder` |
/// | integrate a cost along the trajectory | `RunningCost` |
///
/// Must not import gradient methods, models or training.
package org.flowline.neuralode.dynamics;
