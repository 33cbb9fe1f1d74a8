package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.Metric;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.neuralode.training.flow.NesterovFlow;
import org.flowline.neuralode.training.flow.RmspropFlow;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.PartitionedField;
import org.flowline.odesolvers.field.StochasticField;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stochastic;
import org.flowline.odesolvers.method.Symplectic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every flow with every method that suits it and with every kind of step descends; what does not
/// fit says so.
class OptimizersAreFlowMethodAndStep {
  private static final double[] START = {2, 3};

  static Stream<Flows> flows() {
    return Stream.of(
        Flows.gradient(),
        Flows.heavyBall(1),
        Flows.nesterov(NesterovFlow.vanishing(), 0.1),
        Flows.nesterov(NesterovFlow.constant(1), 0),
        Flows.rmsprop(0.1),
        Flows.adam(0.1),
        Flows.natural(Metric.euclidean(), 0.5),
        Flows.mirror(MirrorMap.positive()),
        Flows.langevin(1e6, 3, 100),
        Flows.modified(0.1));
  }

  @ParameterizedTest
  @MethodSource("flows")
  void withConstantSteps(Flows flow) {
    for (Method method : suited(flow, Methods.all().stream())) {
      Optimizer optimizer = Optimizer.of(flow, method, 0.05);
      String why = refusal(flow, method);
      Trainer trainer = Trainer.of(Losses.quadratic(1, 0.3), optimizer);
      if (why == null) {
        descends(optimizer, trainer.train(START, 40));
      } else {
        says(method.name() + why, () -> trainer.train(START, 40));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("flows")
  void withAdaptiveSteps(Flows flow) {
    for (Method method :
        suited(flow, Stream.concat(Methods.all().stream(), Methods.hipparchus().stream()))) {
      StepSize.Adaptive tolerances = StepSize.Adaptive.of(1e-6, 1e-6);
      if (!method.embedded()) {
        assertThrows(
            IllegalArgumentException.class, () -> Optimizer.of(flow, method, 0.05, tolerances));
        continue;
      }
      Optimizer optimizer = Optimizer.of(flow, method, 0.05, tolerances);
      String why = refusal(flow, method);
      Trainer trainer = Trainer.of(Losses.quadratic(1, 0.3), optimizer);
      if (why == null) {
        descends(optimizer, trainer.train(START, 40));
      } else {
        says(method.name() + why, () -> trainer.train(START, 40));
      }
    }
  }

  /// RMSprop starts where nothing has been averaged, and moves as `√τ` from there: no Jacobian
  /// exists at the start, and extrapolation is of no use. Explicit and partitioned methods pass.
  private static List<? extends Method> suited(Flows flow, Stream<? extends Method> methods) {
    boolean root = flow.apply(Losses.quadratic(1)) instanceof RmspropFlow;
    return methods
        .filter(
            method ->
                !root
                    || method instanceof Symplectic
                    || method instanceof Stochastic
                    || method instanceof ButcherTableau tableau && tableau.explicit())
        .toList();
  }

  /// The message after the method's name; null if flow and method fit.
  private static String refusal(Flows flow, Method method) {
    TrainingFlow on = flow.apply(Losses.quadratic(1, 0.3));
    boolean noise = on instanceof StochasticField;
    if (noise && !(method instanceof Stochastic)) {
      return ": the field has noise, want a method for it, such as EULER_MARUYAMA; or solve its"
          + " drift()";
    }
    if (!noise && method instanceof Stochastic) {
      return ": the field has no noise, want a StochasticField; implement it, or use EULER";
    }
    if (method instanceof Symplectic && !(on instanceof PartitionedField)) {
      return ": the field has one block, want a PartitionedField; implement it, or use EULER";
    }
    return null;
  }

  private static void descends(Optimizer optimizer, Trainer.Result result) {
    assertTrue(result.status().succeeded(), () -> optimizer + ": " + result.status());
    // From 2.6 at the start.
    assertTrue(result.loss() < 1.9, () -> optimizer + ": " + result.loss());
    double[] gradient = new double[2];
    assertEquals(
        Losses.quadratic(1, 0.3).gradient(0, result.theta(), gradient),
        result.loss(),
        1e-12,
        optimizer.toString());
  }

  /// `θ ← (1 − ηₖ) θ` with a learning rate of each step.
  @Test
  void withAGridOfLearningRates() {
    StepSize.Grid grid = StepSize.Grid.of(0, 0.5, 0.75, 0.875);
    Optimizer optimizer = Optimizer.of(Flows.gradient(), Methods.EULER, grid);
    Trainer trainer = Trainer.of(Losses.quadratic(1), optimizer);
    assertArrayEquals(
        new double[] {8 * 0.5 * 0.75 * 0.875}, trainer.train(new double[] {8}, 3).last());
    assertArrayEquals(new double[] {8 * 0.5 * 0.75}, trainer.train(new double[] {8}, 2).last());
    assertEquals(0.75, trainer.train(new double[] {8}, 2).time());
    says(
        "grid: 4 iterations on a grid of 3 steps; want no more",
        () -> trainer.train(new double[] {8}, 4));
    says(
        "grid: from 1.0 to 2.0; want times from 0 on",
        () -> Optimizer.of(Flows.gradient(), Methods.EULER, StepSize.Grid.of(1, 2)));
  }

  /// Adam with decay of θ alone: Loshchilov & Hutter (2019), algorithm 2.
  @Test
  void adamWIsAdamWithDecay() {
    Objective loss = Losses.quadratic(1, 0.3);
    assertArrayEquals(
        Trainer.of(loss, Optimizer.adam(0.1).withWeightDecay(0.2)).train(START, 50).last(),
        Trainer.of(loss, Optimizer.adamW(0.1, 0.2)).train(START, 50).last());
  }

  @Test
  void allTellWhatTheyAre() {
    List<String> told =
        Stream.of(
                Optimizer.nesterov(0.25),
                Optimizer.adamW(0.01, 0.1),
                Optimizer.proximalPoint(10),
                Optimizer.dampedNewton(2),
                Optimizer.adaptive(0.1, 1e-3),
                Optimizer.naturalGradient(0.5, Metric.euclidean(), 0),
                Optimizer.mirrorDescent(0.1, MirrorMap.simplex()),
                Optimizer.langevin(0.01, 2, 1),
                Optimizer.of(Flows.gradient(), Methods.RK4, 0.3),
                Optimizer.of(Flows.gradient(), Methods.EULER, StepSize.Grid.of(0, 1, 3)),
                Optimizer.gradientDescent(0.3).withClipping(1))
            .map(Optimizer::toString)
            .toList();
    assertEquals(
        List.of(
            "nesterov = Nesterov flow × SEMI_IMPLICIT_EULER × h = 0.5",
            "adamw = Adam flow, decay × SEMI_IMPLICIT_EULER × h = 0.01",
            "proximal-point = gradient flow × BACKWARD_EULER × h = 10.0",
            "damped-newton = gradient flow × LINEARLY_IMPLICIT_EULER × h = 2.0",
            "adaptive = gradient flow × DOPRI5 × steps to rtol 0.001, atol 0.001",
            "natural-gradient = natural-gradient flow × EULER × h = 0.5",
            "mirror-descent = mirror flow × EULER × h = 0.1",
            "langevin = Langevin flow × EULER_MARUYAMA × h = 0.01",
            "RK4 on gradient flow = gradient flow × RK4 × h = 0.3",
            "EULER on gradient flow = gradient flow × EULER × steps of a grid, h = 1.5 on average",
            "gradient-descent clipped = gradient flow of clipped gradients × EULER × h = 0.3"),
        told);
  }

  @Test
  void whatDoesNotFitIsRefusedWhenMade() {
    says("adaptive: step 0.0; want a positive number", () -> Optimizer.adaptive(0, 1e-3));
    says(
        "ADAMS_BASHFORTH: fixed steps, want an Adaptive step size, as the method chooses its own"
            + " steps; or use RK4",
        () -> Optimizer.of(Flows.gradient(), Methods.ADAMS_BASHFORTH, 0.1));
    assertThrows(NullPointerException.class, () -> new Flows(null, GradientFlow::new));
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  /// The Jacobian of such a flow is infinite at its start, which makes the first step arbitrary.
  @Test
  void linearlyImplicitMethodsWantSmoothFlows() {
    Objective bowl = Objective.traced(2, x -> x.square().sum());
    for (Flows flow : List.of(Flows.rmsprop(0.1), Flows.nesterov(NesterovFlow.vanishing(), 0))) {
      Trainer trainer = Trainer.of(bowl, Optimizer.of(flow, Methods.RODAS5P, 0.1));
      assertEquals(
          "train: RODAS5P linearises the flow, and the "
              + flow.name()
              + " has no derivative where it starts; want an explicit method, or KVAERNO5",
          assertThrows(IllegalArgumentException.class, () -> trainer.train(new double[2], 3))
              .getMessage());
    }
    Optimizer smooth =
        Optimizer.of(Flows.nesterov(NesterovFlow.vanishing(), 0.1), Methods.RODAS5P, 0.1);
    Trainer.Result result = Trainer.of(bowl, smooth).train(new double[] {1, 2}, 100).orThrow();
    assertTrue(result.loss() < 0.01, result.toString());
  }
}
