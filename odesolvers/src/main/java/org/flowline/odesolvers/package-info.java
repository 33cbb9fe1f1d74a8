/// The one engine: everything that evolves is a [org.flowline.odesolvers.field.VectorField]
/// advanced by the loop in [Integrator].
///
/// Start reading at [Integrator]; then [org.flowline.odesolvers.method.Method] and [StepSize], the
/// two choices it is made of; then `Stepper` and `StepControl`, what these two do during a solve;
/// then [Step], [StepObserver], [Trajectory] and [Recording], how to watch it; then [Solution] and
/// [Status], how it ends.
///
///     VectorField f = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]);
///     Solution solution =
///         Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-10))
///             .solve(f, new double[] {1}, 0, 0.5, 1)
///             .orThrow();
///
/// Equations with noise are [org.flowline.odesolvers.field.StochasticField]s on a frozen
/// [org.flowline.odesolvers.field.BrownianPath]. Many problems at once:
/// [org.flowline.odesolvers.ensemble.Ensemble#solveAll]; one long state on several cores:
/// [org.flowline.odesolvers.field.ParallelField].
///
/// [org.flowline.odesolvers.method.Reversible] makes a pair of states of any explicit method, whose
/// steps can be undone.
///
/// Integrators of Hipparchus run through the same [Integrator] as
/// [org.flowline.odesolvers.method.HipparchusMethod]s, with its observers, events and [Solution]:
/// ADAMS_BASHFORTH, ADAMS_MOULTON, GRAGG_BULIRSCH_STOER, HIGHAM_HALL54, HIPPARCHUS_DOP853, and any
/// other.
///
/// Nothing of autodiff, of ND4J or of the incubating Vector API is ever imported here: fields are
/// plain Java, and so is the engine.
package org.flowline.odesolvers;
