package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.gradient.TrajectoryHessian;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.ModifiedFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A solve that fails inside a loss, its gradient or its Hessian ends a training with the status of
/// the solve and the best θ; it is no exception. Trainings that fail in their first step restart
/// like all others.
class FailedSolvesEndTrainingsByStatus {
  private static final Status LOST =
      new Status(Status.Reason.NON_FINITE_STATE, 3, 0.1, 30, 0, "the tangent overflows");
  private static final double A = 10;

  /// `½ A θ²`, whose Hessian, or the products with it, fail below 0.3.
  private record Fragile(boolean atOnce) implements TwiceDifferentiableObjective {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] gradient) {
      gradient[0] = A * theta[0];
      return A / 2 * theta[0] * theta[0];
    }

    @Override
    public Curvature hessian(double tau, double[] theta) {
      boolean lost = theta[0] < 0.3;
      if (lost && atOnce) {
        LOST.requireSuccess();
      }
      return (v, product) -> {
        if (lost) {
          LOST.requireSuccess();
        }
        product[0] = A * v[0];
      };
    }
  }

  private static List<Optimizer> withHessian() {
    return List.of(
        Optimizer.dampedNewton(0.1),
        Optimizer.proximalPoint(0.1),
        Optimizer.naturalGradient(0.5, new Fragile(true)::hessian, 0),
        Optimizer.of(
            new Flows(
                "modified", loss -> new ModifiedFlow((TwiceDifferentiableObjective) loss, 0.01)),
            Methods.EULER,
            0.05));
  }

  @ParameterizedTest
  @MethodSource("withHessian")
  void ofAHessian(Optimizer optimizer) {
    for (boolean atOnce : new boolean[] {true, false}) {
      double[] start = {0.2};
      Trainer.Result result = Trainer.of(new Fragile(atOnce), optimizer).train(start, 100);
      assertEquals(LOST, result.status(), optimizer.name());
      assertArrayEquals(start, result.theta());
      assertEquals(A / 2 * 0.04, result.loss(), 1e-15);
    }
  }

  /// A slower flow has no Hessian, so that the method takes differences of gradients.
  @Test
  void ofAHessianUnlessDifferencesServe() {
    Trainer.Result result =
        Trainer.of(new Fragile(true), Optimizer.dampedNewton(0.1))
            .withSlowdowns(1)
            .train(new double[] {0.2}, 3);
    assertArrayEquals(
        new double[] {0.2 / 3.375}, result.orThrow().last(), 1e-8, "(1 + ηA/2)³ = 3.375");
  }

  /// `θ / (1 + ηA)` in each step, down to the edge.
  @Test
  void afterAllTheStepsThatCanBeMade() {
    double[] best =
        Trainer.of(new Fragile(true), Optimizer.dampedNewton(0.1))
            .train(new double[] {1}, 100)
            .theta();
    assertArrayEquals(new double[] {0.25}, best, 1e-12);
  }

  @Test
  void ofALoss() {
    Objective lost =
        Objective.of(
            1,
            (theta, gradient) -> {
              if (theta[0] < 0) {
                LOST.requireSuccess();
              }
              gradient[0] = 1;
              return theta[0];
            });
    Trainer.Result result =
        Trainer.of(lost, Optimizer.gradientDescent(1)).train(new double[] {2.5}, 9);
    assertEquals(LOST, result.status());
    assertEquals(0.5, result.theta()[0]);
  }

  @Test
  void ofTheTangentsOfATrajectory() {
    Parameters layout = Parameters.none().with("w", 1, 1);
    NeuralField field = NeuralField.of(layout, 1, 1, (_, y, theta) -> y.matmul(theta.get("w")));
    field.bind(new double[] {1});
    double[] times = {0, 1};
    TrajectoryHessian hessian =
        TrajectoryHessian.at(
            field,
            new double[] {1},
            times,
            TrajectoryLoss.meanSquaredError(List.of(new double[] {1}, new double[] {2})),
            Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6)));
    SolveException failure =
        assertThrows(SolveException.class, () -> hessian.times(new double[] {1e308}));
    assertEquals(Status.Reason.NON_FINITE_STATE, failure.status().reason());
  }

  /// No loss beyond 1. RK4 leaves the domain in a stage of its first step, and in halves of it.
  private static Trainer narrow() {
    Objective bowl =
        Objective.of(
            1,
            (theta, gradient) -> {
              gradient[0] = A * theta[0];
              return Math.abs(theta[0]) <= 1 ? A / 2 * theta[0] * theta[0] : Double.NaN;
            });
    return Trainer.of(bowl, Optimizer.of(Flows.gradient(), Methods.RK4, 0.5));
  }

  /// `R(−1.25)`, RK4's polynomial for a quarter of the step.
  private static final double QUARTER = 1 - 1.25 + 1.5625 / 2 - 1.953125 / 6 + 2.44140625 / 24;

  @Test
  void unlessASmallerFirstStepHelps() {
    double[] start = {0.9};
    assertFalse(narrow().train(start, 1).status().succeeded());
    assertArrayEquals(
        new double[] {0.9 * Math.pow(QUARTER, 4)},
        narrow().withRetries(2).train(start, 1).orThrow().last(),
        1e-12);
    assertArrayEquals(
        new double[] {0.9 * QUARTER},
        narrow().withSlowdowns(2).train(start, 1).orThrow().last(),
        1e-12);
  }

  /// Nothing is tried again where no θ has had a loss.
  @Test
  void atOnceWithoutALossAtTheStart() {
    Trainer.Result result =
        narrow().withRetries(30).withSlowdowns(30).train(new double[] {2}, 1000);
    assertEquals(Status.Reason.NON_FINITE_STATE, result.status().reason());
    assertEquals(4, result.stats().evaluations());
  }
}
