package org.flowline.examples.cli.option;

import java.util.Arrays;
import org.flowline.examples.cli.report.Text;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Checks of the arguments of a command that picocli's types do not make.
public final class CommandWords {
  private CommandWords() {}

  /// Returns the exception for a wrong usage.
  public static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// Prints a message on standard error.
  public static void say(CommandSpec spec, String message) {
    spec.commandLine().getErr().println("flowline: " + message);
    spec.commandLine().getErr().flush();
  }

  /// Requires a positive finite value.
  public static void requirePositive(CommandSpec spec, String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      String came = value == (long) value ? Long.toString((long) value) : Double.toString(value);
      throw wrong(spec, option + ": " + came + "; want a positive number");
    }
  }

  /// Requires a value between bounds, both included.
  public static void requireWithin(
      CommandSpec spec, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw wrong(
          spec,
          "%s: %s; want %s … %s"
              .formatted(option, Text.number(value), Text.number(least), Text.number(most)));
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
          spec,
          option + ": \"" + word + "\" is not a number; want numbers with commas, like 1.5,2");
    }
  }
}
