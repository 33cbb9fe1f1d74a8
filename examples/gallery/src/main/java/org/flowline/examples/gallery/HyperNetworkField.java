package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.TimedDynamics;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Layer;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// Learns a field whose weight a second network computes from time: `dy/dt = r(t) y` with the
/// hyper-network `r(t) = w t + b`, fitted to `y(t) = exp(t²/2 − t)`.
///
/// Expected: `w = 1` and `b = −1`, since `y'/y = t − 1`.
public final class HyperNetworkField {

  /// A layer of one weight, `rate · x`: the least that a layer of your own needs.
  private record Scale() implements Layer {
    @Override
    public Parameters parameters() {
      return Parameters.none().with("rate", 1, 1);
    }

    @Override
    public Var apply(Parameters.View theta, Var x) {
      return x.mul(theta.get("rate"));
    }

    @Override
    public double[] initial(RandomGenerator random) {
      return new double[] {random.nextGaussian()};
    }
  }

  private HyperNetworkField() {}

  static Outcome run(long iterations) {
    NeuralField field = TimedDynamics.hyperNetwork(new Scale(), new Linear(1, 1)).field(1, 1);
    double[] times = {0, 0.4, 0.8, 1.2, 1.6, 2};
    List<double[]> data =
        Arrays.stream(times).mapToObj(t -> new double[] {Math.exp(t * t / 2 - t)}).toList();
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(solver), times, data);
    field.bind(
        Trainer.of(loss, Optimizer.dampedNewton(100)).train(new double[2], iterations).theta());

    Solution fit = solver.solve(field, new double[] {1}, Outcome.grid(0, 2)).orThrow();
    double[] theta = field.parameters();
    return Outcome.of(HyperNetworkField.class, "A rate that depends on time", "t", "")
        .figure("w", theta[0], 1, 1e-6)
        .figure("b", theta[1], -1, 1e-6)
        .line("y", fit, 0)
        .line(
            "r",
            fit.times(),
            Arrays.stream(fit.times()).map(t -> theta[0] * t + theta[1]).toArray())
        .dots("data", times, Outcome.column(data, 0));
  }

  public static void main(String[] args) {
    run(20).show(args);
  }
}
