package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The gradient of a model's loss with respect to all of its θ, and the product with its Hessian,
/// through field, inputs and start, on steps that do not change with θ.
class ModelsOfEveryKindHaveExactGradients {
  /// Both trajectories take 20 of standardised time.
  private static final Integrator SOLVER =
      Integrator.of(Methods.TSIT5, StepSize.Constant.of(0.25, 80));

  private static final double STEP = 1e-4;

  static Stream<Model> all() {
    return ModelsOfEveryKind.all();
  }

  private static TrajectoriesObjective objective(Model model) {
    return TrajectoriesObjective.of(
        model, ModelsOfEveryKind.measured(model), new DiscreteAdjoint(SOLVER));
  }

  /// `[8(f(h) − f(−h)) − (f(2h) − f(−2h))] / 12h`, of each component of the gradient, then of the
  /// loss.
  private static double[] differences(TrajectoriesObjective loss, double[] theta, double[] v) {
    double[] sum = new double[theta.length + 1];
    double[] weights = {1, -8, 0, 8, -1};
    for (int k = -2; k <= 2; k++) {
      double[] at = theta.clone();
      for (int i = 0; i < at.length; i++) {
        at[i] += k * STEP * v[i];
      }
      double[] gradient = new double[theta.length];
      double value = loss.gradient(0, at, gradient);
      for (int i = 0; i < gradient.length; i++) {
        sum[i] += weights[k + 2] * gradient[i] / (12 * STEP);
      }
      sum[theta.length] += weights[k + 2] * value / (12 * STEP);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("all")
  void ofAllTheirParameters(Model model) {
    TrajectoriesObjective loss = objective(model);
    double[] theta = model.theta();
    double[] gradient = new double[theta.length];
    loss.gradient(0, theta, gradient);
    double[] differences = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      double[] unit = new double[theta.length];
      unit[i] = 1;
      differences[i] = differences(loss, theta, unit)[theta.length];
    }
    double size = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    // Truncation h⁴ f⁽⁵⁾/30 with derivatives that grow by the time, up to 30, each; and rounding,
    // 1e-16/h of the loss.
    assertArrayEquals(differences, gradient, 1e-8 * size);
    for (Parameters.Entry entry : model.layout().entries()) {
      double largest =
          Arrays.stream(gradient, entry.offset(), entry.offset() + entry.shape().size())
              .map(Math::abs)
              .max()
              .orElseThrow();
      assertTrue(largest > 1e-4 * size, entry.name() + " is part of it: " + largest);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void andHessians(Model model) {
    TrajectoriesObjective loss = objective(model);
    double[] theta = model.theta();
    double[] v = new SplittableRandom(5).doubles(theta.length, -1, 1).toArray();
    double[] product = new double[theta.length];
    loss.hessian(0, theta).times(v, product);
    double[] differences = Arrays.copyOf(differences(loss, theta, v), theta.length);
    double size = Arrays.stream(product).map(Math::abs).max().orElseThrow();
    // All parameters move at once, hence more truncation.
    assertArrayEquals(differences, product, 1e-6 * size);
    assertTrue(size > 1e-3);
  }
}
