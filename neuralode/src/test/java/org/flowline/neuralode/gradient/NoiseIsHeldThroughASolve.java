package org.flowline.neuralode.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.field.NoisyField;
import org.flowline.neuralode.fixtures.ClockedNetwork;
import org.flowline.neuralode.fixtures.Differences;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.loss.TwiceDifferentiableLoss;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.objective.NoisyObjective;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A [NoisyField] is a smooth field for as long as its noise is held: through a solve, its
/// gradient, and a step of training.
class NoiseIsHeldThroughASolve {
  private static final ClockedNetwork NETWORK = ClockedNetwork.SMALL;
  private static final double[] TIMES = {0.3, 0.8, 1.4};
  private static final Shape HIDDEN = Shape.of(1, NETWORK.hidden());

  /// Dropout of hidden units, the same ones in every row.
  private static Var dropped(Var t, Var y, Parameters.View theta, Var mask) {
    Var hidden = y.matmul(theta.get("V")).add(theta.get("c").mul(t.sin())).add(theta.get("b"));
    return hidden.tanh().mul(mask).matmul(theta.get("W"));
  }

  private static NoisyField field(long seed) {
    NoisyField field =
        NoisyField.of(
            NETWORK.layout(),
            NETWORK.rows(),
            NETWORK.columns(),
            HIDDEN,
            NoisyField.Draw.mask(0.6),
            NoiseIsHeldThroughASolve::dropped);
    field.bind(NETWORK.theta(1));
    field.draw(new SplittableRandom(seed));
    return field;
  }

