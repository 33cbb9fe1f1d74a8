package org.flowline.neuralode.model;

import java.util.List;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.dynamics.Signal;

/// What a [Model] is about: what its quantities are called, and in which units it thinks of them.
///
/// @param time what time is called
/// @param clock how times are written
/// @param components what is predicted
/// @param inputs what drives it; perhaps nothing
/// @param scaling of time and the components
/// @param inputScaling of the inputs, in the same time
public record Variables(
    String time,
    Clock clock,
    List<String> components,
    List<String> inputs,
    Scaling scaling,
    Scaling inputScaling) {

  /// @throws IllegalArgumentException if a scaling has another number of components than there are
  ///     names, or the two disagree on time
  public Variables {
    components = List.copyOf(components);
    inputs = List.copyOf(inputs);
    requireComponents("a scaling", scaling.mean().length, components.size(), "components");
    requireComponents("a scaling", inputScaling.mean().length, inputs.size(), "inputs");
    if (scaling.origin() != inputScaling.origin() || scaling.unit() != inputScaling.unit()) {
      throw new IllegalArgumentException(
          "model: inputs whose time is scaled otherwise than that of the components");
    }
  }

  static void requireComponents(String what, int came, int wanted, String names) {
    if (came != wanted) {
      throw new IllegalArgumentException(
          "model: " + what + " of " + came + " " + names + ", the model has " + wanted);
    }
  }

  /// The columns of these measurements, standardised.
  ///
  /// @throws org.flowline.neuralode.data.DataException if numbers are so large that their squares
  ///     overflow
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

  /// These inputs in the model's units.
  ///
  /// @throws IllegalArgumentException if they are not this model's, one is missing, or there are
  ///     fewer than two rows
  TimeSeries driving(TimeSeries measured) {
    if (!measured.names().equals(inputs)) {
      throw new IllegalArgumentException(
          "model: inputs " + measured.names() + "; want " + inputs + ", in this order");
    }
    if (measured.size() < 2 || !measured.isComplete()) {
      throw new IllegalArgumentException(
          "model: inputs of "
              + measured.size()
              + " rows"
              + (measured.isComplete() ? "" : " with missing values")
              + "; want two or more, and all of their values");
    }
    return new TimeSeries(
        measured.timeName(),
        inputs,
        inputScaling.scaledTimes(measured.times()),
        inputScaling.scaled(measured.rows()));
  }

  /// These inputs between their rows, in the model's units: straight lines, and constant before the
  /// first and after the last.
  ///
  /// @throws IllegalArgumentException as [#driving]
  Signal signal(TimeSeries measured) {
    TimeSeries scaled = driving(measured);
    return Signal.linear(scaled.times(), scaled.rows());
  }
}
