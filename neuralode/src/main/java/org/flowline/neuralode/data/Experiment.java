package org.flowline.neuralode.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// One measured trajectory with the inputs that drove it.
///
/// @param name the name of its group or file
/// @param states the states, NaN for a missing value; the first row is complete
/// @param inputs the inputs at the same times, complete; without components for an undriven system
public record Experiment(String name, TimeSeries states, TimeSeries inputs) {

  /// @throws IllegalArgumentException if inputs have other times or missing values, or the first
  ///     state is incomplete
  public Experiment {
    if (!Arrays.equals(states.times(), inputs.times())) {
      throw new IllegalArgumentException(
          "experiment: inputs at other times than states; want a row of inputs at each time");
    }
    if (!inputs.isComplete()) {
      throw new IllegalArgumentException("experiment: inputs with missing values; fill them in");
    }
    if (states.size() > 0 && !states.isCompleteAt(0)) {
      throw new IllegalArgumentException(
          "experiment: the first state is not complete; start at one that is, or fill it in");
    }
  }

  /// Returns the number of times.
  public int size() {
    return states.size();
  }

  /// Returns whether any value after the first row was measured; without one, every model fits.
  boolean isMeasured() {
    return states.rows().stream()
        .skip(1)
        .flatMapToDouble(Arrays::stream)
        .anyMatch(value -> !Double.isNaN(value));
  }

  boolean hasColumnsOf(Experiment other) {
    return states.names().equals(other.states.names())
        && inputs.names().equals(other.inputs.names());
  }

  Experiment between(int from, int to) {
    return new Experiment(name, states.between(from, to), inputs.between(from, to));
  }

  /// Returns the rows at which `count` pieces of about equal length begin and end: the first one,
  /// complete ones in between, and the last one. With too few complete rows there are fewer pieces.
  ///
  /// @param rows the states, NaN for a missing value
  public static int[] pieceEnds(List<double[]> rows, int count) {
    IntStream.Builder ends = IntStream.builder();
    ends.add(0);
    int last = rows.size() - 1;
    int from = 0;
    for (int piece = 1; piece < count; piece++) {
      int to = Math.max(from + 1, (int) ((long) piece * last / count));
      while (to < last && Arrays.stream(rows.get(to)).anyMatch(Double::isNaN)) {
        to++;
      }
      if (to >= last) {
        break;
      }
      ends.add(to);
      from = to;
    }
    return ends.add(last).build().toArray();
  }

  /// Returns this experiment with missing states in the rows `[from, to)`, and all inputs.
  Experiment withoutStates(int from, int to) {
    List<double[]> rows = states.rows();
    rows.subList(from, to).forEach(row -> Arrays.fill(row, Double.NaN));
    return new Experiment(
        name, new TimeSeries(states.timeName(), states.names(), states.times(), rows), inputs);
  }
}
