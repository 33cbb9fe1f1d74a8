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
import org.flowline.examples.cli.command.GradcheckCommand;
import org.flowline.examples.cli.command.HybridCommand;
import org.flowline.examples.cli.command.InfoCommand;
import org.flowline.examples.cli.command.LabCommand;
import org.flowline.examples.cli.command.PredictCommand;
import org.flowline.examples.cli.command.ResnetEulerCommand;
import org.flowline.examples.cli.command.TrainCommand;
import org.flowline.examples.cli.command.WorkPrecisionCommand;
import org.flowline.examples.cli.option.Choice;
import org.flowline.examples.cli.option.Config;
import org.flowline.examples.cli.option.DataOption;
import org.flowline.examples.cli.option.DescentOptions;
import org.flowline.examples.cli.option.KindOptions;
import org.flowline.examples.cli.option.LearningOptions;
import org.flowline.examples.cli.option.SolveOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.odesolvers.SolveException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `flowline`. Its exit codes are in its `--help`.
@Command(
    name = "flowline",
    description = "Neural ODEs, their gradients and their training on one engine.",
    mixinStandardHelpOptions = true,
    version = Flowline.VERSION,
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
      LabCommand.class,
      ExploreCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:data or a file is wrong, training had to stop, or a claim of the lab does not hold",
      "2:the command's words are wrong",
      "130:a training was stopped by Ctrl-C; its best model is written, --resume goes on",
      "143:the same by SIGTERM"
    },
    footer = {"", "Start with:  flowline train"})
public final class Flowline implements Runnable {
  public static final String VERSION = "flowline 0.1.0";

  /// Wide enough for each example in one line, which can be copied.
  private static final int HELP_WIDTH = 100;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    restoreStandardError();
    forgetPlace();
    // What the library logs is a line like all others.
    System.setProperty("java.util.logging.SimpleFormatter.format", "flowline: %5$s%n");
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int exitCode;
    try {
      exitCode = run(out, err, args);
    } catch (OutOfMemoryError e) {
      err.println(
          "flowline: out of memory, of %d MB; want less of it, or more: JAVA_TOOL_OPTIONS=-Xmx8g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      exitCode = ExitCode.SOFTWARE;
    }
    if (out.checkError()) {
      err.println("flowline: standard output could not be written; is the disk full?");
      exitCode = ExitCode.SOFTWARE;
    }
    System.exit(exitCode);
  }

  /// The script keeps the JVM's own announcements away from the terminal: it hands us standard
  /// error as descriptor 0.
  private static void restoreStandardError() {
    if ("stdin".equals(System.getProperty("flowline.messages"))) {
      System.setErr(
          new PrintStream(new FileOutputStream(FileDescriptor.in), true, System.err.charset()));
    }
  }

  /// Speaks the same in every place: help, for one, is sorted as the default locale writes
  /// capitals.
  static void forgetPlace() {
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
    TrainCommand.HELP.applyTo(flowline.getSubcommands().get("train"));
    Optional<String> missing = missingWords(args);
    if (missing.isPresent()) {
      err.println("flowline: " + missing.get());
      return ExitCode.SOFTWARE;
    }
    return flowline
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(HELP_WIDTH)
        .registerConverter(SolveOptions.Gradient.class, new Choice<>(SolveOptions.Gradient.class))
        .registerConverter(DescentOptions.Descent.class, new Choice<>(DescentOptions.Descent.class))
        .registerConverter(DescentOptions.Pace.class, new Choice<>(DescentOptions.Pace.class))
        .registerConverter(LearningOptions.Apart.class, new Choice<>(LearningOptions.Apart.class))
        .registerConverter(DataOption.Header.class, new Choice<>(DataOption.Header.class))
        .registerConverter(
            KindOptions.Nonlinearity.class, new Choice<>(KindOptions.Nonlinearity.class))
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

  /// Words can come from files, as `@file`. What to say of a file that cannot be read, which would
  /// be taken for a word.
  private static Optional<String> missingWords(String... args) {
    return Arrays.stream(args)
        .filter(word -> word.matches("(?s)@[^@].*"))
        .map(word -> word.substring(1))
        .filter(file -> !new File(file).canRead() || new File(file).isDirectory())
        .findFirst()
        .map(
            file ->
                "@%s: no file %s that can be read; want words in it, or @@%s for a word with an @"
                    .formatted(file, file, file)
                    .replaceAll("\\R|\\p{Cntrl}", " "));
  }

  private static int usage(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    Optional<String> near =
        problem instanceof UnmatchedArgumentException unknown
            ? Suggestion.by(unknown)
            : Optional.empty();
    String hint = near.map(word -> "; did you mean " + word + "?").orElse("");
    String source =
        command.getDefaultValueProvider() instanceof Config config
            ? config.sourceOf(problem).map(file -> file + ": ").orElse("")
            : "";
    say(
        command,
        source
            + problem.getMessage().lines().findFirst().orElse("")
            + hint
            + " ("
            + command.getCommandSpec().qualifiedName()
            + " --help tells more)");
    return ExitCode.USAGE;
  }

  private static int failure(
      Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
    boolean known =
        problem instanceof DataException
            || problem instanceof SolveException
            || problem instanceof UncheckedIOException;
    say(command, known ? problem.getMessage() : unexpected(problem));
    return ExitCode.SOFTWARE;
  }

  /// The last resort: what nobody thought of still is one line. With `FLOWLINE_TRACE` set, it comes
  /// with its stack trace.
  private static String unexpected(Throwable problem) {
    if (System.getenv("FLOWLINE_TRACE") != null) {
      problem.printStackTrace();
    }
    return "unexpected "
        + problem.toString().lines().findFirst().orElse("")
        + "; please report it, with FLOWLINE_TRACE=1 set for the details";
  }

  private static void say(CommandLine command, String line) {
    command.getErr().println("flowline: " + line);
  }
}
