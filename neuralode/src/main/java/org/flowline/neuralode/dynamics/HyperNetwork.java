package org.flowline.neuralode.dynamics;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// A layer whose weights a second network computes from the time, `dy/dt = layer(y; hyper(t; θ))`.
///
/// @param layer a layer with `p` parameters
/// @param hyper maps one number to `p`
public record HyperNetwork(Layer layer, Layer hyper) implements TimedDynamics {

  @Override
  public Parameters parameters() {
    return hyper.parameters();
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return hyper.initial(random);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    Var weights = hyper.apply(theta, t.reshape(1, 1));
    Parameters inner = layer.parameters();
    if (weights.shape().size() != inner.size()) {
      throw new IllegalArgumentException(
          "hyper-network: %s weights, the layer has %s; want a hyper-network with as many outputs"
              .formatted(weights.shape().size(), inner.size()));
    }
    return layer.apply(inner.of(weights.reshape(inner.size())), y);
  }
}
