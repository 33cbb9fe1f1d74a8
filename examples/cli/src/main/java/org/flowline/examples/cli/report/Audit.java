package org.flowline.examples.cli.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.method.Methods;

/// An audit of the gradients of a fitted model by every method, on the trajectory with the fewest
/// training rows and at most [#MOST] of them.
///
/// The gradient of a fit's own loss vanishes at its optimum, where it is all error. The audited
/// loss therefore has targets beside the data, by one standard deviation up or down at random.
///
/// @param scope of the audit, or the reason that there is none
/// @param found its result
public record Audit(String scope, Optional<GradientAudit> found) {
  private static final int MOST = 40;

  private static final double SECONDS = 2;

  /// The approximate cost of an audit, in tight gradients.
  private static final double GRADIENTS = 250;

  /// The approximate seconds of an evaluation, and in addition of each parameter.
  private static final double EVALUATION = 3e-7;

  private static final double PARAMETER = 1e-9;

  private static final Integrator TIGHT =
      new Model.Solver(Methods.VERN7.name(), 1e-11, 1e-11).integrator();

  /// Audits the gradients.
  ///
  /// @param solver of the training
  public static Audit of(Fit fit, Integrator solver) {
    FittedTrajectory shortest =
        fit.trajectories().stream()
            .filter(it -> it.trained() > 1)
            .min(Comparator.comparingInt(FittedTrajectory::trained))
            .orElseThrow();
    Model model = fit.model();
    int count = Math.min(MOST, shortest.trained());
    double[] times = model.scaling().scaledTimes(shortest.series().between(0, count).times());
    List<double[]> rows = model.scaling().scaled(shortest.series().rows().subList(0, count));
    double[] start = model.initialState().state(model.theta(), rows.getFirst());
    NeuralField field = model.field(shortest.measured().inputs());
    TrajectoryLoss loss = loss(rows, field.dimension());
    try {
      double seconds = GRADIENTS * secondsOfOne(field, start, times, loss);
      if (seconds > SECONDS) {
        String why = "No audit: it would take about %.0f s; flowline gradcheck makes one.";
        return new Audit(Text.format(why, seconds), Optional.empty());
      }
      GradientAudit audit = GradientAudit.withoutCosts(field, start, times, loss, solver);
      return new Audit(scope(fit, shortest, count), Optional.of(audit));
    } catch (IllegalArgumentException | SolveException e) {
      return new Audit("No audit: " + e.getMessage() + ".", Optional.empty());
    }
  }

  /// Estimates the seconds from evaluations and not by the clock, so that pages are reproducible.
  private static double secondsOfOne(
      NeuralField field, double[] start, double[] times, TrajectoryLoss loss) {
    TrajectoryGradient one = new DiscreteAdjoint(TIGHT).gradient(field, start, times, loss);
    long evaluations = one.forward().evaluations() + one.backwardEvaluations();
    return evaluations * (EVALUATION + field.parameterCount() * PARAMETER);
  }

  private static String scope(Fit fit, FittedTrajectory shortest, int count) {
    String some = count == shortest.trained() ? "all" : "the first";
    String of = fit.trajectories().size() > 1 ? " of " + shortest.name() : "";
    return "On %s %d training rows%s.".formatted(some, count, of);
  }

  /// The mean squared distance from targets one standard deviation beside the measured values;
  /// augmented components add none.
  private static TrajectoryLoss loss(List<double[]> rows, int dimension) {
    double[] target = new double[rows.size() * dimension];
    double[] measured = new double[target.length];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < target.length; i++) {
      double[] row = rows.get(i / dimension);
      int component = i % dimension;
      if (component < row.length && !Double.isNaN(row[component])) {
        target[i] = row[component] + (random.nextBoolean() ? 1 : -1);
        measured[i] = 1;
      }
    }
    Shape shape = Shape.of(rows.size(), dimension);
    double scale = 1 / Arrays.stream(measured).sum();
    return TrajectoryLoss.traced(
        rows.size(),
        dimension,
        y ->
            y.sub(y.constant(shape, target))
                .mul(y.constant(shape, measured))
                .square()
                .sum()
                .mul(scale));
  }
}
