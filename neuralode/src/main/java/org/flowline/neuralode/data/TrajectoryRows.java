package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The rows of one trajectory read so far.
final class TrajectoryRows {
  /// The share of the duration that the rounding of times may lose.
  private static final double LOSS = 1e-12;

  private int size;
  private double[] times = new double[16];
  private final List<BigDecimal> exact = new ArrayList<>();
  private final List<double[]> states = new ArrayList<>();
  private final List<double[]> inputs = new ArrayList<>();

  int size() {
    return size;
  }

  double last() {
    return times[size - 1];
  }

  BigDecimal exactLast() {
    return exact(size - 1);
  }

  /// @param exactTime the time, not rounded; null if it is the shortest decimal of `time`
  void add(double time, BigDecimal exactTime, double[] state, double[] input) {
    times = size == times.length ? Arrays.copyOf(times, 2 * size) : times;
    times[size++] = time;
    exact.add(exactTime);
    states.add(state);
    inputs.add(input);
  }

  private BigDecimal exact(int row) {
    return exact.get(row) == null ? BigDecimal.valueOf(times[row]) : exact.get(row);
  }

  /// Returns the first time if the rounding of times loses more than [#LOSS] of the longest
  /// duration, else 0.
  static BigDecimal origin(Collection<TrajectoryRows> all) {
    double longest = 0;
    double largest = 0;
    for (TrajectoryRows rows : all) {
      longest = Math.max(longest, rows.last() - rows.times[0]);
      largest = Math.max(largest, Math.max(Math.abs(rows.times[0]), Math.abs(rows.last())));
    }
    if (Math.ulp(largest) <= LOSS * longest) {
      return BigDecimal.ZERO;
    }
    TrajectoryRows first = all.iterator().next();
    BigDecimal origin = first.exact(0);
    for (TrajectoryRows rows : all) {
      for (int i = 0; i < rows.size; i++) {
        double difference = rows.exact(i).subtract(origin).doubleValue();
        if (Math.abs(rows.times[i] - first.times[0] - difference) > LOSS * longest) {
          return origin;
        }
      }
    }
    return BigDecimal.ZERO;
  }

  /// Counts times from this origin.
  void shift(BigDecimal origin) {
    for (int i = 0; i < size; i++) {
      boolean shifted = origin.signum() != 0 || exact.get(i) != null;
      if (shifted && Double.isFinite(times[i])) {
        times[i] = exact(i).subtract(origin).doubleValue();
      }
    }
  }

  boolean increases() {
    for (int i = 1; i < size; i++) {
      if (times[i] <= times[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /// Starts components that are missing in the first row at their first value.
  void fillStart() {
    double[] start = states.getFirst();
    for (int i = 0; i < start.length; i++) {
      for (int row = 1; Double.isNaN(start[i]) && row < size; row++) {
        start[i] = states.get(row)[i];
      }
    }
  }

  /// Returns a component that is missing in the first row.
  OptionalInt missingStart() {
    double[] start = states.getFirst();
    return IntStream.range(0, start.length).filter(i -> Double.isNaN(start[i])).findFirst();
  }

  Experiment experiment(Columns columns, String name) {
    String timeName = columns.names().get(columns.time());
    double[] whole = Arrays.copyOf(times, size);
    return new Experiment(
        name,
        new TimeSeries(timeName, columns.names(columns.states()), whole, states),
        new TimeSeries(timeName, columns.names(columns.inputs()), whole, inputs));
  }
}
