/// Solves initial value problems `dy/dt = f(t, y)`, `y(t0) = y0` by one loop, in [Integrator].
///
///     VectorField f = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]);
///     Solution solution =
///         Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-10))
///             .solve(f, new double[] {1}, 0, 0.5, 1)
///             .orThrow();
///
/// | to …                                        | look at                                        |
/// |---------------------------------------------|------------------------------------------------|
/// | read the loop                               | `Integrator.run`                               |
/// | choose a method                             | the table of `org.flowline.odesolvers.method`  |
/// | see how a method steps                      | `Stepper` and its implementations              |
/// | see how step sizes are chosen               | `StepControl`, `AdaptiveControl`               |
/// | write a right-hand side                     | `org.flowline.odesolvers.field`                |
/// | observe, record or interpolate the steps    | `StepObserver`, `Trajectory`, `Recording`      |
/// | stop or change the state at a root          | `Event`, `EventDetector`                       |
/// | interpret the end of a solve, or resume it  | `Solution`, `Status`, `Checkpoint`             |
/// | solve many problems at once                 | `org.flowline.odesolvers.ensemble`             |
/// | measure a method                            | `org.flowline.odesolvers.problems`             |
///
/// This package imports neither the ensemble nor the problems, and like the whole module nothing of
/// autodiff, ND4J or the incubating Vector API.
package org.flowline.odesolvers;
