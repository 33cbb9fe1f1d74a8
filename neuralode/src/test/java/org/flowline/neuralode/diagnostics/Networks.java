package org.flowline.neuralode.diagnostics;

import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

/// A small network's loss, which is not convex, and where to start.
final class Networks {
  private static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 7, 1);

  private Networks() {}

  static TwiceDifferentiableObjective loss() {
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

  static double[] start() {
    return NETWORK.initial(new SplittableRandom(1));
  }
}
