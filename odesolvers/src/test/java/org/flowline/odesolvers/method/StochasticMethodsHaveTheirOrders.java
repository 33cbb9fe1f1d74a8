package org.flowline.odesolvers.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.fixtures.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The equation `dy = μ y dt + σ y dW` has a closed form on each path:
///
///     Itô              y(t) = exp((μ − σ²/2) t + σ W(t))
///     Stratonovich     y(t) = exp(μ t + σ W(t))
class StochasticMethodsHaveTheirOrders {

  private static final double MU = 0.5;
  private static final double SIGMA = 0.8;

  /// Slopes of mean distances of 2000 paths between 32 and 512 steps; their noise, of the ratio of
  /// two means with deviation 0.03 each over four halvings, is 0.02.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void strongly(Stochastic method) {
    double coarse = meanDistance(method, 32);
    double fine = meanDistance(method, 512);
    double slope = Math.log(coarse / fine) / Math.log(16);
    assertEquals(method.strongOrder(), slope, 0.08);
  }

  /// The same noise with the time reversed: the integral in the direction of the solve.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void stronglyBackward(Stochastic method) {
    double coarse = meanDistance(method, -32);
    double fine = meanDistance(method, -512);
    double slope = Math.log(coarse / fine) / Math.log(16);
    assertEquals(method.strongOrder(), slope, 0.08);
  }

  /// Itô's solution and Stratonovich's are a factor exp(σ²/2) = 1.38 apart; each method tends to
  /// its own.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void towardsTheSolutionInTheirOwnSense(Stochastic method) {
    double[] ratio = new double[1];
    for (int seed = 0; seed < 20; seed++) {
      BrownianPath path = BrownianPath.of(seed, 1, 0, 1);
      double ito = Math.exp(MU - SIGMA * SIGMA / 2 + SIGMA * path.at(1)[0]);
      ratio[0] += end(method, geometric(path), 4096) / ito / 20;
    }
    double want =
        switch (method.calculus()) {
          case ITO -> 1;
          case STRATONOVICH -> Math.exp(SIGMA * SIGMA / 2);
        };
    assertEquals(want, ratio[0], 0.02); // strong order ½ at h = 1/4096, twenty paths
  }

  /// `E y(1) = e^μ` (Itô), `e^{μ + σ²/2}` (Stratonovich): the mean over paths of the distance to
  /// the exact value on the same path, whose own mean is known.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void weakly(Stochastic method) {
    double coarse = bias(method, 2);
    double fine = bias(method, 8);
    double slope = Math.log(coarse / fine) / Math.log(4);
    assertEquals(method.order(), slope, 0.25, "from " + coarse + " to " + fine);
  }

  /// Additive noise: `dy = −y dt + σ dW` compared with its solution on steps 64 times smaller.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void stronglyOneWhereNoiseIsAdditive(Stochastic method) {
    double[] sums = new double[2];
    for (int seed = 0; seed < 400; seed++) {
      StochasticField field =
          StochasticField.of(
              VectorField.of(1, (t, y, dydt) -> dydt[0] = -y[0]),
              BrownianPath.of(seed, 1, 0, 1),
              StochasticField.Noise.ADDITIVE,
              (t, y, dw, out) -> out[0] = SIGMA * dw[0]);
      double exact = end(method, field, 4096);
      sums[0] += Math.abs(end(method, field, 8) - exact);
      sums[1] += Math.abs(end(method, field, 64) - exact);
    }
    double slope = Math.log(sums[0] / sums[1]) / Math.log(8);
    assertEquals(1, slope, 0.1);
  }

  /// Two processes that do not commute, in product form, against the same method on steps 64 times
  /// smaller: order ½ remains.
  @ParameterizedTest
  @EnumSource(names = {"EULER_MARUYAMA", "STOCHASTIC_HEUN"})
  void halfForGeneralNoise(Stochastic method) {
    double[] sums = new double[2];
    for (int seed = 0; seed < 600; seed++) {
      StochasticField field =
          StochasticField.of(
              VectorField.of(2, (t, y, dydt) -> dydt[0] = dydt[1] = 0),
              BrownianPath.of(seed, 2, 0, 1),
              StochasticField.Noise.GENERAL,
              (t, y, dw, out) -> {
                out[0] = dw[0];
                out[1] = y[0] * dw[1];
              });
      double exact = last(method, field, new double[] {0, 0}, 16_384)[1];
      sums[0] += Math.abs(last(method, field, new double[] {0, 0}, 16)[1] - exact);
      sums[1] += Math.abs(last(method, field, new double[] {0, 0}, 256)[1] - exact);
    }
    double slope = Math.log(sums[0] / sums[1]) / Math.log(16);
    assertEquals(0.5, slope, 0.08);
  }

  /// One process that turns the plane, `dy = σ J y dW` with `J² = −1`: a rotation by `σ W(t)`,
  /// which Itô's correction lengthens by `exp(σ² t/2)`. Slopes of means over 1000 paths.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void alsoWhereOneProcessMovesAllComponents(Stochastic method) {
    double slope = Math.log(turned(method, 32) / turned(method, 512)) / Math.log(16);
    assertEquals(method.strongOrder(), slope, 0.1);
  }

  private static double turned(Stochastic method, int steps) {
    double growth =
        switch (method.calculus()) {
          case ITO -> Math.exp(SIGMA * SIGMA / 2);
          case STRATONOVICH -> 1;
        };
    double sum = 0;
    for (int seed = 0; seed < 1000; seed++) {
      BrownianPath path = BrownianPath.of(seed, 1, 0, 1);
      StochasticField turning =
          StochasticField.of(
              VectorField.of(2, (t, y, dydt) -> dydt[0] = dydt[1] = 0),
              path,
              StochasticField.Noise.DIAGONAL,
              (t, y, dw, out) -> {
                out[0] = -SIGMA * y[1] * dw[0];
                out[1] = SIGMA * y[0] * dw[0];
              });
      double angle = SIGMA * path.at(1)[0];
      double[] exact = {growth * Math.cos(angle), growth * Math.sin(angle)};
      sum += Problem.distance(last(method, turning, new double[] {1, 0}, steps), exact);
    }
    return sum;
  }

  /// Two processes, each driving a geometric motion `x` and its derivative `y` by `σ`:
  ///
  ///     dx = σ x dW        dy = (x + σ y) dW
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void whereEachProcessDrivesComponentsOfItsOwn(Stochastic method) {
    double slope = Math.log(derived(method, 16) / derived(method, 256)) / Math.log(16);
    assertEquals(method.strongOrder(), slope, 0.1);
  }

  private static double derived(Stochastic method, int steps) {
    double late = method.calculus() == Stochastic.Calculus.ITO ? SIGMA : 0;
    double sum = 0;
    for (int seed = 0; seed < 1000; seed++) {
      BrownianPath path = BrownianPath.of(seed, 2, 0, 1);
      StochasticField pairs =
          StochasticField.of(
              VectorField.of(4, (t, y, dydt) -> Arrays.fill(dydt, 0)),
              path,
              StochasticField.Noise.SEPARATE,
              (t, y, dw, out) -> {
                for (int j = 0; j < 2; j++) {
                  out[j] = SIGMA * y[j] * dw[j];
                  out[2 + j] = (y[j] + SIGMA * y[2 + j]) * dw[j];
                }
              });
      double[] exact = new double[4];
      for (int j = 0; j < 2; j++) {
        double w = path.at(1)[j];
        exact[j] = Math.exp(SIGMA * w - SIGMA * late / 2);
        exact[2 + j] = exact[j] * (w - late);
      }
      sum += Problem.distance(last(method, pairs, new double[] {1, 1, 0, 0}, steps), exact);
    }
    return sum;
  }

  /// A cancelled and resumed solve uses the same path, with the same bits.
  @ParameterizedTest
  @EnumSource(Stochastic.class)
  void andASolveGoesOnOnTheSamePath(Stochastic method) {
    var field = geometric(BrownianPath.of(4, 1, 0, 1));
    var integrator = Integrator.of(method, StepSize.Constant.of(0.01, 100));
    double[] y0 = {1};
    Solution whole = integrator.solve(field, y0, 0, 1).orThrow();
    Solution part =
        integrator
            .withObserver(
                step -> {
                  if (step.index() == 36) {
                    step.cancel();
                  }
                })
            .solve(field, y0, 0, 1);
    assertEquals(Status.Reason.CANCELLED, part.status().reason());
    Solution rest = integrator.resume(field, part.checkpoint()).orThrow();
    assertEquals(whole.last()[0], rest.last()[0]);
    assertEquals(whole.stats(), rest.stats());
  }

  /// The Stratonovich equation is the same both ways: back along the path to the start, up to O(h).
  @Test
  void andStratonovichGoesBack() {
    var field = geometric(BrownianPath.of(9, 1, 0, 1));
    double there = end(Stochastic.STOCHASTIC_HEUN, field, 4096);
    double back =
        Integrator.of(Stochastic.STOCHASTIC_HEUN, StepSize.Constant.of(-1.0 / 4096, 4096))
            .solve(field, new double[] {there}, 1, 0)
            .orThrow()
            .last()[0];
    assertEquals(1, back, 1e-3);
    assertTrue(Math.abs(there - 1) > 0.1);
  }

  /// Solves backward if `steps` is negative.
  private static double meanDistance(Stochastic method, int steps) {
    double sum = 0;
    int paths = 2000;
    for (int seed = 0; seed < paths; seed++) {
      BrownianPath path = BrownianPath.of(seed, 1, 0, 1);
      double exact = exact(method, path, steps > 0 ? 1 : -1);
      sum += Math.abs(end(method, geometric(path), steps) - exact) / paths;
    }
    return sum;
  }

  private static double bias(Stochastic method, int steps) {
    double sum = 0;
    int paths = 50_000;
    for (int seed = 0; seed < paths; seed++) {
      BrownianPath path = BrownianPath.of(seed, 1, 0, 1);
      sum += end(method, geometric(path), steps) - exact(method, path, 1);
    }
    return Math.abs(sum / paths);
  }

  private static double exact(Stochastic method, BrownianPath path, int direction) {
    double correction =
        switch (method.calculus()) {
          case ITO -> -SIGMA * SIGMA / 2;
          case STRATONOVICH -> 0;
        };
    return Math.exp(direction * MU + correction + direction * SIGMA * path.at(1)[0]);
  }

  private static StochasticField geometric(BrownianPath path) {
    return StochasticField.of(
        VectorField.of(1, (t, y, dydt) -> dydt[0] = MU * y[0]),
        path,
        StochasticField.Noise.DIAGONAL,
        (t, y, dw, out) -> out[0] = SIGMA * y[0] * dw[0]);
  }

  private static double end(Stochastic method, StochasticField field, int steps) {
    return last(method, field, new double[] {1}, steps)[0];
  }

  private static double[] last(Stochastic method, StochasticField field, double[] y0, int steps) {
    var size = StepSize.Constant.of(1.0 / steps, Math.abs(steps));
    return Integrator.of(method, size)
        .solve(field, y0, steps > 0 ? 0 : 1, steps > 0 ? 1 : 0)
        .orThrow()
        .last();
  }
}
