package org.flowline.odesolvers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.flowline.odesolvers.Status.Reason;
import org.flowline.odesolvers.StepSize.Adaptive;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Van der Pol's oscillator, whose step sizes vary a hundredfold.
class EveryOptionChangesSomething {

  private static final VectorField VAN_DER_POL =
      VectorField.of(
          2,
          (t, y, dydt) -> {
            dydt[0] = y[1];
            dydt[1] = 5 * (1 - y[0] * y[0]) * y[1] - y[0];
          });

  private static final Adaptive DEFAULT = Adaptive.of(1e-6, 1e-6);

  @Test
  void tolerances() {
    long loose = solve(Adaptive.of(1e-4, 1e-6)).stats().evaluations();
    long middle = solve(DEFAULT).stats().evaluations();
    long tight = solve(Adaptive.of(1e-6, 1e-9)).stats().evaluations();
    assertTrue(loose < middle && middle < tight);
  }

  @Test
  void initialStep() {
    assertEquals(0.001, sizes(DEFAULT.withInitialStep(0.001)).getFirst(), 1e-18);
    assertEquals(0.001, sizes(DEFAULT.withInitialStep(-0.001)).getFirst(), 1e-18);
    long with = solve(DEFAULT.withInitialStep(sizes(DEFAULT).getFirst())).stats().evaluations();
    assertEquals(solve(DEFAULT).stats().evaluations() - 1, with);
  }

  @Test
  void maxStep() {
    assertTrue(largest(sizes(DEFAULT)) > 0.1);
    assertTrue(largest(sizes(DEFAULT.withMaxStep(0.05))) <= 0.05 + 1e-14); // the rounding of t = 20
  }

  @Test
  void minStep() {
    Solution solution = solve(DEFAULT.withMinStep(0.1));
    assertEquals(Reason.STEP_SIZE_UNDERFLOW, solution.status().reason());
    assertTrue(solution.status().message().contains("lower the minimal step"));
    assertTrue(solve(DEFAULT.withMinStep(1e-6)).status().succeeded());
  }

  @Test
  void safety() {
    long bold = solve(DEFAULT.withSafety(0.95)).stats().rejected();
    long careful = solve(DEFAULT.withSafety(0.5)).stats().rejected();
    assertTrue(careful < bold);
  }

  @Test
  void factors() {
    List<Double> sizes = sizes(DEFAULT.withFactors(0.8, 1.25).withInitialStep(1e-4));
    double largestRatio = 0;
    for (int n = 1; n < sizes.size(); n++) {
      largestRatio = Math.max(largestRatio, sizes.get(n) / sizes.get(n - 1));
    }
    assertEquals(1.25, largestRatio, 1e-9); // exactly the limit but for rounding of t
  }

  @Test
  void gains() {
    long elementary = solve(DEFAULT.withGains(0, 1)).stats().rejected();
    long smoothed = solve(DEFAULT).stats().rejected();
    assertTrue(smoothed < elementary);
  }

  @Test
  void derivativeGain() {
    assertNotEquals(sizes(DEFAULT), sizes(DEFAULT.withGains(0.2, 0.65, 0.05)));
  }

  @Test
  void stops() {
    assertTrue(ends(DEFAULT.withStops(7.7, 30)).contains(7.7));
    assertFalse(ends(DEFAULT).contains(7.7));
  }

  /// A jump ends a step like a stop, and the solve restarts there, with two further evaluations.
  @Test
  void jumps() {
    assertTrue(ends(DEFAULT.withJumps(7.7)).contains(7.7));
    Stats stops = solve(DEFAULT.withStops(7.7)).stats();
    Stats jumps = solve(DEFAULT.withJumps(7.7)).stats();
    assertEquals(6 * (stops.accepted() + stops.rejected()) + 2, stops.evaluations());
    assertEquals(6 * (jumps.accepted() + jumps.rejected()) + 4, jumps.evaluations());
  }

  /// The velocity determines the steps, unless its tolerance is looser or infinite.
  @Test
  void tolerancesOfComponents() {
    double[] rtol = {1e-6};
    var loose = new Tolerance(rtol, new double[] {1e-6, 1e-3});
    var without = new Tolerance(rtol, new double[] {1e-6, Double.POSITIVE_INFINITY});
    var relative = new Tolerance(new double[] {1e-6, 1e-3}, new double[] {1e-6});
    long all = solve(DEFAULT).stats().evaluations();
    for (Tolerance tolerance : List.of(loose, without, relative)) {
      assertTrue(solve(Adaptive.of(tolerance)).stats().evaluations() < all);
    }
  }

  @Test
  void maxSteps() {
    assertEquals(Reason.MAX_STEPS, solve(DEFAULT.withMaxSteps(20)).status().reason());
  }

  @Test
  void theMethod() {
    var bosh = Integrator.of(Methods.BOSH3, DEFAULT).solve(VAN_DER_POL, y0(), 0, 20);
    assertNotEquals(solve(DEFAULT).last()[0], bosh.last()[0]);
  }

  /// The global error is proportional to the tolerance of error per step, up to a factor.
  @Test
  void theErrorFollowsTheTolerance() {
    Problem problem = Problem.RICCATI;
    for (double tolerance = 1e-4; tolerance > 1e-11; tolerance /= 10) {
      double[] last =
          Integrator.of(Methods.TSIT5, Adaptive.of(tolerance, tolerance))
              .solve(problem.field(), problem.start(), problem.t0(), problem.t1())
              .orThrow()
              .last();
      double error = Problem.distance(last, problem.end());
      assertTrue(error < 10 * tolerance, "error " + error + " at " + tolerance);
    }
  }

  /// The observer receives the steps that the statistics count, with their error norms.
  @Test
  void observersSeeEveryTrial() {
    long[] seen = new long[2];
    var observer =
        new StepObserver() {
          @Override
          public void accepted(Step step) {
            assertTrue(step.error() <= 1);
            assertEquals(seen[0]++, step.index());
          }

          @Override
          public void rejected(Step step) {
            assertTrue(step.error() > 1);
            seen[1]++;
          }
        };
    Stats stats =
        Integrator.of(Methods.DOPRI5, DEFAULT)
            .withObserver(observer)
            .solve(VAN_DER_POL, y0(), 0, 20)
            .stats();
    assertEquals(seen[0], stats.accepted());
    assertEquals(seen[1], stats.rejected());
    assertTrue(seen[1] > 0);
    // Six evaluations per trial, one for the first slope and one to estimate the first step.
    assertEquals(6 * (seen[0] + seen[1]) + 2, stats.evaluations());
  }

  private static Solution solve(Adaptive size) {
    return Integrator.of(Methods.DOPRI5, size).solve(VAN_DER_POL, y0(), 0, 20);
  }

  private static List<Double> sizes(Adaptive size) {
    List<Double> sizes = new ArrayList<>();
    Integrator.of(Methods.DOPRI5, size)
        .withObserver(step -> sizes.add(step.h()))
        .solve(VAN_DER_POL, y0(), 0, 20)
        .orThrow();
    return sizes;
  }

  private static List<Double> ends(Adaptive size) {
    List<Double> ends = new ArrayList<>();
    Integrator.of(Methods.DOPRI5, size)
        .withObserver(step -> ends.add(step.end()))
        .solve(VAN_DER_POL, y0(), 0, 20)
        .orThrow();
    return ends;
  }

  private static double largest(List<Double> sizes) {
    return sizes.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private static double[] y0() {
    return new double[] {2, 0};
  }
}
