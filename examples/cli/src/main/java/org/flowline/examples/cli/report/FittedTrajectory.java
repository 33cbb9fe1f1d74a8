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

/// One trajectory as it was measured and as the model has it from its first row on.
///
/// @param measured all of its rows, those to learn from first
/// @param trained how many the model learnt from; none of a trajectory that only validates
/// @param predicted the model's values at the times of the rows, NaN where its solve does not get
/// @param fineTimes many times between the first and the last
/// @param fine the model's values there, NaN likewise
/// @param failure why the solve did not get to the end, if it did not
public record FittedTrajectory(
    Experiment measured,
    int trained,
    List<double[]> predicted,
    double[] fineTimes,
    List<double[]> fine,
    Optional<String> failure) {
  private static final int FINE = 600;

  /// The model's values at some times, and why they end early if they do.
  private record Solved(List<double[]> values, Optional<String> failure) {}

  static FittedTrajectory of(Model model, Experiment measured, int trained) {
    double[] times = measured.states().times();
    double first = times[0];
    double last = times[times.length - 1];
    double[] fineTimes =
        IntStream.range(0, FINE)
            .mapToDouble(
                i -> i == FINE - 1 ? last : first + (last - first) * ((double) i / (FINE - 1)))
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

  /// The trajectory at these times, up to where the solve fails.
  private static Solved solved(Model model, Experiment measured, double[] times) {
    double[] start = measured.states().rows().getFirst();
    Optional<String> failure = Optional.empty();
    int count = times.length;
    while (count > 1) {
      try {
        List<double[]> values =
            new ArrayList<>(model.predict(start, measured.inputs(), Arrays.copyOf(times, count)));
        values.addAll(Collections.nCopies(times.length - count, nothing(start.length)));
        return new Solved(values, failure);
      } catch (SolveException e) {
        failure = failure.or(() -> Optional.of(e.getMessage()));
        double reached = e.status().t();
        int before = (int) Arrays.stream(times).filter(t -> t < reached).count();
        count = Math.min(before, count - 1);
      }
    }
    List<double[]> values = new ArrayList<>(List.of(start));
    values.addAll(Collections.nCopies(times.length - 1, nothing(start.length)));
    return new Solved(values, failure);
  }

  private static double[] nothing(int components) {
    double[] nothing = new double[components];
    Arrays.fill(nothing, Double.NaN);
    return nothing;
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

  /// Whether it has rows to validate by.
  boolean validates() {
    return trained < measured.size();
  }

  /// Where validation begins: at the last row to learn from, or at the start.
  double validationStart() {
    return trained == 0 ? start() : series().times()[trained - 1];
  }

  /// The rows of a part that the model predicts; the first one it is given.
  IntStream rows(Part part) {
    return switch (part) {
      case TRAINING -> IntStream.range(1, Math.max(1, trained));
      case VALIDATION -> IntStream.range(Math.max(1, trained), measured.size());
    };
  }

  /// What the data are not, at each row: model minus measurement; NaN where either is missing.
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
