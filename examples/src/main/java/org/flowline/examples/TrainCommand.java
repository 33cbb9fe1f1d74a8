package org.flowline.examples;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.flowline.neuralode.Backsolve;
import org.flowline.neuralode.DiscreteAdjoint;
import org.flowline.neuralode.GradientMethod;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrajectoryObjective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Methods;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Fits a Neural ODE to measurements, from the first point on, with a horizon that grows.
@Command(
    name = "train",
    description = "Fit a Neural ODE to a time series: the Hudson's Bay pelts, or your own CSV.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline train --data my.csv --iterations 5000 --out my-run"})
final class TrainCommand implements Callable<Integer> {

  /// How gradients are computed.
  enum Gradient {
    DISCRETE,
    BACKSOLVE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which optimiser descends.
  enum Descent {
    ADAM(0.01),
    HEAVY_BALL(0.005),
    GRADIENT_DESCENT(0.05);

    private final double usualRate;

    Descent(double usualRate) {
      this.usualRate = usualRate;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Mixin private DataOption data;
  @Mixin private JsonOption json;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "3500",
      description = "Training iterations (default ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the initial weights (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--gradient",
      paramLabel = "METHOD",
      defaultValue = "discrete",
      description = "discrete (exact) or backsolve (O(1) memory); default ${DEFAULT-VALUE}.")
  private Gradient gradient;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description = "adam, heavy-ball or gradient-descent (default ${DEFAULT-VALUE}).")
  private Descent optimizer;

  @Option(
      names = "--rate",
      paramLabel = "ETA",
      description = "Learning rate (default: 0.01 with adam, 0.005 with heavy-ball, 0.05 else).")
  private Double rate;

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

  @Spec private CommandSpec spec;

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
    CommandWords.requirePositive(spec, "--iterations", iterations);
    CommandWords.requirePositive(spec, "--rate", rate());
    TimeSeries series = data.read();
    Model untrained =
        Model.untrained(series, List.of(16), Activation.TANH, new SplittableRandom(seed));
    OutputFolder folder = OutputFolder.open(out);
    PrintWriter err = spec.commandLine().getErr();

    long start = System.nanoTime();
    Recipe recipe = new Recipe(untrained, series, gradientMethod(), optimizer(), iterations);
    TrajectoryObjective objective = recipe.objective();
    LossCurve curve = new LossCurve(iterations);
    Optional<Diagnosis> diagnosis =
        diagnostics
            ? Optional.of(Diagnosis.of(recipe.objective(), optimizer(), iterations))
            : Optional.empty();
    List<StepObserver> watching = diagnosis.map(Diagnosis::observers).orElse(List.of());
    Trainer.Result result;
    try (Progress progress = Progress.of(iterations, err)) {
      result = recipe.train(objective, watching, curve, progress);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!result.status().succeeded()) {
      err.printf(
          Locale.ROOT,
          "flowline: training stopped early after %d iterations, the best model so far is kept;"
              + " a --rate smaller than %s may help (%s)%n",
          curve.size(),
          rate(),
          result.status().message());
    }
    Fit fit = Fit.of(untrained.with(result.theta()), series);
    fit.addTo(folder);
    curve.addTo(folder);
    diagnosis.ifPresent(found -> found.addTo(folder));
    if (diagnostics) {
      DepthCurve.of(untrained.with(result.theta()), series, gradientMethod().forward())
          .ifPresent(depth -> depth.addTo(folder));
    }
    folder.write();
    Report report =
        new Report(
            data.name(),
            curve.size(),
            fit.rmse(),
            result.loss(),
            objective.forwardEvaluations() + objective.backwardEvaluations(),
            seconds,
            out.toString(),
            diagnosis.map(Diagnosis::report).orElse(null));
    json.print(spec, report, () -> summary(report, fit, diagnosis, folder));
    return result.status().succeeded() ? 0 : 1;
  }

  private GradientMethod gradientMethod() {
    Integrator integrator = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-5, 1e-6));
    return switch (gradient) {
      case DISCRETE -> new DiscreteAdjoint(integrator);
      case BACKSOLVE -> new Backsolve(integrator);
    };
  }

  private double rate() {
    return rate != null ? rate : optimizer.usualRate;
  }

  private Optimizer optimizer() {
    return switch (optimizer) {
      case ADAM -> Optimizer.adam(rate());
      case HEAVY_BALL -> Optimizer.heavyBall(rate(), 0.9);
      case GRADIENT_DESCENT -> Optimizer.gradientDescent(rate());
    };
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
        optimizer(),
        report.iterations(),
        gradient,
        report.rmse(),
        fit.perComponent(),
        report.loss(),
        report.nfe(),
        report.seconds(),
        diagnosis.map(found -> found.summary(report.diagnostics()) + "\n").orElse(""),
        folder);
  }
}
