package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.SolveException;

/// A measured trajectory and the model's solution from its first row.
///
/// @param measured all rows, training rows first
/// @param trained the number of training rows; 0 for a trajectory of the validation
/// @param predicted the model's values at the times of the rows; NaN after a failure
/// @param fineTimes evenly spaced from the first time to the last
/// @param fine the model's values there; NaN after a failure
/// @param failure of the solve
public record FittedTrajectory(
    Experiment measured,
    int trained,
    List<double[]> predicted,
    double[] fineTimes,
    List<double[]> fine,
    Optional<String> failure) {
  private static final int FINE = 600;

  private static final int LEAST = 5;
  private static final int MOST_POINTS = 1_000_000;

  private record Solved(List<double[]> values, Optional<String> failure) {}

  /// Solves the model for a trajectory.
  ///
  /// @param trained the number of its training rows
  /// @param count the number of trajectories; many have curves of fewer points
  static FittedTrajectory of(Model model, Experiment measured, int trained, int count) {
    int fine = Math.clamp(MOST_POINTS / count, LEAST, FINE);
    double[] times = measured.states().times();
    double first = times[0];
    double last = times[times.length - 1];
    double[] fineTimes =
        IntStream.range(0, fine)
            .mapToDouble(
                i -> i == fine - 1 ? last : first + (last - first) * ((double) i / (fine - 1)))
            .distinct()
            .toArray();
    Solved atRows = solved(model, measured, times);
    return new FittedTrajectory(
        measured,
        trained,
        atRows.values,
        fineTimes,
        solved(model, measured, fineTimes).values,
        atRows.failure);
  }

  /// Solves for these times; shortens the solve after a failure.
  private static Solved solved(Model model, Experiment measured, double[] times) {
    double[] start = measured.states().rows().getFirst();
    Optional<String> failure = Optional.empty();
    int count = times.length;
    while (count > 1) {
      try {
        List<double[]> values =
            model.predict(start, measured.inputs(), Arrays.copyOf(times, count));
        return new Solved(padded(values, times.length), failure);
      } catch (SolveException e) {
        failure = failure.or(() -> Optional.of(e.getMessage()));
        double reached = e.status().t();
        int before = (int) Arrays.stream(times).filter(t -> t < reached).count();
        count = Math.min(before, count - 1);
      }
    }
    return new Solved(padded(List.of(start), times.length), failure);
  }

  private static List<double[]> padded(List<double[]> values, int count) {
    double[] missing = new double[values.getFirst().length];
    Arrays.fill(missing, Double.NaN);
    List<double[]> padded = new ArrayList<>(values);
    padded.addAll(Collections.nCopies(count - values.size(), missing));
    return padded;
  }

  String name() {
    return measured.name();
  }

  TimeSeries series() {
    return measured.states();
  }

  double start() {
    return fineTimes[0];
  }

  double end() {
    return fineTimes[fineTimes.length - 1];
  }

  /// Returns whether there are validation rows.
  boolean validates() {
    return trained < measured.size();
  }

  /// The time of the last training row, or the start.
  double validationStart() {
    return trained == 0 ? start() : series().times()[trained - 1];
  }

  /// The rows of a part, without the initial state.
  IntStream rows(Part part) {
    return switch (part) {
      case TRAINING -> IntStream.range(1, Math.max(1, trained));
      case VALIDATION -> IntStream.range(Math.max(1, trained), measured.size());
    };
  }

  /// The model minus the data at each row; NaN where either is missing.
  double[] residuals(int component) {
    double[] data = series().component(component);
    return IntStream.range(0, data.length)
        .mapToDouble(i -> predicted.get(i)[component] - data[i])
        .toArray();
  }

  double[] fine(int component) {
    return fine.stream().mapToDouble(row -> row[component]).toArray();
  }
}
