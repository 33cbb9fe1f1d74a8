package org.flowline.neuralode.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

  /// Whether anything behind the first row was measured: with nothing, every model fits.
  boolean isMeasured() {
    return states.rows().stream()
        .skip(1)
        .flatMapToDouble(Arrays::stream)
        .anyMatch(value -> !Double.isNaN(value));
  }

  Experiment between(int from, int to) {
    return new Experiment(name, states.between(from, to), inputs.between(from, to));
  }

  List<Experiment> inPieces(int count) {
    int[] ends = pieceEnds(states.rows(), count);
    return IntStream.range(1, ends.length)
        .mapToObj(i -> between(ends[i - 1], ends[i] + 1))
        .toList();
  }

  /// Returns the rows at which `count` pieces of about as many rows begin and end: the first one,
  /// complete ones in between, and the last one. Fewer pieces where complete rows are rare.
  ///
  /// @param rows NaN where a value is missing
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
      if (to < last) {
        ends.add(to);
        from = to;
      }
    }
    return ends.add(last).build().toArray();
  }

  /// As if the states of the rows `from` up to but not including `to` were not measured. What drove
  /// the system meanwhile stays.
  Experiment withoutStates(int from, int to) {
    return new Experiment(name, states.missing(from, to), inputs);
  }
}
