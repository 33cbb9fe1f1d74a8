package org.flowline.neuralode.dynamics;

import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.nn.Layer;

/// Dynamics with named parameters and initial values: layers as fields that depend on time.
///
/// | | |
/// |---|---|
/// | [#withTime] | `layer([y, t])` |
/// | [WeightsInTime] | `layer(y; Σ φₖ(t) θₖ)` |
/// | [#hyperNetwork] | `layer(y; hyper(t; θ))` |
/// | [ControlledField#dynamics] | `f([y, u(t)])`, of any of these |
/// | [#secondOrder] | `(v, f([y, v]))`, of any of these |
/// | [RunningCost#dynamics] | any of these with an integral along the trajectory |
public interface TimedDynamics extends NeuralField.Dynamics {

  /// The dynamics of a recorded program.
  ///
  /// @param parameters the names and shapes of θ
  /// @param initial random initial parameters
  static TimedDynamics of(
      Parameters parameters,
      Function<RandomGenerator, double[]> initial,
      NeuralField.Dynamics program) {
    return new TimedDynamics() {
      @Override
      public Parameters parameters() {
        return parameters;
      }

      @Override
      public double[] initial(RandomGenerator random) {
        return initial.apply(random);
      }

      @Override
      public Var apply(Var t, Var y, Parameters.View theta) {
        return program.apply(t, y, theta);
      }
    };
  }

  /// The autonomous dynamics `dy/dt = layer(y; θ)`.
  static TimedDynamics of(Layer layer) {
    return of(layer.parameters(), layer::initial, (_, y, theta) -> layer.apply(theta, y));
  }

  /// A layer with the time as an additional input, `dy/dt = layer([y, t]; θ)`: one input more than
  /// the state has columns.
  static TimedDynamics withTime(Layer layer) {
    return of(
        layer.parameters(),
        layer::initial,
        (t, y, theta) -> {
          Var column = t.reshape(1, 1).broadcast(Shape.of(y.shape().dim(0), 1));
          return layer.apply(theta, Var.concat(1, List.of(y, column)));
        });
  }

  /// A layer whose weights are computed from the time, `dy/dt = layer(y; hyper(t; θ))`.
  ///
  /// @param layer a layer with `p` parameters
  /// @param hyper maps one number to `p`
  /// @throws IllegalArgumentException when recorded, if it maps to another number
  static TimedDynamics hyperNetwork(Layer layer, Layer hyper) {
    Parameters inner = layer.parameters();
    return of(
        hyper.parameters(),
        hyper::initial,
        (t, y, theta) -> {
          Var weights = hyper.apply(theta, t.reshape(1, 1));
          if (weights.shape().size() != inner.size()) {
            throw new IllegalArgumentException(
                "hyper-network: %s weights, the layer has %s; want a hyper-network with as many outputs"
                    .formatted(weights.shape().size(), inner.size()));
          }
          return layer.apply(inner.of(weights.reshape(inner.size())), y);
        });
  }

  /// An acceleration that depends on the velocity, as with friction, on the state `(y, v)`:
  ///
  ///     dy/dt = v        dv/dt = a(t, [y, v]; θ)
  ///
  /// For one that does not, [org.flowline.neuralode.field.SecondOrderNeuralField] has the structure
  /// that symplectic methods use.
  ///
  /// @param acceleration maps `[y, v]` to half as many columns
  static TimedDynamics secondOrder(TimedDynamics acceleration) {
    return of(
        acceleration.parameters(),
        acceleration::initial,
        (t, y, theta) -> {
          int columns = y.shape().dim(1);
          Var velocity = y.slice(1, columns / 2, columns);
          return Var.concat(1, List.of(velocity, acceleration.apply(t, y, theta)));
        });
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
