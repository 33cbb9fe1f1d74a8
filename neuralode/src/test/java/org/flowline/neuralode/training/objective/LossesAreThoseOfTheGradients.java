package org.flowline.neuralode.training.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.field.NoisyField;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.Checkpointed;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.ErrorControl;
import org.flowline.neuralode.gradient.ForwardSensitivity;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.InterpolatedAdjoint;
import org.flowline.neuralode.gradient.ReversibleAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Classifier;
import org.flowline.neuralode.training.Losses;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Reversible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The loss without a gradient has the bits of the loss with it, for every objective.
class LossesAreThoseOfTheGradients {
  private static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 5, 2);
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-5, 1e-5));
  private static final double[] TIMES = {0, 0.3, 1, 2.2};
  private static final List<double[]> ROWS =
      List.of(
          new double[] {1, 0},
          new double[] {0.8, -0.4},
          new double[] {0, -1},
          new double[] {-1, 0});

  private static TrajectoriesObjective one(GradientMethod method) {
    return TrajectoriesObjective.of(NeuralField.of(NETWORK, 1, 2), method, TIMES, ROWS);
  }

  private static TrajectoriesObjective several() {
    List<double[]> holes =
        List.of(new double[] {1, 0.1}, new double[] {Double.NaN, 2}, new double[] {0, Double.NaN});
    return TrajectoriesObjective.of(
        NeuralField.of(NETWORK, 1, 2),
        new DiscreteAdjoint(SOLVER),
        List.of(
            new TrajectoriesObjective.Series(TIMES, ROWS),
            new TrajectoriesObjective.Series(new double[] {0, 1, 1.5}, holes),
            new TrajectoriesObjective.Series(new double[] {3, 1, -1}, holes)));
  }

  private static Objective classifier() {
    SplittableRandom random = new SplittableRandom(7);
    List<double[]> rows =
        Stream.generate(() -> random.doubles(2, -1, 1).toArray()).limit(40).toList();
    int[] labels = rows.stream().mapToInt(row -> row[0] * row[1] > 0 ? 1 : 0).toArray();
    LabelledTable table = new LabelledTable(List.of("x", "y"), rows, List.of("a", "b"), labels);
    return Classifier.untrained(table, 5, Activation.TANH, random).objective(table);
  }

  private static NoisyObjective noisy() {
    NoisyField field =
        NoisyField.of(
            Parameters.none().with("w", 1),
            1,
            1,
            Shape.of(1, 1),
            NoisyField.Draw.normal(),
            (_, y, theta, noise) -> y.mul(noise).mul(theta.get("w").reshape(1, 1)).sin());
    return new NoisyObjective(
        TrajectoriesObjective.of(
            field,
            new DiscreteAdjoint(SOLVER),
            new double[] {0, 1},
            List.of(new double[] {1}, new double[] {2})),
        field,
        0.5,
        3);
  }

  private static Objective plain(Objective loss) {
    return Objective.of(loss.dimension(), (theta, gradient) -> loss.gradient(0, theta, gradient));
  }

  static Map<String, Objective> objectives() {
    Map<String, Objective> all = new LinkedHashMap<>();
    all.put(
        "function",
        Objective.of(
            3,
            (theta, gradient) -> {
              gradient[0] = 1;
              return Math.sin(theta[0]) / 3;
            }));
    all.put("traced", Losses.network());
    all.put("classifier", classifier());
    all.put("series", several());
    all.put("batches", MiniBatches.of(3, several()::batch).withSize(2, 0.5));
    all.put("plain samples", MiniBatches.of(3, samples -> plain(several().batch(samples))));
    all.put("clipped", new ClippedObjective(several(), 1e-3));
    all.put("noise", noisy());
    all.put(
        "curriculum",
        Curriculum.of(tau -> tau < 1 ? 0 : 1, s -> s == 0 ? one(adjoint()) : several()));
    Integrator rk4 = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 22));
    Integrator reversible =
        Integrator.of(Reversible.of(Methods.BOSH3), StepSize.Adaptive.of(1e-4, 1e-4));
    Integrator stiff = Integrator.of(Methods.KVAERNO5, StepSize.Adaptive.of(1e-5, 1e-5));
    List.of(
            adjoint(),
            new DiscreteAdjoint(rk4),
            new DiscreteAdjoint(stiff),
            new DiscreteAdjoint(SOLVER, 1),
            new Checkpointed(SOLVER, 3),
            new InterpolatedAdjoint(SOLVER),
            new InterpolatedAdjoint(rk4, SOLVER),
            new Backsolve(SOLVER),
            new Backsolve(SOLVER).withAnchors(5),
            new ReversibleAdjoint(reversible),
            new ForwardSensitivity(SOLVER),
            new ForwardSensitivity(stiff),
            new ForwardSensitivity(SOLVER).with(ErrorControl.STATE))
        .forEach(
            method -> all.put(all.size() + " " + method.getClass().getSimpleName(), one(method)));
    return all;
  }

  private static GradientMethod adjoint() {
    return new DiscreteAdjoint(SOLVER);
  }

  static Stream<String> names() {
    return objectives().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void toTheBit(String name) {
    Objective objective = objectives().get(name);
    SplittableRandom random = new SplittableRandom(5);
    double[] gradient = new double[objective.dimension()];
    for (int k = 0; k < 6; k++) {
      double tau = 0.5 * k;
      double[] theta = random.doubles(objective.dimension(), -0.7, 0.7).toArray();
      double alone = objective.loss(tau, theta);
      assertTrue(alone > -1 && alone != 0);
      assertEquals(objective.gradient(tau, theta, gradient), alone);
      assertEquals(alone, objective.loss(tau, theta), "after the gradient");
    }
  }

  /// A loss that cannot be computed is NaN and leaves the same failure.
  @Test
  void alsoWhereTheSolveFails() {
    for (Objective objective : List.of(several(), one(adjoint()))) {
      double[] theta = new double[objective.dimension()];
      Arrays.fill(theta, 1e200);
      assertTrue(Double.isNaN(objective.gradient(0, theta, new double[theta.length])));
      var failure = objective.failure().orElseThrow();
      assertTrue(Double.isNaN(objective.loss(0, theta)));
      assertEquals(failure.reason(), objective.failure().orElseThrow().reason());
    }
  }

  /// Evaluations by the solver's tableau, and neither gradients nor pullbacks.
  @Test
  void withoutPullbacks() {
    Integrator rk4 = Integrator.of(Methods.RK4, StepSize.Constant.of(0.1, 22));
    TrajectoriesObjective objective = one(new DiscreteAdjoint(rk4));
    for (Objective each : List.of(objective, new ClippedObjective(objective, 1))) {
      each.loss(0, new double[each.dimension()]);
    }
    assertEquals(2 * 22 * 4, objective.costs().evaluations());
    assertEquals(0, objective.costs().pullbacks());
    assertEquals(0, objective.costs().gradients());
  }
}
