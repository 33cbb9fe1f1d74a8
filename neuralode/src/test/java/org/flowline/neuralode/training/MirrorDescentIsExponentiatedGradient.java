package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.MirrorFlow;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Euler on the mirror flow of the entropy is the exponentiated gradient, also called
/// multiplicative weights.
class MirrorDescentIsExponentiatedGradient {
  private static final double[] START = {0.5, 0.25, 0.125, 0.125};

  @Test
  void onTheSimplex() {
    Objective loss = Losses.quadratic(3, 1, 0.4, 0.1);
    double eta = 0.1;
    double[] theta = START.clone();
    double[] g = new double[4];
    for (int k = 0; k < 200; k++) {
      loss.gradient(0, theta, g);
      double sum = 0;
      for (int i = 0; i < 4; i++) {
        theta[i] *= Math.exp(-eta * g[i]);
        sum += theta[i];
      }
      for (int i = 0; i < 4; i++) {
        theta[i] /= sum;
      }
    }
    Trainer.Result result =
        Trainer.of(loss, Optimizer.mirrorDescent(eta, MirrorMap.simplex())).train(START, 200);
    // A few roundings for each of 200 steps.
    assertArrayEquals(theta, result.last(), 200 * 4 * Math.ulp(1.0));
    assertEquals(1, Arrays.stream(result.last()).sum(), 1e-15);
    double[] gradient = new double[4];
    assertEquals(loss.gradient(0, result.theta(), gradient), result.loss(), "in θ, not in ζ");
  }

  @Test
  void onPositiveParameters() {
    Objective loss = Losses.quadratic(1, 2);
    double[] theta = {0.5, 3};
    double[] g = new double[2];
    for (int k = 0; k < 100; k++) {
      loss.gradient(0, theta, g);
      for (int i = 0; i < 2; i++) {
        theta[i] *= Math.exp(-0.1 * g[i]);
      }
    }
    Trainer.Result result =
        Trainer.of(loss, Optimizer.mirrorDescent(0.1, MirrorMap.positive()))
            .train(new double[] {0.5, 3}, 100);
    assertArrayEquals(theta, result.last(), 100 * 4 * Math.ulp(1.0));
  }

  /// Mirror descent with `ψ = ½‖θ‖²` is gradient descent, to the last bit.
  @Test
  void orGradientDescent() {
    Objective loss = Losses.rosenbrock();
    double[] start = {-1.2, 1};
    assertArrayEquals(
        Trainer.of(loss, Optimizer.gradientDescent(1e-3)).train(start, 100).last(),
        Trainer.of(loss, Optimizer.mirrorDescent(1e-3, MirrorMap.euclidean()))
            .train(start, 100)
            .last());
  }

  /// The flow of a linear loss `⟨c, θ⟩` on the simplex is the replicator's, `θᵢ ∝ θᵢ(0) e^(−cᵢτ)`.
  @Test
  void theFlowOfALinearLossIsTheReplicators() {
    double[] cost = {1, 0.5, 0.2, 2};
    Objective loss =
        Objective.of(
            4,
            (theta, g) -> {
              System.arraycopy(cost, 0, g, 0, 4);
              double sum = 0;
              for (int i = 0; i < 4; i++) {
                sum += cost[i] * theta[i];
              }
              return sum;
            });
    MirrorFlow flow = new MirrorFlow(loss, MirrorMap.simplex());
    double[] zeta =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(flow, flow.initialState(START), 0, 3)
            .last();
    double[] wanted = new double[4];
    Arrays.setAll(wanted, i -> START[i] * Math.exp(-3 * cost[i]));
    double sum = Arrays.stream(wanted).sum();
    Arrays.setAll(wanted, i -> wanted[i] / sum);
    assertArrayEquals(wanted, flow.parameters(zeta), 1e-12);
  }

  @Test
  void whatIsOutsideIsRefused() {
    Objective loss = Losses.quadratic(1, 1);
    Optimizer simplex = Optimizer.mirrorDescent(0.1, MirrorMap.simplex());
    says("simplex: parameters sum to 1.5, want 1; divide by their sum", simplex, 0.5, 1);
    says("simplex: parameter 0 is -0.5, want it above 0", simplex, -0.5, 1.5);
    says(
        "positive: parameter 1 is 0.0, want it above 0",
        Optimizer.mirrorDescent(0.1, MirrorMap.positive()),
        1,
        0);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Trainer.of(loss, simplex.withWeightDecay(0.1))
                        .train(new double[] {0.5, 0.5}, 1))
            .getMessage();
    assertTrue(message.startsWith("flow: its state are duals of θ"), message);
  }

  private static void says(String message, Optimizer optimizer, double... theta) {
    Trainer trainer = Trainer.of(Losses.quadratic(1, 1), optimizer);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> trainer.train(theta, 1)).getMessage());
  }
}
