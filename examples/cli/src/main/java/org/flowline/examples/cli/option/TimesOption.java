package org.flowline.examples.cli.option;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.flowline.examples.cli.CommandWords;
import org.flowline.neuralode.data.Clock;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The options that say for which times, written as the data wrote them: numbers or dates.
public final class TimesOption {
  private static final int USUAL_POINTS = 101;

  /// Of all trajectories: they are kept until all are written.
  private static final int MOST_ROWS = 1_000_000;

  /// The usual start and end, numbers of this clock.
  public record Range(Clock clock, double from, double to) {}

  /// Where it starts, and the times to predict, which lead away from there.
  public record Times(double start, double[] at) {}

  @Option(
      names = "--start",
      paramLabel = "T",
      description =
          "When it starts from there (default: the first time of the inputs, or of the training"
              + " data).")
  private String start;

  @Option(
      names = "--to",
      paramLabel = "T",
      description = "Until when (default: the last time of the inputs, or of the training data).")
  private String to;

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

  /// @param states from each of which a trajectory leads through these times
  /// @throws ParameterException if a time is not as the clock writes it, they do not lead away from
  ///     the start, or are too many
  public Times read(CommandSpec spec, Range usual, int states) {
    if (at != null && (to != null || points != null)) {
      throw usage(spec, "--at together with --to or --points; want one or the other");
    }
    double first = start == null ? usual.from : time(spec, "--start", start, usual.clock);
    double[] times =
        at == null
            ? evenly(spec, first, usual, MOST_ROWS / states)
            : Arrays.stream(at.split(",", -1))
                .mapToDouble(word -> time(spec, "--at", word.strip(), usual.clock))
                .toArray();
    requireOrder(spec, usual.clock, first, times);
    return new Times(first, times);
  }

  private double[] evenly(CommandSpec spec, double first, Range usual, int most) {
    double last = to == null ? usual.to : time(spec, "--to", to, usual.clock);
    int count = points == null ? USUAL_POINTS : points;
    if (count < 2) {
      throw usage(spec, "--points: " + count + "; want 2 or more");
    }
    if (count > most) {
      throw usage(spec, "--points: %d; want %d or fewer for each state".formatted(count, most));
    }
    return IntStream.range(0, count)
        .mapToDouble(i -> i == count - 1 ? last : first + (last - first) * i / (count - 1))
        .toArray();
  }

  private static double time(CommandSpec spec, String option, String word, Clock clock) {
    OptionalDouble time = clock.read(word);
    if (time.isEmpty()) {
      String wanted =
          switch (clock) {
            case NUMBER -> "numbers, like 1.5";
            case DATE -> "dates, like 2024-02-29";
            case DATE_TIME -> "dates with a time, like 2024-02-29T12:30";
            case INSTANT -> "dates with a time and an offset, like 2024-02-29T12:30Z";
          };
      throw usage(
          spec,
          option
              + ": \""
              + word
              + "\" is not written as the times of the training data; want "
              + wanted);
    }
    CommandWords.requireFinite(spec, option, time.getAsDouble());
    return time.getAsDouble();
  }

  private void requireOrder(CommandSpec spec, Clock clock, double first, double[] times) {
    double direction = Math.signum(times[times.length - 1] - first);
    double before = first;
    for (int i = 0; i < times.length; i++) {
      boolean atStart = i == 0 && times[i] == first && times.length > 1;
      if (!atStart && Math.signum(times[i] - before) != (direction == 0 ? 1 : direction)) {
        throw usage(
            spec,
            (at == null ? "--to" : "--at")
                + ": time "
                + clock.write(times[i])
                + " after "
                + clock.write(before)
                + "; want times that lead away from the start, "
                + clock.write(first));
      }
      before = times[i];
    }
  }

  private static ParameterException usage(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
