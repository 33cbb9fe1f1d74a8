package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.training.flow.Flows;
import org.flowline.neuralode.training.flow.ModifiedFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.api.Test;

/// Gradient descent is nearer to the modified flow than to the gradient flow: by one more power of
/// the step.
class DescentFollowsTheModifiedFlow {
  private static final double[] START = {-0.5, 0.6};

  private static double[] flown(VectorField flow) {
    return Integrator.of(Methods.DOP853, StepSize.Adaptive.of(1e-13, 1e-13))
        .solve(flow, START, 0, 0.1)
        .orThrow()
        .last();
  }

  private static double distance(int steps, VectorField flow) {
    double[] descent =
        Trainer.of(Losses.rosenbrock(), Optimizer.gradientDescent(0.1 / steps))
            .train(START, steps)
            .last();
    double[] wanted = flown(flow);
    return Math.hypot(descent[0] - wanted[0], descent[1] - wanted[1]);
  }

  @Test
  void bySecondOrder() {
    double plain = distance(800, new GradientFlow(Losses.rosenbrock()));
    double plainHalf = distance(1600, new GradientFlow(Losses.rosenbrock()));
    assertEquals(1, Math.log(plain / plainHalf) / Math.log(2), 0.05);
    double modified = distance(800, new ModifiedFlow(Losses.rosenbrock(), 0.1 / 800));
    double modifiedHalf = distance(1600, new ModifiedFlow(Losses.rosenbrock(), 0.1 / 1600));
    assertEquals(2, Math.log(modified / modifiedHalf) / Math.log(2), 0.05);
  }

  /// The flow of a quadratic: `dθᵢ/dτ = −(aᵢ + η/2 aᵢ²) θᵢ`.
  @Test
  void withItsClosedFormOnAQuadratic() {
    double[] rate = new double[2];
    new ModifiedFlow(Losses.quadratic(3, 0.5), 0.2).evaluate(0, new double[] {2, 5}, rate);
    assertArrayEquals(new double[] {-(3 + 0.1 * 9) * 2, -(0.5 + 0.1 * 0.25) * 4}, rate, 1e-14);
  }

  @Test
  void objectivesWithoutHessianAreRefused() {
    Objective plain = Objective.of(1, (_, _) -> 0);
    assertEquals(
        "modified flow: the objective has no Hessian; want a TwiceDifferentiableObjective, such as"
            + " Objective.traced makes",
        assertThrows(IllegalArgumentException.class, () -> Flows.modified(0.1).apply(plain))
            .getMessage());
    assertEquals(
        "modified flow: eta -0.1; want η ≥ 0",
        assertThrows(
                IllegalArgumentException.class,
                () -> Flows.modified(-0.1).apply(Losses.quadratic(1)))
            .getMessage());
  }
}
