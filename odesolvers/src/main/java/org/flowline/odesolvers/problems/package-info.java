/// Published initial value problems that solvers are measured by: for tests, for the benchmarks of
/// the command `flowline`, and for trying out a method of one's own.
///
/// Start at [org.flowline.odesolvers.problems.TestProblem]; then [Detest], the 25 that are not
/// stiff, [StiffProblems], and [ClassicProblems].
///
///     TestProblem problem = StiffProblems.HIRES;
///     Solution solution =
///         Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(problem.tolerance(1e-8)))
///             .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
///             .orThrow();
///     double error = TestProblem.distance(solution.last(), problem.end());
///
/// Fields are stateless: one problem may serve many threads.
package org.flowline.odesolvers.problems;
