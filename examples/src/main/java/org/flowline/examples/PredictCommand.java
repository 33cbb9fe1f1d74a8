package org.flowline.examples;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trajectories of a trained model from given states, in the units of the data.
@Command(
    name = "predict",
    description = "Trajectories of a trained model from new initial states, as CSV or JSON.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The column \"extrapolated\" names what of a row lies beyond the data that the model was trained"
          + " on: the time, components, or nothing.",
      "Many states: a file with a line \"--from A,B,...\" for each, given as @FILE.",
      "",
      "Example:  flowline predict out/train/model.flowline --from 30,4 --to 1925 --points 26"
    })
final class PredictCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "The model.flowline that train wrote.")
  private Path file;

  @Option(
      names = "--from",
      paramLabel = "A,B,...",
      required = true,
      description = "An initial state, a number for each component; may be given many times.")
  private List<String> from;

  @Option(
      names = "--start",
      paramLabel = "T",
      description = "When it starts from there (default: the first time of the training data).")
  private Double start;

  @Option(
      names = "--to",
      paramLabel = "T",
      description = "Until when (default: the last time of the training data).")
  private Double to;

  @Option(
      names = "--points",
      paramLabel = "N",
      description = "How many evenly spaced times (default: 101).")
  private Integer points;

  @Option(
      names = "--at",
      paramLabel = "T,T,...",
      description = "These times, in their order, instead of --to and --points.")
  private String at;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write there instead of to standard output.")
  private Path out;

  @Mixin private JsonOption json;
  @Spec private CommandSpec spec;

  /// What `--json` prints.
  record Report(
      String model, String time, List<String> components, List<Trajectory> trajectories) {}

  /// From one state: a row of `values`, and what is extrapolated in it, for each time.
  record Trajectory(
      double[] from, double[] times, List<double[]> values, List<List<String>> extrapolated) {}

  @Override
  public Integer call() {
    List<double[]> states =
        from.stream().map(state -> CommandWords.numbers(spec, "--from", state)).toList();
    double[] asked = at == null ? null : CommandWords.numbers(spec, "--at", at);
    Model model = Model.load(file);
    double first = start == null ? model.provenance().from() : start;
    double[] times = asked == null ? evenly(first, model.provenance().to()) : asked;
    for (double[] state : states) {
      requireComponents(model, state);
    }
    requireTimes(first, times);
    List<Trajectory> trajectories =
        states.stream().map(state -> trajectory(model, state, first, times)).toList();
    Report report = new Report(file.toString(), model.timeName(), model.names(), trajectories);
    String text = json.chosen() ? json.text(report) + "\n" : csv(report);
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Path whole = out.toAbsolutePath().normalize();
      if (Files.isDirectory(whole)) {
        throw new DataException(out + ": is a folder; give a file with --out");
      }
      OutputFolder folder = OutputFolder.open(whole.getParent());
      folder.add(whole.getFileName().toString(), path -> Files.writeString(path, text));
      folder.write();
    }
    return 0;
  }

  private double[] evenly(double first, double trainedTo) {
    double last = to == null ? trainedTo : to;
    int count = points == null ? 101 : points;
    CommandWords.requireFinite(spec, "--start", first);
    CommandWords.requireFinite(spec, "--to", last);
    if (count < 2) {
      throw usage("--points: " + count + "; want 2 or more");
    }
    return IntStream.range(0, count)
        .mapToDouble(i -> i == count - 1 ? last : first + (last - first) * i / (count - 1))
        .toArray();
  }

  private void requireComponents(Model model, double[] state) {
    if (state.length != model.names().size()) {
      throw usage(
          "--from: "
              + state.length
              + " values; want "
              + model.names().size()
              + ", for "
              + String.join(", ", model.names()));
    }
  }

  private void requireTimes(double first, double[] times) {
    CommandWords.requireFinite(spec, "--start", first);
    if (at != null && (to != null || points != null)) {
      throw usage("--at together with --to or --points; want one or the other");
    }
    double direction = Math.signum(times[times.length - 1] - first);
    double before = first;
    for (int i = 0; i < times.length; i++) {
      boolean atStart = i == 0 && times[i] == first && times.length > 1;
      if (!atStart && Math.signum(times[i] - before) != (direction == 0 ? 1 : direction)) {
        throw usage(
            (at == null ? "--to" : "--at")
                + ": time "
                + times[i]
                + " after "
                + before
                + "; want times that lead away from the start, "
                + first);
      }
      before = times[i];
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Trajectory trajectory(Model model, double[] state, double first, double[] times) {
    boolean startsThere = times[0] == first;
    double[] solved =
        startsThere
            ? times
            : DoubleStream.concat(DoubleStream.of(first), DoubleStream.of(times)).toArray();
    List<double[]> all = model.predict(state, solved);
    List<double[]> values = startsThere ? all : all.subList(1, all.size());
    List<List<String>> extrapolated =
        IntStream.range(0, times.length)
            .mapToObj(i -> model.provenance().beyond(model.variables(), times[i], values.get(i)))
            .toList();
    return new Trajectory(state, times, values, extrapolated);
  }

  private static String csv(Report report) {
    StringWriter text = new StringWriter();
    boolean several = report.trajectories().size() > 1;
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      List<String> header = new ArrayList<>(several ? List.of("trajectory") : List.of());
      header.add(report.time());
      header.addAll(report.components());
      header.add("extrapolated");
      csv.writeRecord(header);
      for (int k = 0; k < report.trajectories().size(); k++) {
        Trajectory trajectory = report.trajectories().get(k);
        for (int i = 0; i < trajectory.times().length; i++) {
          List<String> row =
              new ArrayList<>(several ? List.of(Integer.toString(k + 1)) : List.of());
          row.add(Double.toString(trajectory.times()[i]));
          for (double value : trajectory.values().get(i)) {
            row.add(Double.toString(value));
          }
          row.add(String.join(" ", trajectory.extrapolated().get(i)));
          csv.writeRecord(row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
