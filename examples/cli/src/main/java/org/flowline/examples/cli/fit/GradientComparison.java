package org.flowline.examples.cli.fit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.autodiff.GradientCheck;
import org.flowline.examples.cli.report.Text;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealVector;

/// The gradients of a training loss by several methods, compared with central differences.
///
/// Forward solves are tight, so that the gradients of the computed and of the true trajectory agree
/// to many digits. Differences are taken on the accepted time grid, held fixed, which is what a
/// discrete adjoint differentiates.
///
/// @param taylorSlope of the remainder of the discrete gradient; 2 for an exact one
/// @param audit of every method against a tighter solve
/// @param check of the discrete gradient
public record GradientComparison(
    double loss,
    double taylorSlope,
    List<Row> methods,
    GradientAudit audit,
    @JsonIgnore GradientCheck check) {
  private static final double TOLERANCE = 1e-10;
  private static final List<Double> BACKSOLVE_TOLERANCES = List.of(1e-4, 1e-6, 1e-8, 1e-10);

  /// Repetitions before those that are timed, of which the fastest counts.
  private static final int WARM_UP = 30;

  private static final int TIMED = 10;

  private static final Integrator TIGHT = solver(TOLERANCE);

  /// A method's gradient compared with the differences.
  public record Row(
      String name,
      double maxRelativeError,
      long nfeForward,
      long nfeBackward,
      double milliseconds) {}

  private static Integrator solver(double tolerance) {
    return Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(tolerance, tolerance));
  }

  /// Trains a model on one trajectory and compares the gradients of its loss.
  public static GradientComparison of(TimeSeries series, int iterations, long seed) {
    FitConfig config =
        new FitConfig(
            new Architecture(List.of(16), Activation.TANH),
            Model.Solver.USUAL,
            new DiscreteAdjoint(Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-5, 1e-6))),
            FitConfig.Descent.of(Optimizer.adam(0.01), 0.01),
            FitConfig.Learning.GROWING_HORIZON,
            iterations,
            seed);
    Model model = new TrainingRun(config, Measurements.of(series)).train();
    double[] times = model.scaling().scaledTimes(series.times());
    List<double[]> rows = model.scaling().scaled(series.rows());
    NeuralField field = model.field();
    TrajectoryLoss loss = TrajectoryLoss.meanSquaredError(rows);

    Trajectory accepted = new Trajectory();
    TIGHT.withObserver(accepted).solve(field, rows.getFirst(), times).orThrow();
    double[] nodes =
        IntStream.rangeClosed(0, accepted.steps())
            .mapToDouble(n -> n < accepted.steps() ? accepted.t(n) : accepted.end())
            .toArray();
    Integrator frozen = Integrator.of(Methods.DOPRI5, new StepSize.Grid(nodes));
    TrajectoryGradient exact =
        new DiscreteAdjoint(frozen).gradient(field, rows.getFirst(), times, loss);
    long[] evaluations = {0};
    ToDoubleFunction<double[]> onGrid =
        theta -> {
          field.bind(theta);
          Solution solution = frozen.solve(field, rows.getFirst(), times).orThrow();
          evaluations[0] += solution.stats().evaluations();
          double[] y = Arrays.stream(solution.values()).flatMapToDouble(Arrays::stream).toArray();
          return loss.evaluate(y, new double[y.length]);
        };
    long start = System.nanoTime();
    GradientCheck check = GradientCheck.of(onGrid, exact.theta(), model.theta());
    double millis = (System.nanoTime() - start) / 1e6;
    field.bind(model.theta());

    List<Row> methods = new ArrayList<>();
    methods.add(row("discrete", new DiscreteAdjoint(TIGHT), field, times, rows, check));
    for (double tolerance : BACKSOLVE_TOLERANCES) {
      Backsolve backsolve = new Backsolve(TIGHT, solver(tolerance));
      String name = Text.format("backsolve %.0e", tolerance);
      methods.add(row(name, backsolve, field, times, rows, check));
    }
    methods.add(new Row("differences", check.differencesError(), evaluations[0], 0, millis));
    GradientAudit audit = GradientAudit.of(field, rows.getFirst(), times, loss, TIGHT);
    return new GradientComparison(exact.loss(), check.taylorSlope(), methods, audit, check);
  }

  private static Row row(
      String name,
      GradientMethod method,
      NeuralField field,
      double[] times,
      List<double[]> rows,
      GradientCheck check) {
    PreparedGradient prepared = method.prepare(field);
    TrajectoryLoss loss = TrajectoryLoss.meanSquaredError(rows);
    double fastest = Double.POSITIVE_INFINITY;
    TrajectoryGradient gradient = null;
    for (int i = 0; i < WARM_UP + TIMED; i++) {
      long start = System.nanoTime();
      gradient = prepared.gradient(rows.getFirst(), times, loss);
      double millis = (System.nanoTime() - start) / 1e6;
      fastest = i < WARM_UP ? fastest : Math.min(fastest, millis);
    }
    RealVector expected = new ArrayRealVector(check.differences(), false);
    double error = expected.getLInfDistance(new ArrayRealVector(gradient.theta(), false));
    return new Row(
        name,
        error / Math.max(expected.getLInfNorm(), Double.MIN_NORMAL),
        gradient.forward().evaluations(),
        gradient.backwardEvaluations(),
        fastest);
  }

  /// Returns the tables for the terminal.
  ///
  /// @param data their name
  public String text(String data) {
    String rows =
        methods.stream()
            .map(
                it ->
                    Text.format(
                        "%-16s %14.2e %,12d %,12d %10.3f\n",
                        it.name,
                        it.maxRelativeError,
                        it.nfeForward,
                        it.nfeBackward,
                        it.milliseconds))
            .collect(Collectors.joining());
    String remainders =
        IntStream.range(0, check.remainders().size())
            .mapToObj(k -> Text.format("  ε = 2^-%-2d  %.3e\n", k + 2, check.remainders().get(k)))
            .collect(Collectors.joining());
    return Text.format(
        """
        gradient of the loss %.6f of %s with respect to %d weights, forward tolerance %.0e

        method                    error  nfe forward     backward         ms
        %s
        error: the largest deviation from extrapolated central differences, relative to the largest component;
        for the differences their own estimate.
        The Taylor remainder |L(θ+εv) − L(θ) − ε⟨g,v⟩| of the discrete gradient has slope %.3f (expected 2):
        %s
        every method compared with a tighter solve, for θ, start and times:

        %s""",
        loss, data, check.gradient().length, TOLERANCE, rows, taylorSlope, remainders, audit);
  }
}
