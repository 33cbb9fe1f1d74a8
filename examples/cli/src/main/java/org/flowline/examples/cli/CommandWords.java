package org.flowline.examples.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Checks on the words of a command that picocli's types do not make.
public final class CommandWords {
  private CommandWords() {}

  public static void requirePositive(CommandSpec spec, String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      String came = value == (long) value ? Long.toString((long) value) : Double.toString(value);
      throw new ParameterException(
          spec.commandLine(), option + ": " + came + "; want a positive number");
    }
  }

  public static void requireWithin(
      CommandSpec spec, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new ParameterException(
          spec.commandLine(),
          option + ": " + shown(value) + "; want " + shown(least) + " … " + shown(most));
    }
  }

  /// Whole numbers without a point.
  private static String shown(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e9;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }

  public static void requireFinite(CommandSpec spec, String option, double value) {
    if (!Double.isFinite(value)) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + "; want a finite number");
    }
  }

  /// Numbers with commas between them.
  public static double[] numbers(CommandSpec spec, String option, String text) {
    String[] words = text.split(",", -1);
    double[] numbers = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      try {
        numbers[i] = Double.parseDouble(words[i].strip());
      } catch (NumberFormatException e) {
        throw new ParameterException(
            spec.commandLine(),
            option
                + ": \""
                + words[i]
                + "\" is not a number; want numbers with commas, like 1.5,2");
      }
      requireFinite(spec, option, numbers[i]);
    }
    return numbers;
  }
}
