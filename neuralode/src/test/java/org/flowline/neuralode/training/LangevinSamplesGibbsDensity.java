package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.LangevinFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.BrownianPath;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Langevin's flow by the method of Euler and Maruyama is the textbook's update along the same
/// noise, and what it samples has the density `e^(−βL)` over its integral.
class LangevinSamplesGibbsDensity {

  /// Bit for bit, the noise read off the same path.
  @Test
  void theUpdateIsTheTextbooks() {
    double eta = 0.25;
    double beta = 3;
    Objective loss = Losses.quadratic(1, 0.3, 2.1);
    BrownianPath path = BrownianPath.of(7, 3, 0, 16);
    LangevinFlow flow = new LangevinFlow(loss, beta, path);
    double[] theta = {2, 3, -1};
    double[] came =
        Integrator.of(Methods.EULER_MARUYAMA, StepSize.Constant.of(eta, 64))
            .solve(flow, theta, 0, 16)
            .last();
    double[] g = new double[3];
    for (int k = 0; k < 64; k++) {
      loss.gradient(0, theta, g);
      double[] now = path.at(k * eta);
      double[] next = path.at((k + 1) * eta);
      for (int i = 0; i < 3; i++) {
        theta[i] = theta[i] - eta * g[i] + Math.sqrt(2 / beta) * (next[i] - now[i]);
      }
    }
    // The order of two additions may differ: some units in the last place for each step.
    assertArrayEquals(theta, came, 64 * 4 * Math.ulp(1.0));
  }

  /// Iterates on `½aθ²`, `θ ← (1 − ηa) θ + √(2η/β) ξ`, have the variance `1/(βa (1 − ηa/2))`
  /// exactly: Gibbs' is `1/(βa)`. As many independent chains as there are parameters.
  @Test
  void ofAQuadraticTheNormalDistribution() {
    double eta = 0.2;
    double beta = 2;
    double[] a = new double[4000];
    Arrays.fill(a, 0.5);
    Objective loss =
        Objective.of(
            a.length,
            (theta, g) -> {
              Arrays.setAll(g, i -> a[i] * theta[i]);
              return 0;
            });
    // (1 − 0.1)^200 = 7e-10 of the start is left.
    double[] samples =
        Trainer.of(loss, Optimizer.langevin(eta, beta, 11)).train(new double[a.length], 200).last();
    double deviation = Math.sqrt(1 / (beta * 0.5 * (1 - eta * 0.5 / 2)));
    KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
    double p = test.kolmogorovSmirnovTest(new NormalDistribution(0, deviation), samples);
    assertTrue(p > 0.01, "p = " + p);
    double other = test.kolmogorovSmirnovTest(new NormalDistribution(0, 1.1 * deviation), samples);
    assertTrue(other < 0.01, "the test tells a deviation of 10 % apart");
    double[] again =
        Trainer.of(loss, Optimizer.langevin(eta, beta, 11)).train(new double[a.length], 200).last();
    assertArrayEquals(samples, again, "the same seed, the same bits");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Objective loss = Losses.quadratic(1, 2);
    says("langevin: beta 0.0; want β > 0", () -> Flows.langevin(0, 1, 1).apply(loss));
    says(
        "langevin: 3 processes for 2 parameters; want a process for each",
        () -> new LangevinFlow(loss, 1, BrownianPath.of(1, 3, 0, 1)));
    says(
        "flow: a schedule or weight decay would leave its noise as it is; want them in the"
            + " objective",
        () ->
            Trainer.of(loss, Optimizer.langevin(0.1, 1, 1).withWeightDecay(0.1))
                .train(new double[2], 1));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
