package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Fits a perceptron `dy/dt = mlp(y; θ)` to five points of the unit circle.
/// Expected: `y(2) = (cos 2, sin 2)`.
public final class QuickStart {
  private QuickStart() {}

  static Outcome run(long iterations) {
    Mlp mlp = Mlp.of(Activation.TANH, 2, 16, 2);
    NeuralField field = NeuralField.of(mlp, 1, 2);
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-8));

    double[] times = {0, 0.5, 1, 1.5, 2};
    List<double[]> data =
        Arrays.stream(times).mapToObj(t -> new double[] {Math.cos(t), Math.sin(t)}).toList();
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(solver), times, data);

    double[] theta = mlp.initial(new SplittableRandom(1));
    Trainer.Result trained = Trainer.of(loss, Optimizer.adam(0.01)).train(theta, iterations);

    field.bind(trained.theta());
    Solution fit = solver.solve(field, data.getFirst(), Outcome.grid(0, 2)).orThrow();
    double error = Math.hypot(fit.last()[0] - Math.cos(2), fit.last()[1] - Math.sin(2));
    return Outcome.of(QuickStart.class, "A network learns the circle", "y₁", "y₂")
        .figure("distance of y(2) from (cos 2, sin 2)", error, 0, 0.02)
        .line("fit", Outcome.column(fit, 0), Outcome.column(fit, 1))
        .within(-1.1, 1.1, -0.05, 1.05)
        .dots("data", Outcome.column(data, 0), Outcome.column(data, 1));
  }

  public static void main(String[] args) {
    run(500).show(args);
  }
}
