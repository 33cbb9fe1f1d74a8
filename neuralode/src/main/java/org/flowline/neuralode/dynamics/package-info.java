/// Dynamics that depend on time or measured inputs, as programs for
/// [org.flowline.neuralode.NeuralField].
///
/// Start at [org.flowline.neuralode.dynamics.TimedDynamics], whose table lists the forms.
///
/// Must not import gradient methods, models or training.
package org.flowline.neuralode.dynamics;
