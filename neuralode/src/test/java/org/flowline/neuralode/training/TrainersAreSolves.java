package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainersAreSolves {

  /// `L(θ) = ½ θ²`, until something goes wrong in a call.
  private static class Parabola implements Objective {
    private final int failing;
    private final double loss;
    private final double gradient;
    private int calls;

    /// Gives these numbers in the call `failing`, counted from 0, and later.
    Parabola(int failing, double loss, double gradient) {
      this.failing = failing;
      this.loss = loss;
      this.gradient = gradient;
    }

    Parabola() {
      this(Integer.MAX_VALUE, 0, 0);
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public double gradient(double tau, double[] theta, double[] into) {
      boolean fails = calls++ >= failing;
      into[0] = fails ? gradient : theta[0];
      return fails ? loss : theta[0] * theta[0] / 2;
    }
  }

  @Test
  void observersSeeEachIterationInOrderWithTheLossAtItsStart() {
    List<String> seen = new ArrayList<>();
    double[] theta = {8};
    Trainer.Result result =
        Trainer.of(new Parabola(), Optimizer.gradientDescent(0.5))
            .withObserver((k, loss, at) -> seen.add("first " + k + " " + loss + " " + at[0]))
            .withObserver((k, loss, at) -> seen.add("then " + k + " " + loss + " " + at[0]))
            .train(theta, 3);
    assertEquals(
        List.of(
            "first 0 32.0 8.0",
            "then 0 32.0 8.0",
            "first 1 8.0 4.0",
            "then 1 8.0 4.0",
            "first 2 2.0 2.0",
            "then 2 2.0 2.0"),
        seen);
    assertArrayEquals(new double[] {1}, result.last());
    assertArrayEquals(new double[] {1}, result.theta(), "the loss at the last θ counts");
    assertEquals(0.5, result.loss());
    assertEquals(3, result.stats().accepted());
    assertTrue(result.status().succeeded());
    assertArrayEquals(new double[] {8}, theta, "the caller's parameters stay");
  }

  @Test
  void resultsPrintLossIterationsAndStatus() {
    Trainer.Result result =
        Trainer.of(new Parabola(), Optimizer.gradientDescent(0.5)).train(new double[] {8}, 3);
    assertEquals(
        "loss 0.5000 after 3 iterations, SUCCESS: reached t = 1.5 in 3 steps", result.toString());
  }

  @Test
  void oneIterationIsEnough() {
    Trainer.Result result =
        Trainer.of(new Parabola(), Optimizer.gradientDescent(0.25)).train(new double[] {8}, 1);
    assertArrayEquals(new double[] {6}, result.theta());
    assertEquals(18, result.loss());
  }

  /// Each step with η = 2.5 overshoots to −1.5 θ.
  @Test
  void theBestIsKeptWhereItDiverges() {
    Trainer.Result result =
        Trainer.of(new Parabola(), Optimizer.gradientDescent(2.5)).train(new double[] {2}, 4);
    assertArrayEquals(new double[] {2}, result.theta());
    assertEquals(2, result.loss());
    assertArrayEquals(new double[] {2 * Math.pow(1.5, 4)}, result.last());
    assertTrue(result.status().succeeded());
  }

  /// Observers receive the loss at the start of each iteration, with every method.
  @Test
  void lossesAreThoseOfTheStartWithEveryMethod() {
    for (var method : List.of(Methods.MIDPOINT, Methods.HEUN, Methods.RK4, Methods.DOPRI5)) {
      Optimizer flow = Optimizer.of(Flows.gradient(), method, 0.3);
      Trainer.Result result =
          Trainer.of(new Parabola(), flow)
              .withObserver((_, loss, at) -> assertEquals(at[0] * at[0] / 2, loss))
              .train(new double[] {3}, 20);
      assertEquals(3 * Math.exp(-0.3 * 20), result.last()[0], 0.01);
    }
    Optimizer adaptive =
        Optimizer.of(Flows.gradient(), Methods.TSIT5, 0.3, StepSize.Adaptive.of(1e-8, 1e-8));
    Trainer.Result result =
        Trainer.of(new Parabola(), adaptive)
            .withObserver((_, loss, at) -> assertEquals(at[0] * at[0] / 2, loss))
            .train(new double[] {3}, 20);
    // dθ/dτ = −θ over τ = 20·0.3, at a tolerance of 1e-8 per step.
    assertEquals(3 * Math.exp(-6), result.last()[0], 1e-7);
  }

  enum Failure {
    LOSS_NAN(Double.NaN, 1),
    LOSS_INFINITE(Double.POSITIVE_INFINITY, 1),
    GRADIENT_NAN(1e9, Double.NaN),
    GRADIENT_INFINITE(1e9, Double.POSITIVE_INFINITY);

    private final double loss;
    private final double gradient;

    Failure(double loss, double gradient) {
      this.loss = loss;
      this.gradient = gradient;
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersThatAreNotFiniteEndItWithTheBestSoFar(Failure failure) {
    for (Optimizer optimizer :
        List.of(
            Optimizer.gradientDescent(0.5), Optimizer.heavyBall(0.25, 0.1), Optimizer.adam(0.5))) {
      List<Double> thetas = new ArrayList<>();
      Trainer.Result result =
          Trainer.of(new Parabola(5, failure.loss, failure.gradient), optimizer)
              .withObserver((_, _, theta) -> thetas.add(theta[0]))
              .train(new double[] {8}, 100);
      assertEquals(Status.Reason.NON_FINITE_STATE, result.status().reason());
      assertTrue(result.status().message().contains("try smaller steps"));
      assertEquals(5, thetas.size());
      double best = thetas.stream().min((a, b) -> Double.compare(a * a, b * b)).orElseThrow();
      assertArrayEquals(new double[] {best}, result.theta());
      assertEquals(best * best / 2, result.loss());
      assertEquals(5, result.stats().accepted());
      assertTrue(Double.isFinite(result.last()[0]));
    }
  }

  @Test
  void aStepThatCannotBeMadeMayStartFromTheBest() {
    Trainer.Result result =
        Trainer.of(new Parabola(3, 0.125, Double.NaN), Optimizer.gradientDescent(0.5))
            .train(new double[] {8}, 10);
    assertFalse(result.status().succeeded());
    assertArrayEquals(new double[] {1}, result.theta());
    assertEquals(0.125, result.loss());
  }

  @Test
  void anObjectiveThatNeverWorksLeavesTheStart() {
    Trainer.Result result =
        Trainer.of(new Parabola(0, Double.NaN, Double.NaN), Optimizer.adam(0.1))
            .train(new double[] {8}, 10);
    assertFalse(result.status().succeeded());
    assertArrayEquals(new double[] {8}, result.theta());
    assertArrayEquals(new double[] {8}, result.last());
    assertTrue(Double.isNaN(result.loss()));
  }

  /// The loss rises at the change of phase, as it does when a horizon grows; the loss of the
  /// best θ is computed again, and θ remains the best until a better one comes.
  @Test
  void theBestIsThatOfTheLastPhase() {
    Objective phased =
        new Parabola() {
          @Override
          public double gradient(double tau, double[] theta, double[] into) {
            double loss = super.gradient(tau, theta, into);
            return phase(tau) == 0 ? loss : loss + 100;
          }

          @Override
          public int phase(double tau) {
            return tau < 1.2 ? 0 : 1;
          }
        };
    List<Double> losses = new ArrayList<>();
    Trainer.Result result =
        Trainer.of(phased, Optimizer.gradientDescent(0.5))
            .withObserver((_, loss, _) -> losses.add(loss))
            .train(new double[] {8}, 4);
    assertEquals(List.of(32.0, 8.0, 2.0, 100.5), losses);
    assertEquals(100.125, result.loss());
    assertArrayEquals(new double[] {0.5}, result.theta());
  }

  /// A change of phase makes no bad parameters the best.
  @Test
  void theBestOutlivesAChangeOfPhase() {
    Objective phased =
        new Parabola() {
          @Override
          public int phase(double tau) {
            return tau < 5 ? 0 : 1;
          }
        };
    Trainer.Result result =
        Trainer.of(phased, Optimizer.gradientDescent(2.5)).train(new double[] {1}, 4);
    assertArrayEquals(new double[] {1}, result.theta(), "the steps diverge from the start");
    assertEquals(0.5, result.loss());
  }

  @Test
  void aSolveThatFailsInsideTellsWhy() {
    Objective failing =
        new Parabola(2, Double.NaN, Double.NaN) {
          @Override
          public Optional<Status> failure() {
            return Optional.of(
                new Status(Status.Reason.MAX_STEPS, 0.5, 0.1, 7, -1, "the inner solve's message"));
          }
        };
    Trainer.Result result =
        Trainer.of(failing, Optimizer.gradientDescent(0.5)).train(new double[] {8}, 10);
    assertEquals(Status.Reason.MAX_STEPS, result.status().reason());
    assertEquals("the inner solve's message", result.status().message());
    assertArrayEquals(new double[] {4}, result.theta());
  }

  /// A step so large that the trajectory overflows, in a real fit.
  @Test
  void aTrajectoryThatOverflowsKeepsTheBestSoFar() {
    NeuralField field = NeuralField.of(Mlp.of(Activation.IDENTITY, 1, 1), 1, 1);
    double[] times = {0, 1, 2, 3};
    List<double[]> data = List.of(new double[] {1}, new double[] {2}, row(4), row(8));
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-6));
    for (GradientMethod method : List.of(new DiscreteAdjoint(solver), new Backsolve(solver))) {
      TrajectoriesObjective objective = TrajectoriesObjective.of(field, method, times, data);
      Trainer.Result result =
          Trainer.of(objective, Optimizer.gradientDescent(1e3)).train(new double[] {0.1, 0}, 50);
      assertFalse(result.status().succeeded());
      assertEquals(objective.failure(), Optional.of(result.status()));
      assertTrue(Double.isFinite(result.loss()));
      assertEquals(objective.loss(0, result.theta()), result.loss());
      assertTrue(objective.costs().evaluations() > 0 && objective.costs().pullbacks() > 0);
    }
  }

  private static double[] row(double value) {
    return new double[] {value};
  }

  @Test
  void aGrowingHorizonUsesAsManyPoints() {
    NeuralField field = NeuralField.of(Mlp.of(Activation.TANH, 1, 3, 1), 1, 1);
    double[] times = {0, 1, 2, 3};
    List<double[]> data = List.of(row(1), row(2), row(4), row(8));
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Grid.of(0, 0.5, 1));
    DoubleToIntFunction growing = tau -> Math.clamp((int) tau, 2, 4);
    Curriculum objective =
        Curriculum.of(
            growing,
            points ->
                TrajectoriesObjective.of(
                    field,
                    new DiscreteAdjoint(solver),
                    Arrays.copyOf(times, points),
                    data.subList(0, points)));
    assertEquals(2, objective.phase(-5));
    assertEquals(2, objective.phase(2.9));
    assertEquals(3, objective.phase(3));
    assertEquals(4, objective.phase(99));
    // At θ = 0 the state rests at its start: the residuals are 0 and 1.
    double[] gradient = new double[field.parameterCount()];
    assertEquals(0.5, objective.gradient(0, new double[field.parameterCount()], gradient));
    // ∂L/∂(last bias) = ½ · 2 · (1 − 2) · ∂y(1)/∂b, where y(1) = 1 + b.
    assertEquals(-1, gradient[gradient.length - 1], 1e-15);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Trainer trainer = Trainer.of(new Parabola(), Optimizer.adam(0.1));
    says("train: θ has 2 values, the objective wants 1", () -> trainer.train(new double[2], 3));
    says("train: 0 iterations; want 1 or more", () -> trainer.train(new double[1], 0));
    NeuralField field = NeuralField.of(Mlp.of(Activation.TANH, 1, 1), 1, 1);
    GradientMethod method =
        new DiscreteAdjoint(Integrator.of(Methods.EULER, StepSize.Constant.of(1, 1)));
    says(
        "series: 2 times and 1 rows; want two or more of each, and as many",
        () -> TrajectoriesObjective.of(field, method, new double[2], List.of(row(1))));
    says(
        "trajectories objective: a row of 2 values; the field has 1 components",
        () ->
            TrajectoriesObjective.of(
                field, method, new double[] {0, 1}, List.of(new double[2], new double[2])));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
