package org.flowline.neuralode.data;

import java.util.Arrays;

/// One trajectory as measured, and what drove it meanwhile.
///
/// @param name of its group or its file
/// @param states NaN where a value is missing; the first row is complete
/// @param inputs at the same times, complete; of no components if nothing drives the system
public record Experiment(String name, TimeSeries states, TimeSeries inputs) {

  /// @throws IllegalArgumentException if inputs have other times or missing values, or the first
  ///     state has one
  public Experiment {
    if (!Arrays.equals(states.times(), inputs.times())) {
      throw new IllegalArgumentException(
          "experiment: inputs at other times than states; want a row of inputs at each time");
    }
    if (!inputs.isComplete()) {
      throw new IllegalArgumentException("experiment: inputs with missing values; fill them in");
    }
    if (states.size() > 0 && !states.between(0, 1).isComplete()) {
      throw new IllegalArgumentException(
          "experiment: the first state is not complete; start at one that is, or fill it in");
    }
  }

  /// How many times there are.
  public int size() {
    return states.size();
  }

  Experiment between(int from, int to) {
    return new Experiment(name, states.between(from, to), inputs.between(from, to));
  }

  /// Without the rows `from` up to but not including `to`.
  Experiment withoutRows(int from, int to) {
    return new Experiment(name, states.withoutRows(from, to), inputs.withoutRows(from, to));
  }
}
