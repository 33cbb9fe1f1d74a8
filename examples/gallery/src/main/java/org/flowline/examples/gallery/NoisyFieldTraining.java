package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

  static Outcome run(long iterations) {
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
    double[] means = new double[(int) iterations];
    double[] last =
        Trainer.of(noisy, optimizer)
            .withObserver((i, _, w) -> means[(int) i] = mean(w))
            .train(new double[UNITS], iterations)
            .last();

    double[] count = IntStream.range(0, means.length).asDoubleStream().toArray();
    double expected = UNITS / (UNITS + 1.0);
    return Outcome.of(NoisyFieldTraining.class, "Dropout is a penalty", "iteration", "mean weight")
        .figure("mean weight", mean(last), expected, 0.005)
        .line("training", count, means)
        .line("ridge regression", new double[] {0, iterations}, new double[] {expected, expected})
        .within(0, iterations, 0.7, 1.05);
  }

  private static double mean(double[] w) {
    return Arrays.stream(w).average().orElseThrow();
  }

  public static void main(String[] args) {
    run(20_000).show(args);
  }
}
