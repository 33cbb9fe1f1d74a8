package org.flowline.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.Provenance;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrainingFile;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepObserver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Fits a Neural ODE to measurements, from the first point on, with a horizon that grows.
@Command(
    name = "train",
    description = "Fit a Neural ODE to a time series: the Hudson's Bay pelts, or your own CSV.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline train --data my.csv --iterations 5000 --out my-run"})
final class TrainCommand implements Callable<Integer> {

  @Mixin private DataOption data;
  @Mixin private JsonOption json;

  @Mixin private TrainingOptions options;

  @Option(
      names = "--diagnostics",
      description =
          "Watch sharpness, its limit for the optimiser, where the loss goes, and gradients through"
              + " the solve; takes several times as long.")
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

  @Option(names = "--quiet", description = "No progress.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  /// Options that are no settings of a training.
  private static final List<String> NO_SETTINGS =
      List.of("--help", "--version", "--json", "--resume", "--config", "--print-config", "--quiet");

  /// Of those, and of these, a training that goes on keeps nothing.
  private static final List<String> NOT_KEPT =
      Stream.concat(NO_SETTINGS.stream(), Stream.of("--out", "--diagnostics")).toList();

  /// What `--json` prints.
  record Report(
      String data,
      int iterations,
      double rmse,
      double loss,
      long nfe,
      double seconds,
      String out,
      @JsonInclude(JsonInclude.Include.NON_NULL) Diagnosis.Report diagnostics) {}

  @Override
  public Integer call() {
    Optional<TrainingFile> stopped = settled();
    options.require(spec);
    CommandWords.requirePositive(spec, "--checkpoint-every", checkpointEvery);
    if (printConfig) {
      spec.commandLine().getOut().println(Config.text(spec, NO_SETTINGS));
      return 0;
    }
    TimeSeries series = data.read();
    stopped.ifPresent(file -> requireSame(series, file));
    Model untrained = options.untrained(series);
    OutputFolder folder = OutputFolder.open(out);
    try (Metrics metrics = Metrics.open(out);
        StopSignal signal = StopSignal.watch()) {
      if (stopped.isEmpty()) {
        RunCheckpoints.requireNone(out);
      }
      // Read again, as another process may have gone on until now.
      Optional<TrainingFile> from = stopped.map(_ -> RunCheckpoints.read(out));
      return train(untrained, series, folder, metrics, signal, from);
    }
  }

  /// Takes the settings of the file or the folder that were asked for.
  private Optional<TrainingFile> settled() {
    if (resume != null) {
      requireAlone();
      Path folder = resume;
      TrainingFile stopped = RunCheckpoints.read(folder);
      String source = RunCheckpoints.in(folder).toString();
      Config.of(source, stopped.settings(), spec, NOT_KEPT).apply(spec);
      out = folder;
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
        .filter(name -> !List.of("--resume", "--json", "--quiet").contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new ParameterException(
                  spec.commandLine(),
                  name + ": --resume goes on with the settings of its folder; leave it out");
            });
  }

  private void requireSame(TimeSeries series, TrainingFile stopped) {
    double[] was = stopped.more().get("data");
    if (was == null || was.length != 1 || was[0] != fingerprint(series)) {
      throw new DataException(
          data.name() + ": is not what the training in " + out + " began with; train anew");
    }
  }

  private static double fingerprint(TimeSeries series) {
    CRC32 checksum = new CRC32();
    checksum.update(Npy.of(series.times()).bytes());
    series.rows().forEach(row -> checksum.update(Npy.of(row).bytes()));
    return checksum.getValue();
  }

  private int train(
      Model untrained,
      TimeSeries series,
      OutputFolder folder,
      Metrics metrics,
      StopSignal signal,
      Optional<TrainingFile> from) {
    int iterations = options.iterations();
    Optimizer optimizer = options.optimizer();
    PrintWriter err = spec.commandLine().getErr();

    Recipe recipe = new Recipe(untrained, series, options.gradientMethod(), optimizer, iterations);
    TrajectoryObjective objective = recipe.objective();
    LossCurve curve = new LossCurve(iterations);
    Optional<Diagnosis> diagnosis =
        diagnostics
            ? Optional.of(Diagnosis.of(recipe.objective(), optimizer, iterations))
            : Optional.empty();
    List<StepObserver> watching = diagnosis.map(Diagnosis::observers).orElse(List.of());
    double[] history = from.map(file -> file.more().get("metrics")).orElse(new double[0]);
    metrics.begin(
        iterations,
        () -> objective.forwardEvaluations() + objective.backwardEvaluations(),
        history);
    metrics.replay(curve);
    RunCheckpoints checkpoints =
        new RunCheckpoints(
            out,
            checkpointEvery,
            Config.text(spec, NOT_KEPT),
            fingerprint(series),
            metrics,
            signal);
    Trainer.Result result;
    try (Progress progress = quiet ? Progress.none() : Progress.of(iterations, metrics, err)) {
      Trainer trainer =
          recipe
              .trainer(objective, watching, metrics, curve, progress)
              .withRetries(options.retries())
              .withCheckpoints(checkpoints);
      result =
          from.map(file -> trainer.resume(file.state(), iterations))
              .orElseGet(() -> trainer.train(untrained.theta(), iterations));
    }
    boolean cancelled = result.status().reason() == Status.Reason.CANCELLED;
    if (cancelled) {
      err.printf(
          Locale.ROOT,
          "flowline: stopped after %d iterations, the best model so far is kept; go on with --resume"
              + " %s%n",
          metrics.iterations(),
          out);
    } else if (!result.status().succeeded()) {
      err.printf(
          Locale.ROOT,
          "flowline: training stopped early after %d iterations, the best model so far is kept;"
              + " a --rate smaller than %s may help (%s)%n",
          metrics.iterations(),
          options.rate(),
          result.status().message());
    }
    Fit plain = Fit.of(untrained.with(result.theta()), series);
    Fit fit = plain.with(provenance(plain, metrics.iterations(), result.loss()));
    fit.addTo(folder);
    curve.addTo(folder);
    diagnosis.ifPresent(found -> found.addTo(folder));
    if (diagnostics) {
      DepthCurve.of(untrained.with(result.theta()), series, options.gradientMethod().forward())
          .ifPresent(depth -> depth.addTo(folder));
    }
    folder.write();
    if (!cancelled) {
      checkpoints.remove();
    }
    Report report =
        new Report(
            data.name(),
            (int) metrics.iterations(),
            fit.rmse(),
            result.loss(),
            metrics.evaluations(),
            metrics.seconds(),
            out.toString(),
            diagnosis.map(Diagnosis::report).orElse(null));
    json.print(spec, report, () -> summary(report, fit, diagnosis, folder));
    if (cancelled) {
      return signal.exitCode();
    }
    return result.status().succeeded() ? 0 : 1;
  }

  private Provenance provenance(Fit fit, long done, double loss) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("program", Flowline.VERSION);
    settings.put("data", data.name());
    settings.put("iterations", Long.toString(done));
    settings.put("seed", Long.toString(options.seed()));
    settings.put("gradient", options.gradient().toString());
    settings.put("optimizer", options.optimizer().toString());
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rmse", fit.rmse());
    metrics.put("loss", loss);
    return fit.model().provenance().with(settings, metrics);
  }

  private String summary(
      Report report, Fit fit, Optional<Diagnosis> diagnosis, OutputFolder folder) {
    return String.format(
        Locale.ROOT,
        """
        data        %s
        optimiser   %s, %d iterations, gradient by %s adjoint
        fit         RMSE %.3f over all points and components (%s)
        loss        %.3e (mean square, standardised)
        cost        %,d evaluations of the field and its pullback, %.1f s
        %swritten     %s""",
        report.data(),
        options.optimizer(),
        report.iterations(),
        options.gradient(),
        report.rmse(),
        fit.perComponent(),
        report.loss(),
        report.nfe(),
        report.seconds(),
        diagnosis.map(found -> found.summary(report.diagnostics()) + "\n").orElse(""),
        folder);
  }
}
