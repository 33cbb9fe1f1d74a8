package org.flowline.neuralode.dynamics;

import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// A layer with the time as an additional input, `dy/dt = layer([y, t]; θ)`: one input more than
/// the state has columns.
public record ConcatenatedTime(Layer layer) implements TimedDynamics {

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
    Var column = t.reshape(1, 1).broadcast(Shape.of(y.shape().dim(0), 1));
    return layer.apply(theta, Var.concat(1, List.of(y, column)));
  }
}
