/// Gradient methods: derivatives of a loss along a trajectory by θ, the initial state and the
/// times.
///
/// Start at [org.flowline.neuralode.gradient.GradientMethod], whose table compares the methods,
/// then [org.flowline.neuralode.gradient.DiscreteAdjoint]. Each method is a record; `prepare` gives
/// a [org.flowline.neuralode.gradient.PreparedGradient] with reused memory. `ForwardPass` is common
/// to all.
///
/// | to | look at |
/// |---|---|
/// | compare all methods on a problem | `GradientAudit` |
/// | find why a gradient is wrong after an event | `EventAdjoint`; forward `EventSensitivity` |
/// | … and where the rate `f⁺` after the event comes in | continuous `BackwardSolve.jump` |
/// | | discrete `TimeGradient.jumpBar`, read by `ReverseSweep.pullBackEvent` |
/// | … and why an event's time has no derivative | `EventTimeDerivative` |
/// | find why `∂L/∂tᵢ` is wrong | `TimeGradient`; continuous `BackwardSolve` |
/// | follow the discrete adjoint over steps | `ReverseSweep` |
/// | follow it through one step | `StepAdjoint`, `RungeKuttaAdjoint` and their like |
/// | follow a continuous adjoint between observations | `BackwardSolve` |
/// | follow a reversible method backwards | `ReversibleSweep`, `IncrementFunction` |
/// | see which evaluations are cached | `StageCache` |
/// | find why a loss or a field is refused | `LossCotangents`, `ForwardPass` |
/// | multiply by a Hessian | `TrajectoryHessian` |
///
/// Must not import models, data or training.
package org.flowline.neuralode.gradient;
