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
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Fits a perceptron `dy/dt = mlp(y; θ)` to a quarter of the unit circle and solves it to `t = 2`.
/// Expected: `y(2) = (cos 2, sin 2)`.
public final class QuickStart {
  private QuickStart() {}

  /// Returns the distance of the prediction at `t = 2` from the circle's point.
  static double run(long iterations) {
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
    double[] end = solver.solve(field, data.getFirst(), 0, 2).orThrow().last();
    return Math.hypot(end[0] - Math.cos(2), end[1] - Math.sin(2));
  }

  public static void main(String[] args) {
    System.out.printf("distance of y(2) from (cos 2, sin 2): %.2e, expected 0%n", run(500));
  }
}
