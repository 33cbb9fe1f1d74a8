package org.flowline.examples.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.autodiff.GradientCheck;
import org.flowline.examples.cli.CommandWords;
import org.flowline.examples.cli.fit.FitConfig;
import org.flowline.examples.cli.option.DataOption;
import org.flowline.examples.cli.option.JsonOption;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Methods;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Holds the gradients of a training loss against each other and against differences.
///
/// The forward solve is tight, so that the gradient of the computed trajectory and that of the true
/// one agree to many digits. Differences are taken on its accepted grid, held fixed: what a
/// discrete adjoint differentiates.
@Command(
    name = "gradcheck",
    description =
        "Compare the gradient of the training loss by every method with central differences.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:  flowline gradcheck --seed 7"})
public final class GradcheckCommand implements Callable<Integer> {
  private static final double TOLERANCE = 1e-10;
  private static final List<Double> BACKSOLVE_TOLERANCES = List.of(1e-4, 1e-6, 1e-8, 1e-10);

  /// Repetitions before a time is taken, and those of which the fastest counts.
  private static final int WARM_UP = 30;

  private static final int TIMED = 10;

  @Mixin private DataOption data;
  @Mixin private JsonOption json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the weights (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "700",
      description =
          "Training before the check, so that the loss is one worth checking (default ${DEFAULT-VALUE}).")
  private int iterations;

  @Spec private CommandSpec spec;

  /// One method's gradient beside the differences.
  record Row(
      String name,
      double maxRelativeError,
      long nfeForward,
      long nfeBackward,
      double milliseconds) {}

  /// What `--json` prints.
  record Report(double loss, double taylorSlope, List<Row> methods, GradientAudit audit) {}

