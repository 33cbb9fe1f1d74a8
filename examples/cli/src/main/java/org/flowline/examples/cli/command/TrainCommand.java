package org.flowline.examples.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flowline.examples.cli.CommandWords;
import org.flowline.examples.cli.GroupedHelp;
import org.flowline.examples.cli.GroupedHelp.Headed;
import org.flowline.examples.cli.fit.Metrics;
import org.flowline.examples.cli.fit.OutputFolder;
import org.flowline.examples.cli.fit.Progress;
import org.flowline.examples.cli.fit.RunCheckpoints;
import org.flowline.examples.cli.fit.StopSignal;
import org.flowline.examples.cli.fit.TrainingReport;
import org.flowline.examples.cli.fit.TrainingRun;
import org.flowline.examples.cli.option.Config;
import org.flowline.examples.cli.option.DataOption;
import org.flowline.examples.cli.option.DescentOptions;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.KindOptions;
import org.flowline.examples.cli.option.LearningOptions;
import org.flowline.examples.cli.option.SolveOptions;
import org.flowline.examples.cli.option.TrainingOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.training.TrainingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Fits a Neural ODE to measurements: what to train, from where, and what to do with it in the end.
@Command(
    name = "train",
    description = "Fit a Neural ODE to a time series: the Hudson's Bay pelts, or your own CSV.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example:  flowline train --data my.csv --iterations 5000 --out my-run",
      "          flowline train --data runs.csv --group run --validation 0.2 --patience 500",
      "          flowline train --resume my-run"
    })
public final class TrainCommand implements Callable<Integer> {

  public static final GroupedHelp HELP =
      new GroupedHelp(
          List.of(
              Headed.of("Data", DataOption.class),
              Headed.of("Model", KindOptions.class),
              Headed.of("Solver and gradients", SolveOptions.class),
              Headed.of("Descent", TrainingOptions.class, DescentOptions.class),
              Headed.of("Course and validation", LearningOptions.class)));

  @Mixin private DataOption data;
  @Mixin private JsonOption json;

  @Mixin private TrainingOptions options;

