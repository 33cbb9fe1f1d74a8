package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.MirrorMap;
import org.flowline.neuralode.training.objective.Curriculum;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The observed distance of descent from the flow is the closed form's, and under its bound.
class DescentStaysWithinItsBoundOfTheFlow {

  private static List<FlowDistance.Point> observed(
      TwiceDifferentiableObjective loss, Optimizer optimizer, double[] start, int steps) {
    FlowDistance distance = FlowDistance.of(loss, optimizer);
    Trainer.of(loss, optimizer).withStepObserver(distance).train(start, steps);
    assertTrue(distance.products() >= steps, "two Hessians in each step");
    assertTrue(distance.gradients() >= 6L * steps, "six stages or more in each step");
    return distance.points();
  }

  /// `½λx²`, up- and downwards: `|(1 − ηλ)ᵏ − e^{−λkη}|`, and what the recursion makes of
  /// constants.
  @Test
  void ofQuadraticsBothAreClosedForms() {
    for (double lambda : new double[] {2, -1.5}) {
      TwiceDifferentiableObjective loss =
          Objective.traced(1, x -> x.square().sum().mul(lambda / 2));
      double eta = 0.05;
      List<FlowDistance.Point> points =
          observed(loss, Optimizer.gradientDescent(eta), new double[] {1}, 30);
      double bound = 0;
      for (int k = 1; k <= 30; k++) {
        FlowDistance.Point at = points.get(k - 1);
        double before = Math.pow(1 - eta * lambda, k - 1);
        double exact = Math.abs(before * (1 - eta * lambda) - Math.exp(-lambda * k * eta));
        assertEquals(exact, at.distance(), 1e-9, "the flow's tolerance");
        // ∫ e^{−λ(η−s)} λ²x s ds = x (e^{−λη} − 1 + λη): here the bound is the distance itself.
        bound =
            Math.exp(-lambda * eta) * bound + before * (Math.exp(-lambda * eta) - 1 + lambda * eta);
        assertEquals(bound, at.bound(), 1e-12 * bound);
        assertEquals(exact, at.bound(), 1e-9);
        assertEquals(lambda, at.smallest(), 1e-12);
        assertEquals(lambda, at.largest(), 1e-12);
      }
    }
  }

  @Test
  void ofANetworkItIsBelowItsBoundAndOfOrderOne() {
    TwiceDifferentiableObjective loss = Networks.loss();
    double[] last = new double[2];
    for (int i = 0; i < 2; i++) {
      int steps = 20 << i;
      List<FlowDistance.Point> points =
          observed(loss, Optimizer.gradientDescent(1.0 / steps), Networks.start(), steps);
      for (FlowDistance.Point at : points) {
        assertTrue(at.distance() > 0 && at.distance() < at.bound(), at.toString());
      }
      last[i] = points.getLast().distance();
    }
    assertEquals(2, last[0] / last[1], 0.3);
  }

  @Test
  void otherMethodsHaveADistanceAndNoBound() {
    Optimizer flow = Optimizer.of(Flows.gradient(), Methods.RK4, 0.05);
    FlowDistance.Point last = observed(Networks.loss(), flow, Networks.start(), 20).getLast();
    assertTrue(last.distance() < 1e-4 && Double.isNaN(last.bound()), last.toString());
  }

  static List<Optimizer> others() {
    Optimizer descent = Optimizer.gradientDescent(0.1);
    return List.of(
        Optimizer.heavyBall(0.1, 0.9),
        Optimizer.adam(0.1),
        Optimizer.mirrorDescent(0.1, MirrorMap.positive()),
        Optimizer.naturalGradient(0.1, Networks.loss()::hessian, 1),
        Optimizer.langevin(0.1, 1, 1),
        Optimizer.of(Flows.modified(0.1), Methods.EULER, 0.1),
        descent.withSchedule(Schedule.cosine(10)),
        descent.withWeightDecay(0.1),
        descent.withClipping(1));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatDoesNotFollowTheFlowIsRefused(Optimizer other) {
    assertEquals(
        "flow distance: θ does not move along −∇L alone; want gradient descent, or another method"
            + " on the gradient flow, without schedule, decay, clipping or batches",
        assertThrows(IllegalArgumentException.class, () -> FlowDistance.of(Networks.loss(), other))
            .getMessage());
  }

  /// A second run is held against the flow from its own start.
  @Test
  void runsStartFromScratch() {
    Optimizer descent = Optimizer.gradientDescent(0.05);
    TwiceDifferentiableObjective loss = Networks.loss();
    FlowDistance both = FlowDistance.of(loss, descent);
    Trainer trainer = Trainer.of(loss, descent).withStepObserver(both);
    trainer.train(Networks.start(), 20);
    trainer.train(Networks.start(), 20);
    List<FlowDistance.Point> points = both.points();
    assertEquals(points.subList(0, 20), points.subList(20, 40));
  }

  /// A flat bowl that becomes a steep one: each step has the bound of its phase.
  @Test
  void whenTheLossChangesItsPhase() {
    TwiceDifferentiableObjective flat = Objective.traced(1, x -> x.square().sum().mul(5e-4));
    TwiceDifferentiableObjective steep =
        Objective.traced(1, x -> x.square().square().sum().mul(0.5));
    Curriculum stages =
        Curriculum.of(tau -> tau < 0.95 ? 0 : 1, stage -> stage == 0 ? flat : steep);
    Curriculum watched =
        Curriculum.of(tau -> tau < 0.95 ? 0 : 1, stage -> stage == 0 ? flat : steep);
    Optimizer descent = Optimizer.gradientDescent(0.1);
    FlowDistance distance = FlowDistance.of(watched, descent);
    Trainer.of(stages, descent).withStepObserver(distance).train(new double[] {1}, 30).orThrow();
    assertEquals(30, distance.points().size());
    for (FlowDistance.Point at : distance.points()) {
      // The flow is solved to 1e-10, which the bound does not include.
      assertTrue(at.distance() <= at.bound() + 1e-9, at.toString());
    }
    assertTrue(distance.points().get(12).distance() > 1e-3, "it is not nothing");
  }

  /// The observation ends where the curvature cannot be computed, and training continues.
  @Test
  void aWatchThatFailsStopsNothing() {
    TwiceDifferentiableObjective bowl = Objective.traced(1, x -> x.square().sum().mul(0.5));
    TwiceDifferentiableObjective failing =
        new TwiceDifferentiableObjective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public double gradient(double tau, double[] theta, double[] gradient) {
            return bowl.gradient(tau, theta, gradient);
          }

          @Override
          public Curvature hessian(double tau, double[] theta) {
            throw new ArithmeticException("no curvature at " + theta[0]);
          }
        };
    Optimizer descent = Optimizer.gradientDescent(0.1);
    FlowDistance distance = FlowDistance.of(failing, descent);
    Trainer.of(failing, descent).withStepObserver(distance).train(new double[] {1}, 30).orThrow();
    assertEquals("no curvature at 1.0", distance.failure().orElseThrow());
    assertEquals(List.of(), distance.points());
  }
}
