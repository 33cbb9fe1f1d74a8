package org.flowline.examples.cli.option;

import java.util.Arrays;
import org.flowline.examples.cli.report.Text;
import org.flowline.neuralode.data.DataException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Checks of the arguments of a command that picocli's types do not make.
public final class CommandWords {
  private CommandWords() {}

  /// Returns the exception for a wrong usage.
  ///
  /// @param format the message; with `values`, a pattern for [Text#format]
  public static ParameterException wrong(CommandSpec spec, String format, Object... values) {
    return new ParameterException(spec.commandLine(), message(format, values));
  }

  /// Prints a message on standard error.
  ///
  /// @param format the message; with `values`, a pattern for [Text#format]
  public static void say(CommandSpec spec, String format, Object... values) {
    spec.commandLine().getErr().println("flowline: " + DataException.line(message(format, values)));
    spec.commandLine().getErr().flush();
  }

  private static String message(String format, Object... values) {
    return values.length == 0 ? format : Text.format(format, values);
  }

  /// Requires a positive finite value, or null for an option that is not set.
  public static void requirePositive(CommandSpec spec, String option, Number value) {
    double x = value == null ? 1 : value.doubleValue();
    if (!(x > 0) || Double.isInfinite(x)) {
      Object came = x == (long) x ? (Object) (long) x : value;
      throw wrong(spec, "%s: %s; want a positive number", option, came);
    }
  }

  /// Requires a value between bounds, both included, or null for an option that is not set.
  public static void requireWithin(
      CommandSpec spec, String option, Number value, double least, double most) {
    if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
      double share = value.doubleValue() / 100;
      boolean isPercent = most <= 1 && share >= Math.max(least, 0.01) && share <= most;
      throw wrong(
          spec,
          "%s: %s; want %s … %s%s",
          option,
          Text.number(value.doubleValue()),
          Text.number(least),
          Text.number(most),
          isPercent ? "; did you mean " + Text.number(share) + "?" : "");
    }
  }

  /// Requires a finite value, and returns it.
  public static double requireFinite(CommandSpec spec, String option, double value) {
    if (!Double.isFinite(value)) {
      throw wrong(spec, option + ": " + value + "; want a finite number");
    }
    return value;
  }

  /// Reads numbers separated by commas.
  public static double[] numbers(CommandSpec spec, String option, String text) {
    return Arrays.stream(text.split(",", -1))
        .mapToDouble(word -> requireFinite(spec, option, number(spec, option, word)))
        .toArray();
  }

  private static double number(CommandSpec spec, String option, String word) {
    try {
      return Double.parseDouble(word.strip());
    } catch (NumberFormatException e) {
      throw wrong(
          spec, "%s: \"%s\" is not a number; want numbers with commas, like 1.5,2", option, word);
    }
  }
}
