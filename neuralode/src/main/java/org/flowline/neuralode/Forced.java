package org.flowline.neuralode;

import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// A layer driven by measured inputs, `dy/dt = layer([y, u(t)]; θ)`: as many inputs more than the
/// state has columns as the signal is wide. All rows of a batch see the same signal.
public record Forced(Layer layer, Signal signal) implements TimedDynamics {

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
    Var inputs = signal.at(t).broadcast(Shape.of(y.shape().dim(0), signal.width()));
    return layer.apply(theta, Var.concat(1, List.of(y, inputs)));
  }
}
