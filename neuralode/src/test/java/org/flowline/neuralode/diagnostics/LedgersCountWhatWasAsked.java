package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepSize;
import org.junit.jupiter.api.Test;

/// A ledger's numbers are those that follow from the solver, the gradient method and the optimiser;
/// it changes no bit.
class LedgersCountWhatWasAsked {
  private static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 5, 2);
  private static final double[] START = NETWORK.initial(new SplittableRandom(1));
  private static final int STEPS = 8;

  private static TrajectoryObjective objective() {
    Integrator solver = Integrator.of(Methods.RK4, new StepSize.Constant(0.125, STEPS));
    return TrajectoryObjective.of(
        NeuralField.of(NETWORK, 1, 2),
        new DiscreteAdjoint(solver),
        new double[] {0, 1},
        List.of(new double[] {1, 2}, new double[] {0, 1}));
  }

  @Test
  void ofARunOfAdam() {
    int iterations = 20;
    TrajectoryObjective watched = objective();
    watched.gradient(0, START, new double[START.length]);
    CostLedger ledger = CostLedger.of(watched);
    Trainer.Result with = Trainer.of(ledger, Optimizer.adam(0.01)).train(START, iterations);
    Trainer.Result without = Trainer.of(objective(), Optimizer.adam(0.01)).train(START, iterations);
    assertArrayEquals(without.last(), with.last());
    CostLedger.Costs costs = ledger.costs();
    // One gradient for each iteration and one for the loss at the end; RK4 has four stages, each
    // evaluated once forward and pulled back once.
    assertEquals(iterations + 1, costs.gradients());
    assertEquals(4L * STEPS * costs.gradients(), costs.evaluations());
    assertEquals(4L * STEPS * costs.gradients(), costs.pullbacks());
    assertEquals(0, costs.products());
    // At least the gradient of θ that each result holds.
    assertTrue(costs.bytes() >= 8L * START.length * costs.gradients(), costs.toString());
  }

  @Test
  void ofTheSharpnessSeenAlongIt() {
    CostLedger ledger = CostLedger.of(objective());
    Optimizer descent = Optimizer.gradientDescent(0.01);
    Sharpness sharpness = Sharpness.of(ledger, descent).withEvery(5);
    Trainer.of(ledger, descent).withStepObserver(sharpness).train(START, 10);
    assertTrue(ledger.costs().products() > 0);
    assertEquals(sharpness.products(), ledger.costs().products());
  }
}
