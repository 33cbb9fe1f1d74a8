/// Describes methods as immutable data, tableaux and coefficients, whose order conditions are
/// checked. [org.flowline.odesolvers.method.Methods] lists the named ones. A new Runge–Kutta method
/// is one constant there and one row of this table, which a test compares with the coefficients.
/// The engine that executes methods is `org.flowline.odesolvers`; this package must not import it.
///
/// | method              | order | nfe | adaptive | dense | stable | choose it for                |
/// |---------------------|-------|-----|----------|-------|--------|------------------------------|
/// | EULER               | 1     | 1   | no       | 1     | 2      | residual nets, flows         |
/// | MIDPOINT            | 2     | 2   | no       | 2     | 2      | cheap fixed steps            |
/// | RALSTON             | 2     | 2   | no       | 2     | 2      | the same, smaller error      |
/// | HEUN                | 2(1)  | 2   | yes      | 2     | 2      | very loose tolerances        |
/// | FEHLBERG21          | 2(1)  | 3   | yes      | 2     | 2.01   | the same, longer steps       |
/// | HEUN3               | 3     | 3   | no       | 3     | 2.51   | fixed steps, order 3         |
/// | SSPRK3              | 3     | 3   | no       | 3     | 2.51   | what Euler's steps keep      |
/// | BOSH3               | 3(2)  | 3   | yes      | 3     | 2.51   | tolerances above 1e-4        |
/// | RK4                 | 4     | 4   | no       | 3     | 2.79   | fixed steps, smooth fields   |
/// | RK38                | 4     | 4   | no       | 3     | 2.79   | the same, smaller error      |
/// | DOPRI5              | 5(4)  | 6   | yes      | 4     | 3.31   | comparing with other codes   |
/// | TSIT5               | 5(4)  | 6   | yes      | 4     | 3.51   | anything that is not stiff   |
/// | VERN7               | 7(6)  | 10  | yes      | 6     | 4.64   | tolerances below 1e-8        |
/// | DOP853              | 8(5)  | 12  | yes      | 7     | 6.39   | tolerances below 1e-11       |
/// | BACKWARD_EULER      | 1     | N   | no       | 1     | ∞      | stiffest fields, fixed steps |
/// | IMPLICIT_MIDPOINT   | 2     | N   | no       | 2     | ∞      | keeping quadratic invariants |
/// | TRAPEZOID           | 2     | N   | no       | 2     | ∞      | stiff oscillations           |
/// | SDIRK2              | 2(1)  | N   | yes      | 2     | ∞      | stiff, very loose tolerances |
/// | TRBDF2              | 2(3)  | N   | yes      | 2     | ∞      | stiff, loose tolerances      |
/// | KVAERNO3            | 3(2)  | N   | yes      | 3     | ∞      | stiff, above 1e-5            |
/// | KVAERNO4            | 4(3)  | N   | yes      | 3     | ∞      | stiff, above 1e-7            |
/// | KVAERNO5            | 5(4)  | N   | yes      | 4     | ∞      | stiff, tight tolerances      |
/// | ROSENBROCK23        | 2(3)  | 2   | yes      | 2     | ∞      | stiff, loose; no Newton      |
/// | RODAS5P             | 5(4)  | 8   | yes      | 4     | ∞      | stiff; no Newton             |
/// | SEMI_IMPLICIT_EULER | 1     | 1   | no       | 1     | –      | partitioned fields, momentum |
/// | LEAPFROG            | 2     | 1   | no       | 2     | –      | mechanics over long times    |
/// | YOSHIDA4            | 4     | 3   | no       | 3     | –      | comparing with other codes   |
/// | BLANES_MOAN4        | 4     | 6   | no       | 3     | –      | mechanics, accurately        |
/// | RKC2                | 2(2)  | s   | yes      | 2     | ∞      | diffusion; long descents     |
/// | EULER_MARUYAMA      | ½, 1  | 1   | no       | –     | –      | Itô equations, any noise     |
/// | MILSTEIN            | 1, 1  | 1   | no       | –     | –      | Itô, diagonal noise          |
/// | STOCHASTIC_HEUN     | 1, 1  | 2   | no       | –     | –      | Stratonovich equations       |
///
/// `order`: in brackets the order of the embedded solution; for stochastic methods the strong and
/// the weak order. `nfe`: evaluations per step; N is determined by Newton's iteration and s by the
/// field. Evaluations for a Jacobian are not included; symplectic methods count the second block.
/// `dense`: the order of the dense output. `stable`:
/// [org.flowline.odesolvers.method.Stability#realLimit], the largest stable `h |λ|` for real
/// `λ < 0`.
package org.flowline.odesolvers.method;
