package org.flowline.examples.cli.fit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.examples.cli.report.Csv;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.model.Provenance;

/// The result of `predict`, as `--json` prints it, or as CSV.
public record Predictions(
    String model, String time, List<String> components, List<Trajectory> trajectories) {

  /// The trajectory from one state.
  ///
  /// @param times numbers, or dates where the data had dates
  /// @param values a row for each time
  /// @param extrapolated the quantities of each row that are beyond the training data
  record Trajectory(
      double[] from, List<?> times, List<double[]> values, List<List<String>> extrapolated) {}

  /// The start of each trajectory and the times to predict.
  public record Times(double start, double[] at) {}

  /// Solves the model from each of these states.
  ///
  /// @param file of the model
  public static Predictions of(
      String file, Model model, TimeSeries inputs, List<double[]> states, Times times) {
    return new Predictions(
        file,
        model.timeName(),
        model.names(),
        states.stream().map(state -> trajectory(model, inputs, state, times)).toList());
  }

  private static Trajectory trajectory(
      Model model, TimeSeries inputs, double[] state, Times times) {
    double[] at = times.at;
    boolean atStart = at[0] == times.start;
    double[] solved =
        atStart
            ? at
            : DoubleStream.concat(DoubleStream.of(times.start), Arrays.stream(at)).toArray();
    List<double[]> values =
        model.predict(state, inputs, solved).subList(atStart ? 0 : 1, solved.length);
    Clock clock = model.variables().clock();
    Provenance trained = model.provenance();
    return new Trajectory(
        state,
        Arrays.stream(at).mapToObj(t -> time(clock, t)).toList(),
        values,
        IntStream.range(0, at.length)
            .mapToObj(i -> trained.beyond(model.variables(), at[i], values.get(i), inputs))
            .toList());
  }

  private static Object time(Clock clock, double t) {
    return switch (clock.notation()) {
      case NUMBER -> clock.isShifted() ? new BigDecimal(clock.write(t)) : (Object) t;
      case DATE, DATE_TIME, INSTANT -> clock.write(t);
    };
  }

  /// Returns the predictions as CSV; with a column for the trajectory where there are several.
  public String csv() {
    boolean several = trajectories.size() > 1;
    List<String> header = new ArrayList<>(several ? List.of("trajectory", time) : List.of(time));
    header.addAll(components);
    header.add("extrapolated");
    List<List<Object>> rows = new ArrayList<>();
    for (int k = 0; k < trajectories.size(); k++) {
      Trajectory trajectory = trajectories.get(k);
      for (int i = 0; i < trajectory.times.size(); i++) {
        List<Object> row = new ArrayList<>(several ? List.of(k + 1) : List.of());
        row.add(trajectory.times.get(i));
        Arrays.stream(trajectory.values.get(i)).forEach(row::add);
        row.add(String.join(" ", trajectory.extrapolated.get(i)));
        rows.add(row);
      }
    }
    return new Csv(header, rows.stream()).text();
  }
}
