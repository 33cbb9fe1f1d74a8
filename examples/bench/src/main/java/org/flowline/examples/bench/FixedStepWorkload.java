package org.flowline.examples.bench;

import java.util.List;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.problems.ClassicProblems;
import org.flowline.odesolvers.problems.TestProblem;

/// 10 000 steps of RK4 on Lorenz' equations, compared with the same arithmetic written by hand for
/// these three equations, a lower bound for a general engine. The error of both is their distance
/// after 1000 steps.
record FixedStepWorkload(String name) implements Workload {
  private static final double H = 0.01;
  private static final int STEPS = 10_000;

  /// The number of steps after which both are compared, when rounding errors have grown by e⁹ only.
  private static final int COMPARED = 1_000;

  @Override
  public List<Contestant> contestants() {
    double apart = TestProblem.distance(ours(COMPARED), byHand(COMPARED));
    return List.of(
        Contestant.solve("RK4", () -> ours(STEPS), 4L * STEPS, apart),
        Contestant.solve("a loop by hand", () -> byHand(STEPS), 4L * STEPS, apart));
  }

  static double[] ours(int steps) {
    TestProblem lorenz = ClassicProblems.LORENZ;
    StepSize.Constant size = StepSize.Constant.of(H, steps);
    return Integrator.of(Methods.RK4, size)
        .solve(lorenz.field(), lorenz.y0(), 0, size.end(0))
        .orThrow()
        .last();
  }

  static double[] byHand(int steps) {
    double[] start = ClassicProblems.LORENZ.y0();
    double x = start[0];
    double y = start[1];
    double z = start[2];
    for (int i = 0; i < steps; i++) {
      double x1 = 10 * (y - x);
      double y1 = x * (28 - z) - y;
      double z1 = x * y - 8.0 / 3 * z;
      double u = x + H / 2 * x1;
      double v = y + H / 2 * y1;
      double w = z + H / 2 * z1;
      double x2 = 10 * (v - u);
      double y2 = u * (28 - w) - v;
      double z2 = u * v - 8.0 / 3 * w;
      u = x + H / 2 * x2;
      v = y + H / 2 * y2;
      w = z + H / 2 * z2;
      double x3 = 10 * (v - u);
      double y3 = u * (28 - w) - v;
      double z3 = u * v - 8.0 / 3 * w;
      u = x + H * x3;
      v = y + H * y3;
      w = z + H * z3;
      double x4 = 10 * (v - u);
      double y4 = u * (28 - w) - v;
      double z4 = u * v - 8.0 / 3 * w;
      x += H / 6 * (x1 + 2 * x2 + 2 * x3 + x4);
      y += H / 6 * (y1 + 2 * y2 + 2 * y3 + y4);
      z += H / 6 * (z1 + 2 * z2 + 2 * z3 + z4);
    }
    return new double[] {x, y, z};
  }
}
