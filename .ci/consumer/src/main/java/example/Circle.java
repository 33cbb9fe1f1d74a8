package example;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Learns a field that turns the plane.
final class Circle {
  private Circle() {}

  /// Returns the state at time 2 after training on the unit circle.
  static double[] learned(int iterations) {
    Mlp mlp = Mlp.of(Activation.TANH, 2, 16, 2);
    NeuralField field = NeuralField.of(mlp, 1, 2);
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-6, 1e-8));
    double[] times = {0, 0.5, 1, 1.5, 2};
    List<double[]> data =
        Arrays.stream(times).mapToObj(t -> new double[] {Math.cos(t), Math.sin(t)}).toList();
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(solver), times, data);
    double[] start = mlp.initial(new SplittableRandom(1));
    Trainer.Result trained = Trainer.of(loss, Optimizer.adam(0.01)).train(start, iterations);
    field.bind(trained.theta());
    return solver.solve(field, data.getFirst(), 0, 2).orThrow().last();
  }
}
