package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Euler with `h = η` on the gradient flow is `θ ← θ − η∇L(θ)`. Bit for bit: no tolerance anywhere
/// here.
class GradientDescentIsEuler {
  private static final int ITERATIONS = 300;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.03, 1.0 / 3, 0.7, 0.25})
  void onAQuadratic(double eta) {
    check(eta, Losses.quadratic(1, 0.3, 2.1), -1.5, 0.2, 7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.0007, 1.0 / 3000})
  void onRosenbrock(double eta) {
    check(eta, Losses.rosenbrock(), -1.2, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.03, 1.0 / 3})
  void onTheLossOfANetwork(double eta) {
    double[] theta = Losses.NETWORK.initial(new SplittableRandom(1));
    check(eta, Losses.network(), theta);
  }

  private static void check(double eta, Objective objective, double... theta) {
    double[] descended = descended(eta, objective, theta);
    Trainer.Result result =
        Trainer.of(objective, Optimizer.gradientDescent(eta)).train(theta, ITERATIONS);
    assertTrue(result.status().succeeded());
    assertArrayEquals(descended, result.last());

    StepSize.Constant steps = StepSize.Constant.of(eta, ITERATIONS);
    GradientFlow flow = new GradientFlow(objective);
    assertArrayEquals(
        descended, Integrator.of(Methods.EULER, steps).solve(flow, theta, 0, steps.end(0)).last());

    double[] gradient = new double[theta.length];
    double loss = objective.gradient(0, descended, gradient);
    assertTrue(loss < objective.gradient(0, theta, gradient), "it descends");
    assertEquals(loss, result.loss(), "the last θ is the best one");
    assertEquals(ITERATIONS, result.stats().evaluations());
  }

  /// The textbook's loop.
  private static double[] descended(double eta, Objective objective, double[] start) {
    double[] theta = start.clone();
    double[] gradient = new double[theta.length];
    for (int k = 0; k < ITERATIONS; k++) {
      objective.gradient(0, theta, gradient);
      for (int i = 0; i < theta.length; i++) {
        theta[i] = theta[i] - eta * gradient[i];
      }
    }
    return theta;
  }
}
