/// Differentiable events: functions whose roots stop a solve, mark a time or make the state jump.
///
/// Start at [org.flowline.neuralode.event.TracedEvents].
///
/// | to | look at |
/// |---|---|
/// | create an event with derivatives | `TracedEvents` |
/// | write `g` or a jump by hand | `DifferentiableGuard`, `DifferentiableReset` |
/// | let a loss depend on the time of an event | `EventLoss` |
/// | find why a gradient is wrong after an event | `EventAdjoint` in the package `gradient` |
///
/// Must not import gradient methods, models, data or training.
package org.flowline.neuralode.event;
