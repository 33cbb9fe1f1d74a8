package org.flowline.neuralode.model;

import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;

/// The names of a [Model]'s quantities and their scaling.
///
/// @param time the name of time
/// @param clock the notation of times
/// @param components the names of the predicted components
/// @param inputs the names of the inputs that drive the system
/// @param scaling the scaling of time and the components
/// @param inputScaling the scaling of the inputs, with the same time
public record Variables(
    String time,
    Clock clock,
    List<String> components,
    List<String> inputs,
    Scaling scaling,
    Scaling inputScaling) {

  /// @throws IllegalArgumentException if the number of scaled components differs from the number of
  ///     names, or the scalings differ in time
  public Variables {
    components = List.copyOf(components);
    inputs = List.copyOf(inputs);
    requireComponents("a scaling", scaling.mean().length, components.size(), "components");
    requireComponents("a scaling", inputScaling.mean().length, inputs.size(), "inputs");
    if (scaling.origin() != inputScaling.origin() || scaling.unit() != inputScaling.unit()) {
      throw new IllegalArgumentException(
          "model: time of the inputs is scaled otherwise than time of the components");
    }
  }

  static void requireComponents(String what, int came, int wanted, String names) {
    if (came != wanted) {
      throw new IllegalArgumentException(
          "model: %s of %s %s, the model has %s".formatted(what, came, names, wanted));
    }
  }

  /// Returns the columns of these measurements, standardised.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the squares of numbers overflow
  public static Variables of(Measurements measured) {
    Experiment first = measured.experiments().getFirst();
    return new Variables(
        first.states().timeName(),
        measured.clock(),
        first.states().names(),
        first.inputs().names(),
        Scaling.of(measured.states()),
        Scaling.of(measured.inputs()));
  }

  /// Returns components in their own units, without inputs.
  public static Variables unscaled(String time, List<String> components) {
    double[] ones = new double[components.size()];
    Arrays.fill(ones, 1);
    Scaling scaling = new Scaling(0, 1, new double[ones.length], ones);
    Scaling none = new Scaling(0, 1, new double[0], new double[0]);
    return new Variables(time, Clock.NUMBER, components, List.of(), scaling, none);
  }

  /// Returns inputs in the model's units.
  ///
  /// @throws IllegalArgumentException if the columns are not the model's inputs, a value is
  ///     missing, or there are fewer than two rows
  TimeSeries driving(TimeSeries measured) {
    if (!measured.names().equals(inputs)) {
      throw new IllegalArgumentException(
          "model: inputs " + measured.names() + "; want " + inputs + ", in this order");
    }
    if (measured.size() < 2 || !measured.isComplete()) {
      throw new IllegalArgumentException(
          "model: inputs of %s rows%s; want two or more, and all of their values"
              .formatted(measured.size(), measured.isComplete() ? "" : " with missing values"));
    }
    return new TimeSeries(
        measured.timeName(),
        inputs,
        inputScaling.scaledTimes(measured.times()),
        inputScaling.scaled(measured.rows()));
  }
}
