package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.neuralode.training.objective.MiniBatches;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The lost loss equals the dissipation of the flow, up to an error that falls with the order of
/// the method.
class EnergyBalancesCloseAtTheSolversOrder {

  static Stream<Method> methods() {
    return Stream.of(Methods.EULER, Methods.HEUN, Methods.RK4);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void alongTheGradientFlow(Method method) {
    TwiceDifferentiableObjective loss =
        Objective.traced(2, x -> x.square().mul(0.5).add(x.square().square().mul(0.25)).sum());
    double[] start = {1, -0.7};
    EnergyBalance.Balance coarse = balance(loss, new GradientFlow(loss), start, method, 0.02, 50);
    EnergyBalance.Balance fine = balance(loss, new GradientFlow(loss), start, method, 0.01, 100);
    assertTrue(coarse.lost() > 0.5, coarse.toString());
    assertEquals(0, coarse.gradients(), "two losses; the slopes are at hand");
    // The next term of the error is h λ, at most 0.08 times some constant, of the first.
    assertEquals(method.order(), Math.log(coarse.gap() / fine.gap()) / Math.log(2), 0.4);
  }

  /// `½x²` from 1: lost `(1 − e^{−2T})/2`; Euler's sum is geometric.
  @Test
  void ofAQuadraticBothSidesAreClosedForms() {
    TwiceDifferentiableObjective loss = Objective.traced(1, x -> x.square().sum().mul(0.5));
    EnergyBalance balance = EnergyBalance.of(loss, Optimizer.gradientDescent(0.1));
    Trainer.of(loss, Optimizer.gradientDescent(0.1))
        .withStepObserver(balance)
        .train(new double[] {1}, 10);
    double last = Math.pow(0.9, 20);
    assertEquals((1 - last) / 2, balance.balance().lost(), 1e-14);
    assertEquals(0.1 * (1 - last) / (1 - 0.81), balance.balance().dissipated(), 1e-14);
    assertEquals(1 - 2 * 0.1 / 0.19, balance.balance().gap(), 1e-13);
  }

  /// Momentum and averages: the trapezoidal rule along the steps.
  @Test
  void alongAdamWithOrderTwo() {
    TwiceDifferentiableObjective loss = Networks.loss();
    AdamFlow flow = new AdamFlow(loss, 0.4);
    EnergyBalance.Balance coarse =
        balance(loss, flow, Networks.start(), Methods.SEMI_IMPLICIT_EULER, 0.02, 40);
    EnergyBalance.Balance fine =
        balance(loss, flow, Networks.start(), Methods.SEMI_IMPLICIT_EULER, 0.01, 80);
    assertEquals(41, coarse.gradients());
    assertEquals(2, Math.log(Math.abs(coarse.gap() / fine.gap())) / Math.log(2), 0.35);
    assertTrue(Math.abs(coarse.gap()) < 0.02, coarse.toString());
  }

  /// The balance of a mirror flow, whose state is not θ, is taken for θ.
  @Test
  void alongMirrorDescent() {
    TwiceDifferentiableObjective loss = Objective.traced(2, x -> x.square().sum().mul(0.5));
    double[] gaps = new double[2];
    for (int i = 0; i < 2; i++) {
      Optimizer descent = Optimizer.mirrorDescent(0.05 / (1 + i), MirrorMap.positive());
      EnergyBalance balance = EnergyBalance.of(loss, descent);
      Trainer.of(loss, descent)
          .withStepObserver(balance)
          .train(new double[] {1, 0.5}, 20 * (1 + i));
      gaps[i] = balance.balance().gap();
    }
    // For a quadratic loss the trapezoidal rule is exact along straight steps.
    assertEquals(0, gaps[0], 1e-13);
    assertEquals(0, gaps[1], 1e-13);
  }

  /// A loss that doubles at `τ = 1`: nothing was dissipated there, and nothing is counted.
  @Test
  void overTheJumpsOfAnObjectiveNothingIsLost() {
    Objective doubling =
        new Objective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] gradient) {
            double factor = 1 + phase(tau);
            gradient[0] = factor * theta[0];
            return factor * theta[0] * theta[0] / 2;
          }

