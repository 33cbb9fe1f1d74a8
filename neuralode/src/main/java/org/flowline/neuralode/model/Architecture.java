package org.flowline.neuralode.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flowline.autodiff.Parameters;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.ConcatenatedTime;
import org.flowline.neuralode.dynamics.Driven;
import org.flowline.neuralode.dynamics.Forced;
import org.flowline.neuralode.dynamics.SecondOrderDynamics;
import org.flowline.neuralode.dynamics.Signal;
import org.flowline.neuralode.dynamics.TimedDynamics;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;

/// What the field of a [Model] is.
///
/// @param hidden the widths of the hidden layers
/// @param activation between the layers
/// @param augment further components, which start at 0
/// @param timeDependent whether the field sees the time, too
/// @param order 1, or 2 for accelerations
public record Architecture(
    List<Integer> hidden, Activation activation, int augment, boolean timeDependent, int order) {
  private static final int MOST_LAYERS = 1000;
  private static final int MOST_EXTRA = 10_000;

  /// @throws IllegalArgumentException if there are more than 1000 layers, a width is not positive,
  ///     there are not 0 … 10,000 further components, or the order is not 1 or 2
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

  /// Of first order in the measured components alone, at all times the same.
  public Architecture(List<Integer> hidden, Activation activation) {
    this(hidden, activation, 0, false, 1);
  }

  /// This with so many further components.
  ///
  /// @throws IllegalArgumentException if there are not 0 … 10,000
  public Architecture withAugment(int augment) {
    return new Architecture(hidden, activation, augment, timeDependent, order);
  }

  /// This with a field that sees the time, too.
  public Architecture withTime() {
    return new Architecture(hidden, activation, augment, true, order);
  }

  /// This of order 1, where the perceptron gives velocities, or 2, where it gives accelerations.
  ///
  /// @throws IllegalArgumentException if it is another one
  public Architecture withOrder(int order) {
    return new Architecture(hidden, activation, augment, timeDependent, order);
  }

  /// The perceptron of a model of so many components and inputs.
  Mlp layer(int measured, int inputs) {
    int columns = measured + augment;
    List<Integer> widths = new ArrayList<>();
    widths.add(order * columns + inputs + (timeDependent ? 1 : 0));
    widths.addAll(hidden);
    widths.add(columns);
    return Mlp.of(activation, widths.stream().mapToInt(Integer::intValue).toArray());
  }

  /// The perceptron's parameters, and those of the velocity at the start.
  Parameters layout(int measured, int inputs) {
    Parameters field = layer(measured, inputs).parameters();
    return order == 1
        ? field
        : field.with("velocity", new Linear(measured, measured + augment).parameters());
  }

  /// The field, with θ = 0.
  ///
  /// @param signal the inputs, if there are any
  NeuralField field(int measured, Optional<Signal> signal) {
    int inputs = signal.map(Signal::width).orElse(0);
    TimedDynamics plain = dynamics(measured, inputs);
    TimedDynamics forced =
        signal.<TimedDynamics>map(driving -> new Forced(plain, driving)).orElse(plain);
    return field(measured, layout(measured, inputs), forced);
  }

  /// The field of a [Driven] one.
  NeuralField open(int measured, int inputs) {
    Parameters layout = Driven.Open.layout(layout(measured, inputs), inputs);
    return field(measured, layout, new Driven.Open(dynamics(measured, inputs), inputs));
  }

  private TimedDynamics dynamics(int measured, int inputs) {
    Mlp layer = layer(measured, inputs);
    return timeDependent ? new ConcatenatedTime(layer) : TimedDynamics.of(layer);
  }

  private NeuralField field(int measured, Parameters layout, TimedDynamics dynamics) {
    return NeuralField.of(
        layout,
        1,
        order * (measured + augment),
        order == 2 ? new SecondOrderDynamics(dynamics) : dynamics);
  }

  /// Where trajectories start.
  InitialState start(int measured, int inputs) {
    return order == 1
        ? InitialState.still(measured, augment)
        : InitialState.moving(
            measured, augment, layout(measured, inputs).entry("velocity.weight").offset());
  }
}
