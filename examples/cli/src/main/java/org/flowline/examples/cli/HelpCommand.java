package org.flowline.examples.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.flowline.examples.cli.option.Choice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the help of a command.
@Command(name = "help", mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {
  /// The names of commands, for completion.
  static final class Commands implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      Command flowline = Flowline.class.getAnnotation(Command.class);
      return Arrays.stream(flowline.subcommands())
          .map(command -> command.getAnnotation(Command.class).name())
          .iterator();
    }
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      completionCandidates = Commands.class,
      description = "Name of a command (default: list all commands).")
  private String command;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine flowline = spec.root().commandLine();
    CommandLine about = command == null ? flowline : flowline.getSubcommands().get(command);
    if (about == null) {
      throw new ParameterException(
          spec.commandLine(),
          "help: " + Choice.unknown(command, List.copyOf(flowline.getSubcommands().keySet())));
    }
    about.usage(spec.commandLine().getOut());
  }
}