          @Override
          public int phase(double tau) {
            return tau < 1 ? 0 : 1;
          }
        };
    Optimizer flow = Optimizer.of(Flows.gradient(), Methods.RK4, 0.05);
    EnergyBalance balance = EnergyBalance.of(doubling, flow);
    Trainer.of(doubling, flow).withStepObserver(balance).train(new double[] {1}, 40);
    double lost = (1 - Math.exp(-2)) / 2 + (Math.exp(-2) - Math.exp(-6));
    // RK4's error of this step, 0.1⁴/120 with a margin.
    assertEquals(lost, balance.balance().lost(), 1e-5);
    assertEquals(lost, balance.balance().dissipated(), 1e-5);
    assertEquals(0, balance.balance().gradients());
  }

  static Stream<Optimizer> changed() {
    Optimizer descent = Optimizer.gradientDescent(0.02);
    return Stream.of(
        descent.withClipping(0.5),
        descent.withSchedule(Schedule.cosine(60)),
        descent.withWeightDecay(0.3),
        Optimizer.of(Flows.modified(0.02), Methods.RK4, 0.01),
        Optimizer.adaptive(0.05, 1e-2),
        Optimizer.of(Flows.gradient(), Methods.TSIT5, 0.05, StepSize.Adaptive.of(1e-2, 1e-2)));
  }

  /// The trapezoidal rule is exact for a quadratic loss along straight steps of any flow.
  @ParameterizedTest
  @MethodSource("changed")
  void whateverMovedTheta(Optimizer optimizer) {
    TwiceDifferentiableObjective loss =
        Objective.traced(2, x -> x.square().mul(x.constant(Shape.of(2), 0.5, 40)).sum());
    EnergyBalance balance = EnergyBalance.of(loss, optimizer);
    Trainer.of(loss, optimizer).withStepObserver(balance).train(new double[] {1, 0.5}, 60);
    assertTrue(balance.balance().lost() > 5, balance.balance().toString());
    assertEquals(0, balance.balance().gap(), 1e-12, balance.balance().toString());
  }

  /// The last step ends where the target is.
  @Test
  void upToATarget() {
    TwiceDifferentiableObjective loss = Objective.traced(1, x -> x.square().sum().mul(0.5));
    for (Method method : List.of(Methods.EULER, Methods.RK4)) {
      Optimizer flow = Optimizer.of(Flows.gradient(), method, 0.01);
      EnergyBalance balance = EnergyBalance.of(loss, flow);
      Trainer.of(loss, flow)
          .withStepObserver(balance)
          .withTarget(0.1)
          .train(new double[] {1}, 1000);
      assertEquals(0.4, balance.balance().lost(), 1e-9);
      // Euler's h Σ‖k‖² is off by ηλ/2 of itself.
      double off = method == Methods.EULER ? 0.006 : 1e-8;
      assertEquals(0, balance.balance().gap(), off, method.name());
    }
  }

  /// A jump between two runs is not part of the balance.
  @Test
  void ofTwoRunsItIsTheSum() {
    TwiceDifferentiableObjective loss = Objective.traced(1, x -> x.square().sum().mul(0.5));
    Optimizer descent = Optimizer.gradientDescent(0.1);
    EnergyBalance balance = EnergyBalance.of(loss, descent);
    Trainer trainer = Trainer.of(loss, descent).withStepObserver(balance);
    trainer.train(new double[] {1}, 10);
    EnergyBalance.Balance one = balance.balance();
    trainer.train(new double[] {1}, 10);
    assertEquals(2 * one.lost(), balance.balance().lost(), 1e-14);
    assertEquals(2 * one.dissipated(), balance.balance().dissipated(), 1e-14);
  }

  /// A rate of 3 on `½x²` doubles `x` until there is no loss; training restarts from its best θ,
  /// the start, at half the speed, which halves `x`.
  @Test
  void whereTrainingGoesBackWhatLedAstrayDoesNotCount() {
    TwiceDifferentiableObjective loss = Objective.traced(1, x -> x.square().sum().mul(0.5));
    Optimizer descent = Optimizer.gradientDescent(3);
    EnergyBalance balance = EnergyBalance.of(loss, descent);
    FlowDistance distance = FlowDistance.of(loss, descent).withSteps(2000);
    Trainer.of(loss, descent)
        .withSlowdowns(2)
        .withStepObserver(balance)
        .withStepObserver(distance)
        .train(new double[] {1}, 1100)
        .orThrow();
    assertEquals(0.5, balance.balance().lost(), 1e-12);
    assertEquals(0.5, balance.balance().dissipated(), 1e-12, "the trapezoidal rule is exact");
    assertEquals(
        "training restarted at another speed",
        distance.failure().orElse("watched on: " + distance.points().size()));
  }

  @Test
  void batchesAreRefused() {
    MiniBatches batches =
        MiniBatches.of(4, samples -> Objective.of(1, (_, gradient) -> gradient[0] = samples[0]))
            .withSize(2, 1);
    assertEquals(
        "energy balance: the objective varies from step to step; want the one of all samples",
        assertThrows(
                IllegalArgumentException.class,
                () -> EnergyBalance.of(batches, Optimizer.gradientDescent(1)))
            .getMessage());
  }

  private static EnergyBalance.Balance balance(
      Objective loss, TrainingFlow flow, double[] start, Method method, double h, int steps) {
    EnergyBalance balance =
        EnergyBalance.of(loss, Optimizer.of(new Flows("flow", _ -> flow), method, h));
    Integrator.of(method, StepSize.Constant.of(h, steps))
        .withObserver(balance)
        .solve(flow, flow.initialState(start), 0, h * steps)
        .orThrow();
    return balance.balance();
  }
}
