package org.flowline.examples.cli.option;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.cli.fit.Predictions;
import org.flowline.neuralode.data.Clock;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options of `predict` for the times, in the format of the training data: numbers or dates.
public final class TimesOption {
  private static final int POINTS = 101;

  /// The most rows of all trajectories, which are held in memory.
  private static final int MOST_ROWS = 1_000_000;

  @Option(names = "--start", paramLabel = "T")
  private String start;

  @Option(names = "--to", paramLabel = "T")
  private String to;

  @Option(names = "--points", paramLabel = "N")
  private Integer points;

  @Option(names = "--at", paramLabel = "T,T,...")
  private String at;

  /// Reads the times.
  ///
  /// @param usual times, of which the first and the last are the default start and end
  /// @param states the number of trajectories
  /// @throws picocli.CommandLine.ParameterException if a time has the wrong format, the times do
  ///     not lead away from the start, or there are too many
  public Predictions.Times read(CommandSpec spec, Clock clock, double[] usual, int states) {
    if (at != null && (to != null || points != null)) {
      throw CommandWords.wrong(spec, "--at together with --to or --points; want one or the other");
    }
    double first = start == null ? usual[0] : time(spec, "--start", start, clock);
    double[] times;
    if (at == null) {
      double last = to == null ? usual[usual.length - 1] : time(spec, "--to", to, clock);
      times = evenly(spec, first, last, MOST_ROWS / states);
    } else {
      Stream<String> words = Arrays.stream(at.split(",", -1)).map(String::strip);
      times = words.mapToDouble(word -> time(spec, "--at", word, clock)).toArray();
    }
    requireOrder(spec, clock, first, times);
    return new Predictions.Times(first, times);
  }

  private double[] evenly(CommandSpec spec, double first, double last, int most) {
    int count = points == null ? POINTS : points;
    if (count < 2) {
      throw CommandWords.wrong(spec, "--points: %d; want 2 or more", count);
    }
    if (count > most) {
      throw CommandWords.wrong(spec, "--points: %d; want %d or fewer for each state", count, most);
    }
    return IntStream.range(0, count)
        .mapToDouble(i -> i == count - 1 ? last : first + (last - first) * i / (count - 1))
        .toArray();
  }

  private static double time(CommandSpec spec, String option, String word, Clock clock) {
    OptionalDouble time = clock.read(word);
    if (time.isEmpty()) {
      String wanted =
          switch (clock.notation()) {
            case NUMBER -> "numbers, like 1.5";
            case DATE -> "dates, like 2024-02-29";
            case DATE_TIME -> "dates with a time, like 2024-02-29T12:30";
            case INSTANT -> "dates with a time and an offset, like 2024-02-29T12:30Z";
          };
      throw CommandWords.wrong(
          spec,
          "%s: \"%s\" is not in the format of the training data's times; want %s",
          option,
          word,
          wanted);
    }
    return CommandWords.requireFinite(spec, option, time.getAsDouble());
  }

  private void requireOrder(CommandSpec spec, Clock clock, double first, double[] times) {
    double direction = Math.signum(times[times.length - 1] - first);
    double before = first;
    for (int i = 0; i < times.length; i++) {
      boolean atStart = i == 0 && times[i] == first && times.length > 1;
      if (!atStart && Math.signum(times[i] - before) != (direction == 0 ? 1 : direction)) {
        throw CommandWords.wrong(
            spec,
            "%s: time %s after %s; want times that lead away from the start, %s",
            at == null ? "--to" : "--at",
            clock.write(times[i]),
            clock.write(before),
            clock.write(first));
      }
      before = times[i];
    }
  }
}
