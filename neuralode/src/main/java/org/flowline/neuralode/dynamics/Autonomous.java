package org.flowline.neuralode.dynamics;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// A layer that does not depend on time, `dy/dt = layer(y; θ)`.
record Autonomous(Layer layer) implements TimedDynamics {

  @Override
  public Parameters parameters() {
    return layer.parameters();
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return layer.initial(random);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    return layer.apply(theta, y);
  }
}
