package org.flowline.examples.bench;

import java.util.List;
import java.util.Locale;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Recording;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.ClassicProblems;
import org.flowline.odesolvers.problems.TestProblem;

/// A classic problem solved at tolerance 1e-8 by pairs of order 5: by our methods, by Hipparchus at
/// the same tolerance and at the tolerance that gives our error, and its right-hand sides alone.
///
/// The error is the geometric mean over ten times up to `horizon`, beyond which chaos makes errors
/// meaningless; the time is measured for the whole solve.
record SolveWorkload(String name, TestProblem problem, double horizon) implements Workload {
  static final SolveWorkload LORENZ = new SolveWorkload("lorenz", ClassicProblems.LORENZ, 10);
  static final SolveWorkload PLEIADES = new SolveWorkload("pleiades", ClassicProblems.PLEIADES, 3);

  private static final double TOLERANCE = 1e-8;
  private static final int TIMES = 10;

  @Override
  public List<Contestant> contestants() {
    double[][] exact = reference();
    OdeCode dopri5 = OdeCode.of(Methods.DOPRI5);
    Contestant ours = contestant(dopri5.name(), dopri5, TOLERANCE, exact);
    double equal = toleranceFor(ours.error(), exact);
    OdeCode tsit5 = OdeCode.of(Methods.TSIT5);
    String atEqualError = String.format(Locale.ROOT, "Hipparchus DP54 at %.1e", equal);
    return List.of(
        ours,
        contestant(tsit5.name(), tsit5, TOLERANCE, exact),
        contestant("Hipparchus DP54", OdeCode.HIPPARCHUS_54, TOLERANCE, exact),
        contestant(atEqualError, OdeCode.HIPPARCHUS_54, equal, exact),
        Contestant.solve(
            "right-hand sides alone", bare(ours.nfeForward()), ours.nfeForward(), null));
  }

  private Contestant contestant(String title, OdeCode code, double tolerance, double[][] exact) {
    long nfe = code.solver().solve(problem, tolerance).evaluations();
    return Contestant.solve(
        title, () -> code.solver().solve(problem, tolerance), nfe, error(code, tolerance, exact));
  }

  private double time(int i) {
    return problem.t0() + (i + 1) * (horizon - problem.t0()) / TIMES;
  }

  private double[][] reference() {
    double[][] exact = new double[TIMES][];
    for (int i = 0; i < TIMES; i++) {
      exact[i] = OdeCode.of(Methods.VERN7).solver().solve(problem.until(time(i)), 1e-13).last();
    }
    return exact;
  }

  private double error(OdeCode code, double tolerance, double[][] exact) {
    double sum = 0;
    for (int i = 0; i < TIMES; i++) {
      double[] last = code.solver().solve(problem.until(time(i)), tolerance).last();
      sum += Math.log(TestProblem.distance(last, exact[i]));
    }
    return Math.exp(sum / TIMES);
  }

  /// The tolerance at which Hipparchus has this error, by bisection of its logarithm.
  private double toleranceFor(double error, double[][] exact) {
    double tight = 1e-2 * TOLERANCE;
    double loose = 1e2 * TOLERANCE;
    for (int i = 0; i < 12; i++) {
      double middle = Math.sqrt(tight * loose);
      if (error(OdeCode.HIPPARCHUS_54, middle, exact) < error) {
        tight = middle;
      } else {
        loose = middle;
      }
    }
    return Math.sqrt(tight * loose);
  }

  /// This many evaluations at states along the solution, one after the other.
  private Runnable bare(long evaluations) {
    VectorField field = problem.field();
    int n = field.dimension();
    Recording steps = Recording.everyStep(n, (_, y, out) -> System.arraycopy(y, 0, out, 0, n));
    Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(problem.tolerance(TOLERANCE)))
        .withObserver(steps)
        .solve(field, problem.y0(), problem.t0(), problem.t1())
        .orThrow();
    double[][] states = steps.values();
    double[] dydt = new double[n];
    return () -> {
      for (long i = 0; i < evaluations; i++) {
        field.evaluate(0, states[(int) (i & 63)], dydt);
      }
    };
  }
}
