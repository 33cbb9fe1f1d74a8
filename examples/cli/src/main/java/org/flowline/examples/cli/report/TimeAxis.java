package org.flowline.examples.cli.report;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.flowline.examples.pictures.Scale;
import org.flowline.neuralode.data.Clock;
import org.knowm.xchart.XYChart;

/// A time axis: numbers, or dates in UTC with ticks at round days, hours, minutes or seconds.
///
/// @param unit of the axis, in units of the clock
/// @param format of a label for [DateTimeFormatter]; empty for numbers
record TimeAxis(Clock clock, double unit, String format) {
  private static final double DAY = 86_400;
  private static final double HOUR = 3600;
  private static final double MINUTE = 60;

  /// The smallest number of units on an axis.
  private static final double FEW = 3;

  static TimeAxis of(Fit fit) {
    double longest =
        fit.trajectories().stream().mapToDouble(it -> it.end() - it.start()).max().orElseThrow();
    Clock clock = fit.clock();
    return switch (clock.notation()) {
      case NUMBER -> new TimeAxis(clock, 1, "");
      case DATE -> new TimeAxis(clock, 1, longest >= FEW ? "uuuu-MM-dd" : "MM-dd HH:mm");
      case DATE_TIME, INSTANT -> ofSeconds(clock, longest);
    };
  }

  private static TimeAxis ofSeconds(Clock clock, double longest) {
    if (longest >= FEW * DAY) {
      return new TimeAxis(clock, DAY, longest >= 3 * FEW * DAY ? "uuuu-MM-dd" : "MM-dd HH:mm");
    }
    if (longest >= FEW * HOUR) {
      return new TimeAxis(clock, HOUR, "MM-dd HH:mm");
    }
    return longest >= FEW * MINUTE
        ? new TimeAxis(clock, MINUTE, "HH:mm:ss")
        : new TimeAxis(clock, 1, "HH:mm:ss.SSS");
  }

  private boolean isNumber() {
    return clock.notation() == Clock.Notation.NUMBER;
  }

  /// The scale of these times.
  Scale scale(Range times) {
    return isNumber()
        ? Scale.of(times.low(), times.high())
        : new Scale(0, unit, times.low(), times.high(), 0);
  }

  /// Sets the horizontal axis of a chart.
  void across(XYChart chart, Scale times) {
    if (isNumber()) {
      times.across(chart);
    } else {
      DateTimeFormatter written = DateTimeFormatter.ofPattern(format, Locale.ROOT);
      chart.getStyler().setXAxisTickMarkSpacingHint(110);
      times.across(chart, at -> written.format(moment(at * unit)));
    }
  }

  /// The title of the axis, with the day where labels lack the year.
  String title(String name, Scale times, double start) {
    if (isNumber()) {
      return times.title(clock.isShifted() ? name + " after " + clock.write(0) : name);
    }
    return format.contains("uuuu") ? name : name + ", from " + moment(start).toLocalDate();
  }

  private LocalDateTime moment(double time) {
    double counted = clock.origin().doubleValue() + time;
    double seconds = clock.notation() == Clock.Notation.DATE ? counted * DAY : counted;
    return LocalDateTime.ofInstant(
        Instant.ofEpochMilli(Math.round(seconds * 1000)), ZoneOffset.UTC);
  }
}