  /// The same with the mask written into the program.
  private static NeuralField written(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] mask = new double[HIDDEN.size()];
    Arrays.setAll(mask, _ -> NoisyField.Draw.mask(0.6).next(random));
    NeuralField field =
        NeuralField.of(
            NETWORK.layout(),
            NETWORK.rows(),
            NETWORK.columns(),
            (t, y, theta) -> dropped(t, y, theta, y.constant(HIDDEN, mask)));
    field.bind(NETWORK.theta(1));
    return field;
  }

  static Stream<GradientMethod> methods() {
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9));
    Integrator stiff = Integrator.of(Methods.RODAS5P, StepSize.Adaptive.of(1e-6, 1e-6));
    return Stream.of(
        new DiscreteAdjoint(solver),
        new DiscreteAdjoint(stiff),
        new Checkpointed(solver, 3),
        new Backsolve(solver),
        new InterpolatedAdjoint(solver),
        new ForwardSensitivity(solver));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void itIsTheFieldWithTheNoiseWrittenIn(GradientMethod method) {
    TrajectoryGradient[] all = new TrajectoryGradient[3];
    List<DifferentiableField> fields = List.of(field(7), written(7), field(8));
    for (int i = 0; i < 3; i++) {
      all[i] = method.gradient(fields.get(i), NETWORK.state(1), TIMES, NETWORK.trajectoryLoss(3));
      assertTrue(all[i].status().succeeded());
    }
    // One fuses its products otherwise than the other.
    assertEquals(all[1].loss(), all[0].loss(), 1e-14);
    assertTrue(Differences.relative(all[0].theta(), all[1].theta()) < 1e-9);
    assertTrue(Differences.relative(all[0].y0(), all[1].y0()) < 1e-9);
    assertTrue(Differences.relative(all[0].times(), all[1].times()) < 1e-9);
    assertTrue(Differences.relative(all[0].theta(), all[2].theta()) > 1e-2, "other noise");
  }

  @Test
  void theSameSeedGivesTheSameBitsAndHessians() {
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.11, 10));
    double[] direction = new SplittableRandom(4).doubles(NETWORK.layout().size()).toArray();
    List<double[]> gradients = new ArrayList<>();
    List<double[]> products = new ArrayList<>();
    NoisyField twice = field(5);
    for (DifferentiableField field : List.of(twice, twice, written(5))) {
      TwiceDifferentiableLoss loss =
          TrajectoryLoss.traced(TIMES.length, NETWORK.size(), ClockedNetwork::loss);
      gradients.add(
          new DiscreteAdjoint(solver).gradient(field, NETWORK.state(1), TIMES, loss).theta());
      products.add(
          TrajectoryHessian.at(field, NETWORK.state(1), TIMES, loss, solver).times(direction));
      twice.draw(new SplittableRandom(5));
    }
    assertArrayEquals(gradients.get(0), gradients.get(1));
    assertArrayEquals(products.get(0), products.get(1));
    assertTrue(Differences.relative(products.get(0), products.get(2)) < 1e-12);
  }

  /// `y' = y·A` with `q' = εᵀAε` for its log-density: over many solves, the trace of `A`.
  @Test
  void probesOfATraceAverageToIt() {
    double[] a = {0.5, -1.2, 0.7, 0.3, -0.9, 0.4, 1.1, 0.2, 0.8};
    Shape state = Shape.of(1, 3);
    Tape linear = Tape.record(state, y -> y.matmul(y.constant(Shape.of(3, 3), a)));
    Tape estimate = Derivative.hutchinson(linear, 0);
    NoisyField field =
        NoisyField.of(
            Parameters.none(),
            1,
            4,
            state,
            NoisyField.Draw.signs(),
            (_, y, _, probe) -> {
              List<Var> both = estimate.apply(List.of(y.slice(1, 0, 3), probe));
              return Var.concat(1, List.of(both.get(0), both.get(1).reshape(1, 1)));
            });
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.25, 4));
    int solves = 4000;
    double sum = 0;
    double squares = 0;
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < solves; i++) {
      field.draw(random);
      double q = solver.solve(field, new double[] {1, 2, 3, 0}, 0, 1).last()[3];
      sum += q;
      squares += q * q;
    }
    double mean = sum / solves;
    double error = Math.sqrt((squares / solves - mean * mean) / solves);
    assertTrue(error > 1e-3, "the estimates differ");
    assertEquals(0.5 - 0.9 + 0.8, mean, 4 * error);
  }

  /// All stages of a step have the same noise, and the next step another.
  @Test
  void withinAStepOfTrainingItStays() {
    NoisyField field =
        NoisyField.of(
            Parameters.none().with("w", 1),
            1,
            1,
            Shape.of(1, 6),
            NoisyField.Draw.normal(),
            (_, y, theta, noise) -> y.add(noise.sum()).add(theta.get("w").reshape(1, 1).mul(0)));
    List<Double> seen = new ArrayList<>();
    Objective watching =
        new Objective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] gradient) {
            double[] slope = new double[1];
            field.evaluate(0, new double[1], slope);
            seen.add(slope[0]);
            gradient[0] = slope[0];
            return 1;
          }
        };
    Optimizer rk4 = Optimizer.of(Flows.gradient(), Methods.RK4, 0.1);
    double[] first =
        Trainer.of(new NoisyObjective(watching, field, 0.1, 3), rk4).train(new double[1], 5).last();
    List<Double> steps = new ArrayList<>();
    for (int step = 0; step < 5; step++) {
      assertEquals(1, seen.subList(4 * step, 4 * step + 4).stream().distinct().count(), "" + seen);
      steps.add(seen.get(4 * step));
    }
    assertEquals(5, steps.stream().distinct().count(), "" + steps);
    double[] again =
        Trainer.of(new NoisyObjective(watching, field, 0.1, 3), rk4).train(new double[1], 5).last();
    assertArrayEquals(first, again);
    double[] other =
        Trainer.of(new NoisyObjective(watching, field, 0.1, 4), rk4).train(new double[1], 5).last();
    assertFalse(first[0] == other[0]);
  }

  /// The products of one Hessian have the same noise, also after another draw.
  @Test
  void theHessianIsThatOfTheNoiseInUse() {
    NoisyField field =
        NoisyField.of(
            Parameters.none().with("w", 1),
            1,
            1,
            Shape.of(1, 1),
            NoisyField.Draw.normal(),
            (_, y, theta, noise) -> y.mul(noise).mul(theta.get("w").reshape(1, 1)).sin());
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 10));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(
            field,
            new DiscreteAdjoint(solver),
            new double[] {0, 1},
            List.of(new double[] {1}, new double[] {2}));
    NoisyObjective noisy = new NoisyObjective(loss, field, 0.1, 3);
    double[] theta = {0.7};
    double[] products = new double[2];
    for (int k = 0; k < 2; k++) {
      double tau = 0.1 * k;
      double[] above = new double[1];
      double[] below = new double[1];
      noisy.gradient(tau, new double[] {theta[0] + 1e-5}, above);
      noisy.gradient(tau, new double[] {theta[0] - 1e-5}, below);
      var hessian = noisy.hessian(tau, theta);
      noisy.gradient(tau + 0.5, theta, new double[1]);
      double[] product = new double[1];
      hessian.times(new double[] {1}, product);
      // Central differences: 1e-10 of the third derivative, and 1e-16/1e-5 of rounding.
      assertEquals((above[0] - below[0]) / 2e-5, product[0], 1e-8);
      products[k] = product[0];
    }
    assertTrue(Math.abs(products[0] - products[1]) > 1e-3, "other noise, other curvature");
    NoisyObjective first = new NoisyObjective(Objective.of(1, (_, _) -> 0), field, 0.1, 3);
    says(
        "noisy objective: the objective has no Hessian; want a TwiceDifferentiableObjective, such"
            + " as Objective.traced makes",
        () -> first.hessian(0, theta));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    says("mask: kept 0.0; want a part in (0, 1]", () -> NoisyField.Draw.mask(0));
    says(
        "noisy objective: interval -1.0; want a number above 0",
        () -> new NoisyObjective(null, null, -1, 0));
    says("noisy field: θ has 1 values, want 42", () -> field(1).bind(new double[1]));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }
}
