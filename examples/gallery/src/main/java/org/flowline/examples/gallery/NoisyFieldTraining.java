package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.field.NoisyField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Schedule;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.NoisyObjective;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Trains a field with dropout: `dy/dt = mean(m ⊙ w)` with masks `m` that keep a unit with
/// probability ½ and are held through a solve and its gradient. From `y(0) = 0` to `y(1) = 1` the
/// expected loss has the penalty of ridge regression,
///
///     E (y(1) − 1)² = (mean w − 1)² + Σ w²/K²,   minimal at   w = K/(K + 1)
///
/// Expected: the mean weight 8/9 for `K = 8` units, up to the noise of the last iterations.
public final class NoisyFieldTraining {
  private static final int UNITS = 8;

  private NoisyFieldTraining() {}

  /// Returns the mean weight after training with masks of seed 3.
  static double run(long iterations) {
    NoisyField field =
        NoisyField.of(
            Parameters.none().with("w", UNITS),
            1,
            1,
            Shape.of(UNITS),
            NoisyField.Draw.mask(0.5),
            (_, _, theta, mask) -> theta.get("w").mul(mask).mean().reshape(1, 1));
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(0.5, 2));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(
            field,
            new DiscreteAdjoint(solver),
            new double[] {0, 1},
            List.of(new double[] {0}, new double[] {1}));
    Optimizer optimizer = Optimizer.gradientDescent(0.2).withSchedule(Schedule.cosine(iterations));
    NoisyObjective noisy = new NoisyObjective(loss, field, optimizer.interval(), 3);
    double[] last = Trainer.of(noisy, optimizer).train(new double[UNITS], iterations).last();
    return Arrays.stream(last).average().orElseThrow();
  }

  public static void main(String[] args) {
    System.out.printf("mean weight %.4f, expected 8/9 = %.4f%n", run(20_000), 8 / 9.0);
  }
}
