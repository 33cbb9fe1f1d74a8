/// The one engine: everything that evolves is a [VectorField] advanced by the loop in
/// [Integrator].
///
/// Start reading at [Integrator]; then [Method] and [StepSize], the two choices it is made of;
/// then `Stepper` and `StepControl`, what these two do during a solve; then [Step], [StepObserver],
/// [Trajectory] and [Recording], how to watch it; then [Solution] and [Status], how it ends.
///
///     VectorField f = VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]);
///     Solution solution =
///         Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-8, 1e-10))
///             .solve(f, new double[] {1}, 0, 0.5, 1)
///             .orThrow();
///
/// | method              | order | nfe | adaptive | dense | choose it for                     |
/// |---------------------|-------|-----|----------|-------|-----------------------------------|
/// | EULER               | 1     | 1   | no       | 1     | residual networks, gradient flows |
/// | MIDPOINT            | 2     | 2   | no       | 2     | cheap fixed steps                 |
/// | HEUN                | 2(1)  | 2   | yes      | 2     | very loose tolerances             |
/// | RK4                 | 4     | 4   | no       | 3     | fixed steps of a smooth field     |
/// | BOSH3               | 3(2)  | 3   | yes      | 3     | tolerances above 1e-4             |
/// | DOPRI5              | 5(4)  | 6   | yes      | 4     | comparing with other codes        |
/// | TSIT5               | 5(4)  | 6   | yes      | 4     | anything that is not stiff        |
/// | SEMI_IMPLICIT_EULER | 1     | 1   | no       | 1     | partitioned fields, momentum      |
/// | RKC2                | 2(2)  | s   | yes      | 2     | diffusion; long descents          |
/// | EULER_MARUYAMA      | ½, 1  | 1   | no       | –     | Itô equations, any noise          |
/// | MILSTEIN            | 1, 1  | 1   | no       | –     | Itô equations, diagonal noise     |
/// | STOCHASTIC_HEUN     | 1, 1  | 2   | no       | –     | Stratonovich equations            |
///
/// Equations with noise are [StochasticField]s on a frozen [BrownianPath]. Many problems at once:
/// [Integrator#solveEach].
///
/// Integrators of Hipparchus run through the same [Integrator] as [HipparchusMethod]s, with its
/// observers, events and [Solution]: ADAMS_BASHFORTH, ADAMS_MOULTON, GRAGG_BULIRSCH_STOER,
/// HIGHAM_HALL54, HIPPARCHUS_DOP853, and any other.
///
/// `nfe` is per step; `dense` is the order of the dense output; RKC2 takes as many
/// stages as the field needs; of stochastic methods, `order` is
/// the strong and the weak one.
///
/// Nothing of autodiff, of ND4J or of the incubating Vector API is ever imported here: fields are
/// plain Java, and so is the engine.
package org.flowline.odesolvers;
