package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The rows of one trajectory read so far.
final class TrajectoryRows {
  private int size;
  private double[] times = new double[16];
  private final List<double[]> states = new ArrayList<>();
  private final List<double[]> inputs = new ArrayList<>();

  int size() {
    return size;
  }

  double last() {
    return times[size - 1];
  }

  void add(double time, double[] state, double[] input) {
    times = size == times.length ? Arrays.copyOf(times, 2 * size) : times;
    times[size++] = time;
    states.add(state);
    inputs.add(input);
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
