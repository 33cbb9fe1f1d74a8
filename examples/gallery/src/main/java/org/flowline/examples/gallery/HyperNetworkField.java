package org.flowline.examples.gallery;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.HyperNetwork;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.nn.Layer;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.flowline.odesolvers.Integrator;
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

  /// Returns `w` and `b`, learned from 0.
  static double[] run(long iterations) {
    NeuralField field = new HyperNetwork(new Scale(), new Linear(1, 1)).field(1, 1);
    double[] times = {0, 0.4, 0.8, 1.2, 1.6, 2};
    List<double[]> data =
        Arrays.stream(times).mapToObj(t -> new double[] {Math.exp(t * t / 2 - t)}).toList();
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-9, 1e-9));
    TrajectoriesObjective loss =
        TrajectoriesObjective.of(field, new DiscreteAdjoint(solver), times, data);
    return Trainer.of(loss, Optimizer.dampedNewton(100)).train(new double[2], iterations).theta();
  }

  public static void main(String[] args) {
    double[] theta = run(20);
    System.out.printf("r(t) = %.6f t + %.6f, expected t - 1%n", theta[0], theta[1]);
  }
}
