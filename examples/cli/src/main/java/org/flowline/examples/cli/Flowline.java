package org.flowline.examples.cli;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
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

  /// The exit code of a shell for a program that SIGPIPE ends.
  private static final int CLOSED_OUTPUT = 141;

  /// Runs the command line and exits the JVM.
  public static void main(String[] args) {
    restoreStandardError();
    useRootLocale();
    // Log messages of the library are printed like all others.
    System.setProperty("java.util.logging.SimpleFormatter.format", "flowline: %5$s%n");
    StandardOutput standard = new StandardOutput();
    PrintWriter out = new PrintWriter(standard, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode;
    try {
      exitCode = run(out, err, args);
    } catch (OutOfMemoryError e) {
      err.println(
          "flowline: out of memory at %d MB; reduce the problem, or set JAVA_TOOL_OPTIONS=-Xmx8g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      exitCode = ExitCode.SOFTWARE;
    } catch (StackOverflowError e) {
      err.println("flowline: nested too deeply; simplify it, or set JAVA_TOOL_OPTIONS=-Xss16m");
      exitCode = ExitCode.SOFTWARE;
    } catch (Throwable e) {
      err.println("flowline: " + DataException.line(unexpected(e)));
      exitCode = ExitCode.SOFTWARE;
    }
    if (out.checkError() && standard.isClosed()) {
      exitCode = CLOSED_OUTPUT;
    } else if (out.checkError()) {
      err.println("flowline: standard output could not be written; is the disk full?");
      exitCode = ExitCode.SOFTWARE;
    }
    System.exit(exitCode);
  }

  /// Standard output, which keeps the reason why it cannot be written.
  private static final class StandardOutput extends FilterOutputStream {
    private IOException failure;

    StandardOutput() {
      super(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void flush() {
      // Nothing is buffered here.
    }

    /// Returns whether a pipe has lost its reader.
    boolean isClosed() {
      return failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }
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
                    .formatted(file, file, file))
        .map(DataException::line);
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
    String first = problem.getMessage().lines().findFirst().orElse("");
    String message = DataException.line(first.replaceAll("(\\w+\\.){2,}\\w+Exception: ", ""));
    String name = command.getCommandSpec().qualifiedName();
    CommandWords.say(
        command.getCommandSpec(), source + message + hint + " (see " + name + " --help)");
    return ExitCode.USAGE;
  }

  private static int failure(
      Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
    String message =
        switch (problem) {
          case DataException data -> data.getMessage();
          case SolveException solve -> solve.getMessage();
          case UncheckedIOException file ->
              "a file cannot be read or written: " + file.getCause().getMessage();
          default -> unexpected(problem);
        };
    CommandWords.say(command.getCommandSpec(), message);
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
