/// Publishes initial value problems by which solvers are measured: for tests, for the benchmarks of
/// the command `flowline`, and for trying out a new method.
///
/// Start at [org.flowline.odesolvers.problems.TestProblem]; then [Detest], 25 problems that are not
/// stiff, [StiffProblems], and [ClassicProblems]. Fields are stateless: one problem may serve many
/// threads. The engine in `org.flowline.odesolvers` must not import this package.
///
///     TestProblem problem = StiffProblems.HIRES;
///     Solution solution =
///         Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(problem.tolerance(1e-8)))
///             .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
///             .orThrow();
///     double error = TestProblem.distance(solution.last(), problem.end());
package org.flowline.odesolvers.problems;
