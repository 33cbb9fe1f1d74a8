package org.flowline.neuralode.training;

import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

/// Losses to descend in tests.
public final class Losses {
  private Losses() {}

  /// `½ Σ aᵢ (θᵢ − i)²`
  static TwiceDifferentiableObjective quadratic(double... a) {
    double[] centre = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      centre[i] = i;
    }
    return Objective.traced(
        a.length,
        theta ->
            theta
                .sub(theta.constant(theta.shape(), centre))
                .square()
                .mul(theta.constant(theta.shape(), a))
                .sum()
                .mul(0.5));
  }

  /// `(1 − x)² + 100 (y − x²)²`
  static TwiceDifferentiableObjective rosenbrock() {
    return Objective.traced(
        2,
        theta -> {
          Var x = theta.slice(0, 0, 1);
          Var y = theta.slice(0, 1, 2);
          return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)).sum();
        });
  }

  static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 7, 1);

  /// The mean square error of a small network on random data.
  public static TwiceDifferentiableObjective network() {
    SplittableRandom random = new SplittableRandom(3);
    double[] inputs = random.doubles(2 * 11, -1, 1).toArray();
    double[] targets = random.doubles(11, -1, 1).toArray();
    return Objective.traced(
        NETWORK.parameters().size(),
        theta ->
            NETWORK
                .apply(NETWORK.parameters().of(theta), theta.constant(Shape.of(11, 2), inputs))
                .sub(theta.constant(Shape.of(11, 1), targets))
                .square()
                .mean());
  }
}
