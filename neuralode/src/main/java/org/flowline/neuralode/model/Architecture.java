package org.flowline.neuralode.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.ControlledField;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.dynamics.TimedDynamics;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;

/// The perceptron that is the field of a [Model].
///
/// @param hidden the widths of the hidden layers
/// @param activation the activation between layers
/// @param augment the number of additional components, which start at 0
/// @param timeDependent whether time is an input of the perceptron
/// @param order 1 for velocities, 2 for accelerations
public record Architecture(
    List<Integer> hidden, Activation activation, int augment, boolean timeDependent, int order) {
  private static final int MOST_LAYERS = 1000;
  private static final int MOST_EXTRA = 10_000;

  /// @throws IllegalArgumentException if there are more than 1000 layers, a width is not positive,
  ///     `augment` is not in 0 … 10,000, or the order is not 1 or 2
  public Architecture {
    hidden = List.copyOf(hidden);
    if (hidden.size() > MOST_LAYERS) {
      throw new IllegalArgumentException(
          "model: " + hidden.size() + " hidden layers; want at most " + MOST_LAYERS);
    }
    for (int width : hidden) {
      if (width < 1) {
        throw new IllegalArgumentException(
            "model: a hidden layer of width " + width + "; want 1 or more");
      }
    }
    if (augment < 0 || augment > MOST_EXTRA) {
      throw new IllegalArgumentException(
          "model: " + augment + " augmented components; want 0 … " + MOST_EXTRA);
    }
    if (order != 1 && order != 2) {
      throw new IllegalArgumentException("model: of order " + order + "; want 1 or 2");
    }
  }

  /// Creates an autonomous architecture of first order without augmentation.
  public Architecture(List<Integer> hidden, Activation activation) {
    this(hidden, activation, 0, false, 1);
  }

  /// Returns this architecture with a number of additional components.
  ///
  /// @throws IllegalArgumentException if the number is not in 0 … 10,000
  public Architecture withAugment(int augment) {
    return new Architecture(hidden, activation, augment, timeDependent, order);
  }

  /// Returns this architecture with time as an input of the perceptron.
  public Architecture withTime() {
    return new Architecture(hidden, activation, augment, true, order);
  }

  /// Returns this architecture with order 1, where the perceptron gives velocities, or 2, where it
  /// gives accelerations.
  ///
  /// @throws IllegalArgumentException if the order is not 1 or 2
  public Architecture withOrder(int order) {
    return new Architecture(hidden, activation, augment, timeDependent, order);
  }

  /// Returns the perceptron of a model with these numbers of components and inputs.
  Mlp layer(int measured, int inputs) {
    int columns = measured + augment;
    IntStream.Builder widths = IntStream.builder();
    widths.add(order * columns + inputs + (timeDependent ? 1 : 0));
    hidden.forEach(widths::add);
    return Mlp.of(activation, widths.add(columns).build().toArray());
  }

  /// Returns the parameters of the perceptron and of the initial velocity.
  Parameters layout(int measured, int inputs) {
    Parameters field = layer(measured, inputs).parameters();
    return order == 1
        ? field
        : field.with("velocity", new Linear(measured, measured + augment).parameters());
  }

  /// Returns the field with θ = 0, driven by the signal if there is one.
  NeuralField field(int measured, Optional<Signal> signal) {
    int inputs = signal.map(Signal::width).orElse(0);
    TimedDynamics plain = dynamics(measured, inputs);
    TimedDynamics forced =
        signal
            .<TimedDynamics>map(driving -> ControlledField.dynamics(plain, driving))
            .orElse(plain);
    return field(measured, layout(measured, inputs), forced);
  }

  /// The field with its inputs among the parameters; see [ControlledField#open].
  NeuralField open(int measured, int inputs) {
    Parameters layout = ControlledField.withInputs(layout(measured, inputs), inputs);
    return field(measured, layout, ControlledField.open(dynamics(measured, inputs), inputs));
  }

  private TimedDynamics dynamics(int measured, int inputs) {
    Mlp layer = layer(measured, inputs);
    return timeDependent ? TimedDynamics.withTime(layer) : TimedDynamics.of(layer);
  }

  private NeuralField field(int measured, Parameters layout, TimedDynamics dynamics) {
    TimedDynamics ordered = order == 2 ? TimedDynamics.secondOrder(dynamics) : dynamics;
    return NeuralField.of(layout, 1, order * (measured + augment), ordered);
  }

  /// Returns the initial state of trajectories.
  InitialState initialState(int measured, int inputs) {
    if (order == 1) {
      return InitialState.still(measured, augment);
    }
    int columns = measured + augment;
    int offset = layout(measured, inputs).entry("velocity.weight").offset();
    return new InitialState(measured, columns, 2 * columns, offset);
  }
}
