package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.TwiceDifferentiableObjective.Curvature;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Objectives of every kind give their value, their gradient and, where they can, their Hessian.
class ObjectivesKnowTheirHessians {

  @Test
  void ofATracedLoss() {
    double[] theta = {0.3, -0.8};
    Curvature hessian = Losses.rosenbrock().hessian(0, theta);
    theta[0] = 7; // the Hessian stays where it was taken
    double[] column = new double[2];
    hessian.times(new double[] {1, 0}, column);
    assertArrayEquals(
        new double[] {2 - 400 * (-0.8 - 3 * 0.3 * 0.3), -400 * 0.3}, column, 1e-11, "closed form");
    hessian.times(new double[] {0, 1}, column);
    assertArrayEquals(new double[] {-400 * 0.3, 200}, column, 1e-11);
  }

  @Test
  void ofAPlainFunction() {
    Objective objective =
        Objective.of(
            1,
            (theta, gradient) -> {
              gradient[0] = Math.cos(theta[0]);
              return Math.sin(theta[0]);
            });
    double[] gradient = new double[1];
    assertEquals(Math.sin(2), objective.gradient(5, new double[] {2}, gradient));
    assertEquals(Math.cos(2), gradient[0]);
    assertThrows(IllegalArgumentException.class, () -> Objective.of(0, (_, _) -> 0));
    assertThrows(IllegalArgumentException.class, () -> Objective.traced(3, theta -> theta));
  }

  /// Against differences of the gradient, on the horizon in use.
  @Test
  void ofATrajectoryLossOnItsHorizon() {
    Mlp network = Mlp.of(Activation.TANH, 2, 4, 2);
    double[] theta = network.initial(new SplittableRandom(1));
    Integrator solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12));
    double[] times = {0, 0.4, 1};
    List<double[]> rows = List.of(new double[] {1, 2}, new double[] {3, 0}, new double[] {-1, 2});
    Curriculum objective =
        Curriculum.of(
            tau -> tau < 1 ? 2 : 3,
            points ->
                TrajectoriesObjective.of(
                    NeuralField.of(network, 1, 2),
                    new DiscreteAdjoint(solver),
                    Arrays.copyOf(times, points),
                    rows.subList(0, points)));
    double[] v = new SplittableRandom(2).doubles(theta.length, -1, 1).toArray();
    for (double tau : new double[] {0, 1}) {
      double[] product = new double[theta.length];
      objective.hessian(tau, theta).times(v, product);
      assertArrayEquals(differences(objective, tau, theta, v), product, 1e-6);
    }
  }

  /// Series of different lengths with a missing value, all at once and in batches.
  @Test
  void ofSeveralTrajectoriesAndTheirBatches() {
    Mlp network = Mlp.of(Activation.TANH, 2, 4, 2);
    double[] theta = network.initial(new SplittableRandom(1));
    Integrator solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12));
    TrajectoriesObjective all =
        TrajectoriesObjective.of(
            NeuralField.of(network, 1, 2),
            new DiscreteAdjoint(solver),
            List.of(
                new TrajectoriesObjective.Series(
                    new double[] {0, 0.4, 1},
                    List.of(
                        new double[] {1, 2}, new double[] {Double.NaN, 0}, new double[] {-1, 2})),
                new TrajectoriesObjective.Series(
                    new double[] {0, 2}, List.of(new double[] {0, 1}, new double[] {0.5, 0.5}))));
    MiniBatches batches = MiniBatches.of(all.size(), all::batch).withSize(1, 1);
    double[] v = new SplittableRandom(2).doubles(theta.length, -1, 1).toArray();
    for (TwiceDifferentiableObjective objective : List.of(all, batches)) {
      for (double tau : new double[] {0, 1}) {
        double[] product = new double[theta.length];
        objective.hessian(tau, theta).times(v, product);
        assertArrayEquals(differences(objective, tau, theta, v), product, 1e-6);
      }
    }
    MiniBatches plain = MiniBatches.of(2, _ -> Objective.of(theta.length, (_, _) -> 0));
    assertEquals(
        "hessian: the objective has no Hessian; want a TwiceDifferentiableObjective, such as"
            + " Objective.traced makes",
        assertThrows(IllegalArgumentException.class, () -> plain.hessian(0, theta)).getMessage());
  }

  /// `(∇L(θ + εv) − ∇L(θ − εv)) / 2ε`; error `ε²`, and the solver's tolerance over ε, 1e-7.
  private static double[] differences(Objective objective, double tau, double[] theta, double[] v) {
    double epsilon = 1e-5;
    double[] plus = new double[theta.length];
    double[] minus = new double[theta.length];
    double[] at = theta.clone();
    for (int i = 0; i < at.length; i++) {
      at[i] = theta[i] + epsilon * v[i];
    }
    objective.gradient(tau, at, plus);
    for (int i = 0; i < at.length; i++) {
      at[i] = theta[i] - epsilon * v[i];
    }
    objective.gradient(tau, at, minus);
    for (int i = 0; i < at.length; i++) {
      plus[i] = (plus[i] - minus[i]) / (2 * epsilon);
    }
    return plus;
  }
}
