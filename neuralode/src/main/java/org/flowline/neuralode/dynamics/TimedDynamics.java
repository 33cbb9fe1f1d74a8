package org.flowline.neuralode.dynamics;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.nn.Layer;

/// Dynamics with named parameters and initial values: layers as fields that depend on time.
///
/// | | |
/// |---|---|
/// | [ConcatenatedTime] | `layer([y, t])` |
/// | [WeightsInTime] | `layer(y; Σ φₖ(t) θₖ)` |
/// | [HyperNetwork] | `layer(y; hyper(t; θ))` |
/// | [ControlledField#dynamics] | `f([y, u(t)])`, of any of these |
/// | [SecondOrderDynamics] | `(v, f([y, v]))`, of any of these |
/// | [RunningCost] | any of these with an integral along the trajectory |
public interface TimedDynamics extends NeuralField.Dynamics {

  /// The autonomous dynamics `dy/dt = layer(y; θ)`.
  static TimedDynamics of(Layer layer) {
    return new Autonomous(layer);
  }

  /// The names and shapes of θ.
  Parameters parameters();

  /// Random initial parameters, of length `parameters().size()`.
  double[] initial(RandomGenerator random);

  /// These dynamics as a field on states of shape `[rows, columns]`, with θ = 0.
  ///
  /// @throws IllegalArgumentException if their result has another shape
  default NeuralField field(int rows, int columns) {
    return NeuralField.of(parameters(), rows, columns, this);
  }
}
