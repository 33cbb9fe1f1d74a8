package org.flowline.neuralode.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.junit.jupiter.api.Test;

/// Through a linear field that is normal, each step takes the gradient's length times `|R(hλ)|`,
/// the method's stability function, and `|h| ρ` is `|hλ|`.
class GradientsFadeAsTheStepsSay {
  private static final double A = -0.8;
  private static final double B = 2;
  private static final double H = 0.25;
  private static final int STEPS = 12;

  @Test
  void throughEulerWhichIsAResidualNetwork() {
    // |1 + h(a + ib)|
    closedForm(Methods.EULER, Math.hypot(1 + H * A, H * B));
  }

  @Test
  void throughTheMidpointRule() {
    // |1 + z + z²/2|
    double re = 1 + H * A + H * H * (A * A - B * B) / 2;
    closedForm(Methods.MIDPOINT, Math.hypot(re, H * B + H * H * A * B));
  }

  private static void closedForm(Method method, double factor) {
    NeuralField field = NeuralField.of(new Linear(2, 2), 1, 2);
    field.bind(new double[] {A, -B, B, A, 0, 0});
    Trajectory steps =
        solve(field, new double[] {1, 0.5}, Integrator.of(method, StepSize.Constant.of(H, STEPS)));
    DepthProfile profile = DepthProfile.of(field, steps, new double[] {3, -4});
    assertEquals(STEPS, profile.steps().size());
    for (int k = 0; k < STEPS; k++) {
      DepthProfile.StepNorms layer = profile.steps().get(k);
      // Some roundings for each of twelve steps.
      assertEquals(5 * Math.pow(factor, STEPS - k), layer.state(), 1e-13);
      assertEquals(H * Math.hypot(A, B), layer.radius(), 1e-14);
      assertEquals(k * H, layer.t(), 1e-15);
    }
    assertEquals(STEPS * (2L + steps.method().stages()), profile.pullbacks());
    if (method == Methods.EULER) {
      // θ̄ = h (y, 1) ⊗ λ_N of the last step.
      double[] y = steps.state(STEPS - 1);
      double size = H * 5 * Math.sqrt(1 + y[0] * y[0] + y[1] * y[1]);
      assertEquals(size, profile.steps().getLast().parameters(), 1e-13);
    }
  }

  /// Adaptive steps: at the first one is the discrete adjoint of the whole.
  @Test
  void throughAnAdaptiveSolveOfANetwork() {
    Mlp network = Mlp.of(Activation.TANH, 3, 8, 3);
    NeuralField field = NeuralField.of(network, 1, 3);
    field.bind(network.initial(new SplittableRandom(2)));
    Integrator solver = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-6, 1e-6));
    double[] y0 = {1, -0.5, 0.3};
    double[] bar = {1, 2, -1};
    Trajectory steps = solve(field, y0, solver);
    TrajectoryGradient whole =
        new DiscreteAdjoint(solver)
            .gradient(
                field,
                y0,
                new double[] {0, STEPS * H},
                (y, yBar) -> {
                  Arrays.fill(yBar, 0);
                  System.arraycopy(bar, 0, yBar, 3, 3);
                  return bar[0] * y[3] + bar[1] * y[4] + bar[2] * y[5];
                });
    DepthProfile profile = DepthProfile.of(field, steps, bar);
    assertTrue(steps.steps() > 3);
    double wanted = new ArrayRealVector(whole.y0()).getNorm();
    assertEquals(wanted, profile.steps().getFirst().state(), 1e-12 * wanted);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    NeuralField field = NeuralField.of(new Linear(2, 2), 1, 2);
    field.bind(new double[field.parameterCount()]);
    String none =
        assertThrows(
                IllegalArgumentException.class,
                () -> DepthProfile.of(field, new Trajectory(), new double[2]))
            .getMessage();
    assertTrue(none.startsWith("depth profile: 0 steps"), none);
    Trajectory steps =
        solve(
            field,
            new double[] {1, 0},
            Integrator.of(Methods.EULER, StepSize.Constant.of(H, STEPS)));
    String longer =
        assertThrows(
                IllegalArgumentException.class, () -> DepthProfile.of(field, steps, new double[3]))
            .getMessage();
    assertTrue(longer.contains("a cotangent of 3 numbers, the field has 2"), longer);
  }

  private static Trajectory solve(NeuralField field, double[] y0, Integrator solver) {
    Trajectory steps = new Trajectory();
    solver.withObserver(steps).solve(field, y0, 0, STEPS * H).orThrow();
    return steps;
  }
}
