package org.flowline.examples.cli.fit;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.examples.cli.option.TimesOption;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;

/// What `predict` answers: what `--json` prints, or as CSV.
public record Predictions(
    String model, String time, List<String> components, List<Trajectory> trajectories) {

  /// From one state: a row of `values`, and what is extrapolated in it, for each time.
  ///
  /// @param times numbers, or dates where the data had dates
  record Trajectory(
      double[] from, List<?> times, List<double[]> values, List<List<String>> extrapolated) {}

  public static Predictions of(
      String file,
      Model model,
      Optional<TimeSeries> inputs,
      List<double[]> states,
      TimesOption.Times times) {
    return new Predictions(
        file,
        model.timeName(),
        model.names(),
        states.stream().map(state -> trajectory(model, inputs, state, times)).toList());
  }

  private static Trajectory trajectory(
      Model model, Optional<TimeSeries> inputs, double[] state, TimesOption.Times times) {
    double[] at = times.at();
    boolean startsThere = at[0] == times.start();
    double[] solved =
        startsThere
            ? at
            : DoubleStream.concat(DoubleStream.of(times.start()), DoubleStream.of(at)).toArray();
    List<double[]> all =
        inputs
            .map(driving -> model.predict(state, driving, solved))
            .orElseGet(() -> model.predict(state, solved));
    List<double[]> values = startsThere ? all : all.subList(1, all.size());
    return new Trajectory(
        state,
        written(model.variables().clock(), at),
        values,
        IntStream.range(0, at.length)
            .mapToObj(i -> beyond(model, inputs, at[i], values.get(i)))
            .toList());
  }

  private static List<?> written(Clock clock, double[] times) {
    return clock == Clock.NUMBER
        ? Arrays.stream(times).boxed().toList()
        : Arrays.stream(times).mapToObj(clock::write).toList();
  }

  private static List<String> beyond(
      Model model, Optional<TimeSeries> inputs, double t, double[] y) {
    return inputs
        .map(driving -> model.provenance().beyond(model.variables(), t, y, driving))
        .orElseGet(() -> model.provenance().beyond(model.variables(), t, y));
  }

  public String csv() {
    StringWriter text = new StringWriter();
    boolean several = trajectories.size() > 1;
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      List<String> header = new ArrayList<>(several ? List.of("trajectory") : List.of());
      header.add(time);
      header.addAll(components);
      header.add("extrapolated");
      csv.writeRecord(header);
      for (int k = 0; k < trajectories.size(); k++) {
        Trajectory trajectory = trajectories.get(k);
        for (int i = 0; i < trajectory.times.size(); i++) {
          List<String> row =
              new ArrayList<>(several ? List.of(Integer.toString(k + 1)) : List.of());
          row.add(trajectory.times.get(i).toString());
          for (double value : trajectory.values.get(i)) {
            row.add(Double.toString(value));
          }
          row.add(String.join(" ", trajectory.extrapolated.get(i)));
          csv.writeRecord(row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