  @Override
  public Integer call() {
    CommandWords.requirePositive(spec, "--iterations", iterations);
    TimeSeries series = data.readComplete();
    Model untrained =
        Model.untrained(series, List.of(16), Activation.TANH, new SplittableRandom(seed));
    Integrator loose = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-5, 1e-6));
    FitConfig recipe =
        FitConfig.usual(
            untrained, data.read(), new DiscreteAdjoint(loose), Optimizer.adam(0.01), iterations);
    Model model = untrained.with(recipe.train().theta());
    double[] times = model.scaling().scaledTimes(series.times());
    List<double[]> rows = model.scaling().scaled(series.rows());
    Integrator tight = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(TOLERANCE, TOLERANCE));

    Trajectory accepted = new Trajectory();
    tight.withObserver(accepted).solve(model.field(), rows.getFirst(), times).orThrow();
    double[] nodes =
        IntStream.rangeClosed(0, accepted.steps())
            .mapToDouble(n -> n < accepted.steps() ? accepted.t(n) : accepted.end())
            .toArray();
    Integrator frozen = Integrator.of(Methods.DOPRI5, new StepSize.Grid(nodes));
    TrajectoryGradient exact =
        new DiscreteAdjoint(frozen)
            .gradient(model.field(), rows.getFirst(), times, TrajectoryLoss.meanSquaredError(rows));
    GridLoss loss = new GridLoss(model.field(), frozen, times, rows);
    long start = System.nanoTime();
    GradientCheck check = GradientCheck.of(loss, exact.theta(), model.theta());
    double differencesMillis = (System.nanoTime() - start) / 1e6;

    List<Row> methods = new ArrayList<>();
    methods.add(row("discrete", model, new DiscreteAdjoint(tight), times, rows, check));
    for (double tolerance : BACKSOLVE_TOLERANCES) {
      Backsolve backsolve =
          new Backsolve(
              tight, Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(tolerance, tolerance)));
      methods.add(
          row(
              String.format(Locale.ROOT, "backsolve %.0e", tolerance),
              model,
              backsolve,
              times,
              rows,
              check));
    }
    methods.add(
        new Row("differences", check.differencesError(), loss.evaluations, 0, differencesMillis));
    GradientAudit audit =
        GradientAudit.of(
            model.field(), rows.getFirst(), times, TrajectoryLoss.meanSquaredError(rows), tight);
    Report report = new Report(exact.loss(), check.taylorSlope(), methods, audit);
    json.print(spec, report, text(report, check));
    return 0;
  }

  /// The loss alone, on a frozen grid, as a function of θ.
  private static final class GridLoss implements ToDoubleFunction<double[]> {
    private final NeuralField field;
    private final Integrator integrator;
    private final double[] times;
    private final List<double[]> rows;
    private final TrajectoryLoss loss;
    private long evaluations;

    GridLoss(NeuralField field, Integrator integrator, double[] times, List<double[]> rows) {
      this.field = field;
      this.integrator = integrator;
      this.times = times;
      this.rows = rows;
      this.loss = TrajectoryLoss.meanSquaredError(rows);
    }

    @Override
    public double applyAsDouble(double[] theta) {
      field.bind(theta);
      Solution solution = integrator.solve(field, rows.getFirst(), times).orThrow();
      evaluations += solution.stats().evaluations();
      double[] observed =
          Arrays.stream(solution.values()).flatMapToDouble(Arrays::stream).toArray();
      return loss.evaluate(observed, new double[observed.length]);
    }
  }

  private static Row row(
      String name,
      Model model,
      GradientMethod method,
      double[] times,
      List<double[]> rows,
      GradientCheck check) {
    PreparedGradient prepared = method.prepare(model.field());
    TrajectoryLoss loss = TrajectoryLoss.meanSquaredError(rows);
    double fastest = Double.POSITIVE_INFINITY;
    TrajectoryGradient gradient = null;
    for (int i = 0; i < WARM_UP + TIMED; i++) {
      long start = System.nanoTime();
      gradient = prepared.gradient(rows.getFirst(), times, loss);
      double millis = (System.nanoTime() - start) / 1e6;
      fastest = i < WARM_UP ? fastest : Math.min(fastest, millis);
    }
    return new Row(
        name,
        relativeError(gradient.theta(), check.differences()),
        gradient.forward().evaluations(),
        gradient.backwardEvaluations(),
        fastest);
  }

  /// `max |gᵢ − rᵢ| / max |rᵢ|`
  private static double relativeError(double[] gradient, double[] reference) {
    double error = 0;
    double scale = 0;
    for (int i = 0; i < gradient.length; i++) {
      error = Math.max(error, Math.abs(gradient[i] - reference[i]));
      scale = Math.max(scale, Math.abs(reference[i]));
    }
    return error == 0 ? 0 : error / Math.max(scale, Double.MIN_NORMAL);
  }

  private Supplier<String> text(Report report, GradientCheck check) {
    return () -> {
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "gradient of the loss %.6f of %s with respect to %d weights, forward tolerance %.0e%n%n",
              report.loss,
              data.name(),
              check.gradient().length,
              TOLERANCE));
      text.append(
          String.format(
              Locale.ROOT,
              "%-16s %14s %12s %12s %10s%n",
              "method",
              "error",
              "nfe forward",
              "backward",
              "ms"));
      for (Row row : report.methods) {
        text.append(
            String.format(
                Locale.ROOT,
                "%-16s %14.2e %,12d %,12d %10.3f%n",
                row.name,
                row.maxRelativeError,
                row.nfeForward,
                row.nfeBackward,
                row.milliseconds));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%nerror: largest difference from extrapolated central differences, relative to the largest"
                  + " component; of these, their own estimate.%n"
                  + "Taylor remainder |L(θ+εv) − L(θ) − ε⟨g,v⟩| of the discrete gradient falls with slope %.3f (expected 2):%n",
              check.taylorSlope()));
      for (int k = 0; k < check.remainders().size(); k++) {
        text.append(
            String.format(Locale.ROOT, "  ε = 2^-%-2d  %.3e%n", k + 2, check.remainders().get(k)));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%nevery method beside a tighter solve, for weights (θ), start and" + " times:%n%n"));
      return text.append(report.audit).toString();
    };
  }
}