  @Option(
      names = "--diagnostics",
      description =
          "Watch sharpness, its limit for the optimiser, where the loss goes, what all costs, and"
              + " gradients through the solve; takes several times as long. With --resume, from there"
              + " on.")
  private boolean diagnostics;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/train",
      description = "Folder for pictures, predictions and the model (default ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      defaultValue = "100",
      description = "Iterations after which the training is saved (default ${DEFAULT-VALUE}).")
  private int checkpointEvery;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the training that was stopped in this folder, to the same bits.")
  private Path resume;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as JSON, the options' names as keys; the command line goes first.")
  private Path config;

  @Option(names = "--print-config", description = "Print the settings as JSON, and train nothing.")
  private boolean printConfig;

  @Option(
      names = "--no-report",
      description = "No pictures and no page, which take some seconds; the rest is written.")
  private boolean noReport;

  @Option(names = "--quiet", description = "No progress.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  /// What a training that goes on may be told anew: the data, which must be the same, if they are
  /// elsewhere now.
  private static final List<String> WITH_RESUME =
      List.of("--resume", "--data", "--out", "--diagnostics", "--no-report", "--json", "--quiet");

  /// Options that are no settings of a training.
  private static final List<String> NO_SETTINGS =
      List.of("--help", "--version", "--json", "--resume", "--config", "--print-config", "--quiet");

  /// Of those, and of these, a training that goes on keeps nothing.
  public static final List<String> NOT_KEPT =
      Stream.concat(NO_SETTINGS.stream(), Stream.of("--out", "--diagnostics", "--no-report"))
          .toList();

  @Override
  public Integer call() {
    Optional<TrainingFile> stopped = settled();
    options.require(spec);
    CommandWords.requirePositive(spec, "--checkpoint-every", checkpointEvery);
    if (printConfig) {
      spec.commandLine().getOut().println(Config.text(spec, NO_SETTINGS));
      return 0;
    }
    Measurements measured = resume == null ? data.read() : readAgain();
    stopped.ifPresent(file -> requireSame(measured, file));
    TrainingRun run = TrainingRun.prepared(options, measured, diagnostics);
    OutputFolder folder = OutputFolder.open(out);
    try (Metrics metrics = Metrics.open(out);
        StopSignal signal = StopSignal.watch()) {
      RunCheckpoints.sweep(out);
      if (!out.equals(resume)) {
        RunCheckpoints.requireNone(out);
      }
      // Read again, as another process may have gone on until now.
      Optional<TrainingFile> from = stopped.map(_ -> RunCheckpoints.read(resume));
      TrainingRun.Outcome outcome =
          run.train(
              metrics, checkpoints(run, measured, metrics, signal), from, () -> progress(metrics));
      return finished(outcome, folder, metrics, signal);
    }
  }

  /// Takes the settings of the file or the folder that were asked for.
  private Optional<TrainingFile> settled() {
    if (resume != null) {
      requireAlone();
      Path folder = resume;
      TrainingFile stopped = RunCheckpoints.read(folder);
      String source = RunCheckpoints.in(folder).toString();
      boolean elsewhere = spec.commandLine().getParseResult().hasMatchedOption("--out");
      Config.of(source, stopped.settings(), spec, NOT_KEPT).apply(spec);
      out = elsewhere ? out : folder;
      return Optional.of(stopped);
    }
    if (config != null) {
      Config.read(config, spec, NO_SETTINGS).apply(spec);
    }
    return Optional.empty();
  }

  private void requireAlone() {
    spec.commandLine().getParseResult().matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !WITH_RESUME.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new ParameterException(
                  spec.commandLine(),
                  name + ": --resume goes on with the settings of its folder; leave it out");
            });
  }

  private Measurements readAgain() {
    try {
      return data.read();
    } catch (DataException e) {
      throw new DataException(e.getMessage() + "; if it is elsewhere now, say where with --data");
    }
  }

  private void requireSame(Measurements measured, TrainingFile stopped) {
    double[] was = stopped.more().get("data");
    if (was == null || was.length != 1 || was[0] != fingerprint(measured)) {
      throw new DataException(
          data.name() + ": is not what the training in " + resume + " began with; train anew");
    }
  }

  private static double fingerprint(Measurements measured) {
    CRC32 checksum = new CRC32();
    Stream.concat(measured.states().stream(), measured.inputs().stream())
        .forEach(
            series -> {
              checksum.update(Npy.of(series.times()).bytes());
              series.rows().forEach(row -> checksum.update(Npy.of(row).bytes()));
            });
    return checksum.getValue();
  }

  private RunCheckpoints checkpoints(
      TrainingRun run, Measurements measured, Metrics metrics, StopSignal signal) {
    return new RunCheckpoints(
        out,
        checkpointEvery,
        Config.text(spec, NOT_KEPT),
        fingerprint(measured),
        metrics,
        run.judge(),
        signal);
  }

  private Progress progress(Metrics metrics) {
    return quiet
        ? Progress.none()
        : Progress.of(options.iterations(), metrics, spec.commandLine().getErr());
  }

  private int finished(
      TrainingRun.Outcome outcome, OutputFolder folder, Metrics metrics, StopSignal signal) {
    boolean stopped = outcome.cancelled() && signal.stopped();
    outcome.model().save(out.resolve("model.flowline")); // before anything else can go wrong
    spec.commandLine().getErr().print(ending(outcome, metrics, stopped));
    spec.commandLine().getErr().flush();
    TrainingReport report =
        TrainingReport.of(
            outcome, options, data.name(), metrics, Config.settings(spec, NO_SETTINGS), out);
    Optional<String> failure = report.fit().failure();
    if (failure.isPresent()) {
      return unsolved(failure.get());
    }
    try {
      written(report, folder);
    } catch (DataException e) {
      throw new DataException(e.getMessage() + "; the model is kept in " + out);
    }
    if (!stopped) {
      RunCheckpoints.remove(out);
    }
    json.print(spec, report.numbers(), () -> report.summary(folder));
    if (stopped) {
      return signal.exitCode();
    }
    return outcome.cancelled() || outcome.status().succeeded() ? 0 : 1;
  }

  /// Predictions first, then pictures and page, which take a while.
  private void written(TrainingReport report, OutputFolder folder) {
    report.addModel(folder);
    folder.sweep();
    folder.write();
    if (noReport) {
      return;
    }
    if (!quiet) {
      say("the model is written; drawing the report");
    }
    report.addPage(folder);
    folder.sweep();
    folder.write();
  }

  /// A model that was solved in training may be too much for the tolerances of predictions, or for
  /// data it was not trained on. It is kept all the same, with the checkpoint.
  private int unsolved(String why) {
    say("the model is kept in %s, but does not predict the data: %s".formatted(out, why));
    return 1;
  }

  private void say(String what) {
    spec.commandLine().getErr().println("flowline: " + what);
    spec.commandLine().getErr().flush();
  }

  /// What to say of a training that did not make all of its iterations.
  private String ending(TrainingRun.Outcome outcome, Metrics metrics, boolean stopped) {
    long made = metrics.iterations();
    if (stopped) {
      return String.format(
          Locale.ROOT,
          "flowline: stopped after %d iterations, the best model so far is kept; go on with --resume"
              + " %s%n",
          made,
          out);
    }
    if (outcome.cancelled()) {
      return String.format(
          Locale.ROOT,
          "flowline: out of patience after %d iterations, the best model is kept%n",
          made);
    }
    if (outcome.status().succeeded()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "flowline: training stopped early after %d iterations, the best model so far is kept;"
            + " a --rate smaller than %s may help (%s)%n",
        made,
        options.descent().rate(),
        outcome.status().message());
  }
}
