package org.flowline.examples.cli;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.flowline.examples.cli.command.BenchCommand;
import org.flowline.examples.cli.command.ClassifyCommand;
import org.flowline.examples.cli.command.ExploreCommand;
import org.flowline.examples.cli.command.ExportCommand;
import org.flowline.examples.cli.command.GalleryCommand;
import org.flowline.examples.cli.command.GradcheckCommand;
import org.flowline.examples.cli.command.HybridCommand;
import org.flowline.examples.cli.command.InfoCommand;
import org.flowline.examples.cli.command.LabCommand;
import org.flowline.examples.cli.command.PredictCommand;
import org.flowline.examples.cli.command.ResnetEulerCommand;
import org.flowline.examples.cli.command.TrainCommand;
import org.flowline.examples.cli.command.WorkPrecisionCommand;
import org.flowline.examples.cli.option.Choice;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.Config;
import org.flowline.examples.cli.option.OptionHints;
import org.flowline.examples.cli.option.TrainingOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.odesolvers.SolveException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `flowline`. `--help` lists its exit codes.
@Command(
    name = "flowline",
    mixinStandardHelpOptions = true,
    version = Flowline.VERSION,
    resourceBundle = "org.flowline.examples.cli.options",
    subcommands = {
      TrainCommand.class,
      PredictCommand.class,
      InfoCommand.class,
      ExportCommand.class,
      ClassifyCommand.class,
      GradcheckCommand.class,
      ResnetEulerCommand.class,
      BenchCommand.class,
      WorkPrecisionCommand.class,
      HybridCommand.class,
      GalleryCommand.class,
      LabCommand.class,
      ExploreCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
public final class Flowline implements Runnable {
  static final String VERSION = "flowline 0.1.0";

  /// The width of help texts, in which each example fits in a line.
  private static final int HELP_WIDTH = 100;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /// Runs the command line and exits the JVM.
  public static void main(String[] args) {
    restoreStandardError();
    useRootLocale();
    // Log messages of the library are printed like all others.
    System.setProperty("java.util.logging.SimpleFormatter.format", "flowline: %5$s%n");
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode;
    try {
      exitCode = run(out, err, args);
    } catch (OutOfMemoryError e) {
      err.println(
          "flowline: out of memory at %d MB; reduce the problem, or set JAVA_TOOL_OPTIONS=-Xmx8g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      exitCode = ExitCode.SOFTWARE;
    }
    if (out.checkError()) {
      err.println("flowline: standard output could not be written; is the disk full?");
      exitCode = ExitCode.SOFTWARE;
    }
    System.exit(exitCode);
  }

  /// Writes to descriptor 0, where the launcher passes standard error: descriptor 2 carries the
  /// JVM's own warnings, which are discarded.
  private static void restoreStandardError() {
    if ("stdin".equals(System.getProperty("flowline.messages"))) {
      System.setErr(
          new PrintStream(new FileOutputStream(FileDescriptor.in), true, System.err.charset()));
    }
  }

  /// Sets the locale, so that output is the same everywhere; picocli sorts help by the default one.
  static void useRootLocale() {
    Locale.setDefault(Locale.ROOT);
  }

  /// Runs a command line, writing to `out` and `err`.
  ///
  /// @return the exit code
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine flowline = new CommandLine(new Flowline());
    flowline
        .getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().version(VERSION));
    TrainingOptions.HELP.applyTo(flowline.getSubcommands().get("train"));
    Optional<String> missing = missingFile(args);
    if (missing.isPresent()) {
      err.println("flowline: " + missing.get());
      return ExitCode.SOFTWARE;
    }
    Choice.register(flowline);
    return flowline
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(HELP_WIDTH)
        .setParameterExceptionHandler(Flowline::usage)
        .setExecutionExceptionHandler(Flowline::failure)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command? one of " + String.join(", ", spec.subcommands().keySet()));
  }

  /// Returns the message for the first argument file `@file` that cannot be read; picocli would
  /// take its name for an argument.
  private static Optional<String> missingFile(String... args) {
    return Arrays.stream(args)
        .filter(word -> word.matches("(?s)@[^@].*"))
        .map(word -> word.substring(1))
        .filter(file -> !new File(file).canRead() || new File(file).isDirectory())
        .findFirst()
        .map(
            file ->
                "@%s: no file %s that can be read; want arguments in it, or @@%s for an argument with an @"
                    .formatted(file, file, file)
                    .replaceAll("\\R|\\p{Cntrl}", " "));
  }

  private static int usage(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    Optional<String> near =
        problem instanceof UnmatchedArgumentException unknown
            ? OptionHints.of(unknown)
            : Optional.empty();
    String hint = near.map(word -> "; did you mean " + word + "?").orElse("");
    String source =
        command.getDefaultValueProvider() instanceof Config config
            ? config.sourceOf(problem).map(file -> file + ": ").orElse("")
            : "";
    String message = problem.getMessage().lines().findFirst().orElse("");
    String name = command.getCommandSpec().qualifiedName();
    CommandWords.say(
        command.getCommandSpec(), source + message + hint + " (see " + name + " --help)");
    return ExitCode.USAGE;
  }

  private static int failure(
      Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
    boolean known =
        problem instanceof DataException
            || problem instanceof SolveException
            || problem instanceof UncheckedIOException;
    CommandWords.say(command.getCommandSpec(), known ? problem.getMessage() : unexpected(problem));
    return ExitCode.SOFTWARE;
  }

  /// The message for an unexpected exception; with `FLOWLINE_TRACE` set, after its stack trace.
  private static String unexpected(Throwable problem) {
    if (System.getenv("FLOWLINE_TRACE") != null) {
      problem.printStackTrace();
    }
    return "unexpected "
        + problem.toString().lines().findFirst().orElse("")
        + "; please report it, with FLOWLINE_TRACE=1 set for the details";
  }
}
