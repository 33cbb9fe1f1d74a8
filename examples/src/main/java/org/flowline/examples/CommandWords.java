package org.flowline.examples;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Checks on the words of a command that picocli's types do not make.
final class CommandWords {
  private CommandWords() {}

  static void requirePositive(CommandSpec spec, String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      String came = value == (long) value ? Long.toString((long) value) : Double.toString(value);
      throw new ParameterException(
          spec.commandLine(), option + ": " + came + "; want a positive number");
    }
  }

  static void requireWithin(
      CommandSpec spec, String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + "; want " + least + " … " + most);
    }
  }
}
