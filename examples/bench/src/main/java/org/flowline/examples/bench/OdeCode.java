package org.flowline.examples.bench;

import java.util.Arrays;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Tolerance;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.TestProblem;
import org.hipparchus.ode.ODEIntegrator;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince54Integrator;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;

/// A code that solves a problem to a tolerance: a method of ours, or a rival that runs without our
/// engine.
record OdeCode(String name, Solver solver) {

  /// Solves a problem at this relative tolerance and the absolute ones of [TestProblem#tolerance].
  @FunctionalInterface
  interface Solver {
    Run solve(TestProblem problem, double tolerance);
  }

  /// @param last the final state
  /// @param evaluations the number of evaluations of the right-hand side
  record Run(double[] last, long evaluations) {}

  /// Creates an integrator of Hipparchus.
  @FunctionalInterface
  private interface Rival {
    ODEIntegrator of(double minStep, double maxStep, double[] atol, double[] rtol);
  }

  /// Hipparchus' own Dormand–Prince pair.
  static final OdeCode HIPPARCHUS_54 = rival("Hipparchus DP54", DormandPrince54Integrator::new);

  /// Hipparchus' own Dormand–Prince method of order 8.
  static final OdeCode HIPPARCHUS_853 = rival("Hipparchus DP853", DormandPrince853Integrator::new);

  /// Our engine with the settings of Hairer's code DOPRI5: safety 0.9, `β = β_P/5 = 0.04`, step
  /// size factors from 0.2 to 10.
  static final OdeCode CLASSICAL =
      new OdeCode(
          "classical Dopri5",
          (problem, tolerance) ->
              run(
                  Methods.DOPRI5,
                  StepSize.Adaptive.of(problem.tolerance(tolerance))
                      .withSafety(0.9)
                      .withGains(0.2, 0.65)
                      .withFactors(0.2, 10),
                  problem));

  /// A method of ours with its default step-size control.
  static OdeCode of(Method method) {
    return new OdeCode(
        method.name(),
        (problem, tolerance) ->
            run(method, StepSize.Adaptive.of(problem.tolerance(tolerance)), problem));
  }

  private static Run run(Method method, StepSize size, TestProblem problem) {
    Solution solution =
        Integrator.of(method, size)
            .solve(problem.field(), problem.y0(), problem.t0(), problem.t1())
            .orThrow();
    return new Run(solution.last(), solution.stats().evaluations());
  }

  private static OdeCode rival(String name, Rival rival) {
    return new OdeCode(
        name,
        (problem, rtol) -> {
          Tolerance tolerance = problem.tolerance(rtol);
          int n = problem.field().dimension();
          double span = Math.abs(problem.t1() - problem.t0());
          ODEIntegrator integrator =
              rival.of(1e-15 * span, span, each(tolerance.atol(), n), each(tolerance.rtol(), n));
          double[] last =
              integrator
                  .integrate(
                      equation(problem.field()),
                      new ODEState(problem.t0(), problem.y0()),
                      problem.t1())
                  .getPrimaryState();
          return new Run(last, integrator.getEvaluations());
        });
  }

  private static double[] each(double[] values, int n) {
    double[] all = Arrays.copyOf(values, n);
    if (values.length == 1) {
      Arrays.fill(all, values[0]);
    }
    return all;
  }

  /// The field as an equation of Hipparchus, which keeps the returned arrays.
  static OrdinaryDifferentialEquation equation(VectorField field) {
    return new OrdinaryDifferentialEquation() {
      @Override
      public int getDimension() {
        return field.dimension();
      }

      @Override
      public double[] computeDerivatives(double t, double[] y) {
        double[] dydt = new double[y.length];
        field.evaluate(t, y, dydt);
        return dydt;
      }
    };
  }
}
