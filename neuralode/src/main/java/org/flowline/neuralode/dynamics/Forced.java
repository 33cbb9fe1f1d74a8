package org.flowline.neuralode.dynamics;

import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.nn.Layer;

/// Dynamics driven by measured inputs, `dy/dt = f(t, [y, u(t)]; θ)`: as many columns more than the
/// state has as the signal is wide. All rows of a batch see the same signal.
public record Forced(TimedDynamics dynamics, Signal signal) implements TimedDynamics {

  /// `dy/dt = layer([y, u(t)]; θ)`
  public Forced(Layer layer, Signal signal) {
    this(TimedDynamics.of(layer), signal);
  }

  @Override
  public Parameters parameters() {
    return dynamics.parameters();
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return dynamics.initial(random);
  }

  @Override
  public Var apply(Var t, Var y, Parameters.View theta) {
    Var inputs = signal.at(t).broadcast(Shape.of(y.shape().dim(0), signal.width()));
    return dynamics.apply(t, Var.concat(1, List.of(y, inputs)), theta);
  }
}
