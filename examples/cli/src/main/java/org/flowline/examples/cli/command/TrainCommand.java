package org.flowline.examples.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.examples.cli.fit.Metrics;
import org.flowline.examples.cli.fit.Progress;
import org.flowline.examples.cli.fit.RunCheckpoints;
import org.flowline.examples.cli.fit.StopSignal;
import org.flowline.examples.cli.fit.TrainingReport;
import org.flowline.examples.cli.fit.TrainingRun;
import org.flowline.examples.cli.option.CommandWords;
import org.flowline.examples.cli.option.Config;
import org.flowline.examples.cli.option.DataOption;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.examples.cli.option.OverwriteOption;
import org.flowline.examples.cli.option.TrainingOptions;
import org.flowline.examples.cli.report.OutputFolder;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.training.TrainingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Fits a Neural ODE to measurements, from the start or from a checkpoint, and reports the fit.
@Command(name = "train", mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @Mixin private DataOption data;
  @Mixin private JsonOption json;
  @Mixin private OverwriteOption overwrite;
  @Mixin private TrainingOptions options;

  @Option(names = "--diagnostics")
  private boolean diagnostics;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/train")
  private Path out;

  @Option(names = "--checkpoint-every", paramLabel = "N", defaultValue = "100")
  private int checkpointEvery;

  @Option(names = "--resume", paramLabel = "DIR")
  private Path resume;

  @Option(names = "--config", paramLabel = "FILE")
  private Path config;

  @Option(names = "--print-config")
  private boolean printConfig;

  @Option(names = "--no-report")
  private boolean noReport;

  @Option(names = "--quiet")
  private boolean quiet;

  @Spec private CommandSpec spec;

  /// Options that are allowed with `--resume`.
  private static final List<String> WITH_RESUME =
      List.of(
          "--resume",
          "--data",
          "--out",
          "--overwrite",
          "--diagnostics",
          "--no-report",
          "--json",
          "--quiet");

  @Override
  public Integer call() {
    Optional<TrainingFile> stopped = readSettings();
    FitConfig settings = options.config(spec);
    CommandWords.requirePositive(spec, "--checkpoint-every", checkpointEvery);
    if (printConfig) {
      spec.commandLine().getOut().println(Config.text(spec, TrainingOptions.NO_SETTINGS));
      return 0;
    }
    Measurements measured = readData();
    double checksum = checksum(measured);
    stopped.ifPresent(file -> requireSame(checksum, file));
    TrainingRun run = new TrainingRun(settings, measured);
    OutputFolder folder = OutputFolder.open(out);
    try (Metrics metrics = Metrics.open(out);
        StopSignal signal = StopSignal.watch()) {
      RunCheckpoints.sweep(out);
      if (!isContinued()) {
        requireNew();
      }
      RunCheckpoints checkpoints =
          new RunCheckpoints(
              out,
              checkpointEvery,
              Config.text(spec, TrainingOptions.NOT_KEPT),
              checksum,
              metrics,
              run.earlyStopping(),
              signal);
      // Read again: another process may have continued until the lock was taken.
      Optional<TrainingFile> from = stopped.map(_ -> RunCheckpoints.read(resume));
      TrainingRun.Outcome outcome =
          run.train(
              metrics,
              checkpoints,
              from,
              diagnostics,
              () ->
                  Progress.of(quiet, settings.iterations(), metrics, spec.commandLine().getErr()));
      return finish(outcome, folder, metrics, signal);
    } catch (IllegalArgumentException e) {
      throw stopped.isEmpty()
          ? e
          : new DataException("%s: %s", RunCheckpoints.in(resume), e.getMessage());
    }
  }

  /// Applies the settings of the checkpoint or the configuration file, if there is one.
  private Optional<TrainingFile> readSettings() {
    if (resume != null) {
      requireNoSettings();
      TrainingFile stopped = RunCheckpoints.read(resume);
      String source = RunCheckpoints.in(resume).toString();
      boolean elsewhere = spec.commandLine().getParseResult().hasMatchedOption("--out");
      Config.of(source, stopped.settings(), spec, TrainingOptions.NOT_KEPT).apply(spec);
      out = elsewhere ? out : resume;
      return Optional.of(stopped);
    }
    if (config != null) {
      Config.read(config, spec, TrainingOptions.NO_SETTINGS).apply(spec);
    }
    return Optional.empty();
  }

  private boolean isContinued() {
    try {
      return resume != null && Files.isSameFile(out, resume);
    } catch (IOException e) {
      throw DataException.unwritable(out, e, "choose another folder with --out");
    }
  }

  private void requireNew() {
    if (overwrite.chosen()) {
      RunCheckpoints.remove(out);
    } else {
      RunCheckpoints.requireNone(out);
      overwrite.require(out, "model.flowline", "predictions.csv");
    }
  }

  private void requireNoSettings() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!WITH_RESUME.contains(option.longestName())) {
        throw CommandWords.wrong(
            spec,
            option.longestName() + ": --resume uses the settings of its folder; leave it out");
      }
    }
  }

  private Measurements readData() {
    try {
      return data.read();
    } catch (DataException e) {
      throw resume == null
          ? e
          : new DataException(
              e.getMessage() + "; if the data have moved, give their place by --data");
    }
  }

  private void requireSame(double checksum, TrainingFile stopped) {
    double[] was = stopped.more().get("data");
    if (was == null || was.length != 1 || was[0] != checksum) {
      throw new DataException(
          "%s: differs from the data of the training in %s; start a new training",
          data.name(), resume);
    }
  }

  private static double checksum(Measurements measured) {
    CRC32 checksum = new CRC32();
    Stream.concat(measured.states().stream(), measured.inputs().stream())
        .forEach(
            series -> {
              checksum.update(Npy.of(series.times()).bytes());
              series.rows().forEach(row -> checksum.update(Npy.of(row).bytes()));
            });
    return checksum.getValue();
  }

  private int finish(
      TrainingRun.Outcome outcome, OutputFolder folder, Metrics metrics, StopSignal signal) {
    boolean stopped = outcome.cancelled() && signal.stopped();
    sayEnding(outcome, metrics.iterations(), stopped);
    TrainingReport report =
        TrainingReport.of(
            outcome,
            data.name(),
            metrics,
            TrainingOptions.kept(spec),
            Config.settings(spec, TrainingOptions.NO_SETTINGS),
            out);
    folder.add("model.flowline", report.fit().model()::save);
    folder.sweep();
    folder.write(); // before anything else can fail
    Optional<String> failure = report.fit().failure();
    if (failure.isPresent()) {
      CommandWords.say(
          spec, "the model is kept in %s, but does not predict the data: %s", out, failure.get());
      return 1;
    }
    try {
      write(report, folder);
    } catch (DataException e) {
      throw new DataException(e.getMessage() + "; the model is kept in " + out);
    }
    if (!stopped) {
      RunCheckpoints.remove(out);
    }
    json.print(report.numbers(), () -> report.summary(folder));
    if (stopped) {
      return signal.exitCode();
    }
    boolean ended = outcome.cancelled() || outcome.status().succeeded();
    return ended && !outcome.diverged() ? 0 : 1;
  }

  /// Writes the predictions, then the pictures and the page.
  private void write(TrainingReport report, OutputFolder folder) {
    folder.add("predictions.csv", report.fit().predictions()::write);
    folder.add("curve.csv", report.fit().curve()::write);
    folder.sweep();
    folder.write();
    if (noReport) {
      return;
    }
    if (!quiet) {
      CommandWords.say(spec, "the model is written; drawing the report");
    }
    report.addPage(folder);
    folder.sweep();
    folder.write();
  }

  /// Tells about a training that did not make all of its iterations.
  private void sayEnding(TrainingRun.Outcome outcome, long made, boolean stopped) {
    if (stopped) {
      CommandWords.say(
          spec,
          "stopped after %d iterations, the best model so far is kept; continue with --resume %s",
          made,
          out);
    } else if (outcome.diverged()) {
      CommandWords.say(
          spec,
          "training diverged: its loss ended far above the untrained model's; the best model is kept; a --rate smaller than %s may help",
          options.rate());
    } else if (outcome.cancelled()) {
      CommandWords.say(spec, "early stopping after %d iterations, the best model is kept", made);
    } else if (!outcome.status().succeeded()) {
      CommandWords.say(
          spec,
          "training stopped early after %d iterations, the best model so far is kept; a --rate smaller than %s may help (%s)",
          made,
          options.rate(),
          outcome.status().message());
    }
  }
}
