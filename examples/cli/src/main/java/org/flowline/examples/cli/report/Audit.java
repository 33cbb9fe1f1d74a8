package org.flowline.examples.cli.report;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientAudit;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.SolveException;
import org.flowline.odesolvers.method.Methods;

/// The gradients of a fitted model by every method, beside a tight one, on the trajectory with the
/// fewest rows to learn from and on no more than [#MOST] of these.
///
/// @param on what it was made on, or why it was not made
/// @param found if it was
public record Audit(String on, Optional<GradientAudit> found) {
  private static final int MOST = 40;

  /// What it may take.
  private static final double SECONDS = 2;

  /// It takes as long as so many tight gradients, nearly.
  private static final double GRADIENTS = 250;

  /// An evaluation takes so many seconds, and so many more for each parameter, nearly.
  private static final double EVALUATION = 3e-7;

  private static final double PARAMETER = 1e-9;

  private static final Integrator TIGHT =
      new Model.Solver(Methods.VERN7.name(), 1e-11, 1e-11).integrator();

  /// @param solver what trained it
  public static Audit of(Fit fit, Integrator solver) {
    FittedTrajectory course =
        fit.courses().stream()
            .filter(it -> it.trained() > 1)
            .min(Comparator.comparingInt(FittedTrajectory::trained))
            .orElseThrow();
    Model model = fit.model();
    int count = Math.min(MOST, course.trained());
    double[] times = model.scaling().scaledTimes(course.series().between(0, count).times());
    List<double[]> rows = model.scaling().scaled(course.series().rows().subList(0, count));
    double[] start = model.start().state(model.theta(), rows.getFirst());
    NeuralField field = model.field(course.measured().inputs());
    TrajectoryLoss loss = new Squares(rows, field.dimension());
    try {
      double seconds = GRADIENTS * secondsOfOne(field, start, times, loss);
      if (seconds > SECONDS) {
        return new Audit(
            String.format(
                Locale.ROOT,
                "Not made, since it would take some %.0f s; flowline gradcheck makes it.",
                seconds),
            Optional.empty());
      }
      GradientAudit audit = GradientAudit.withoutCosts(field, start, times, loss, solver);
      return new Audit(on(fit, course, count), Optional.of(audit));
    } catch (IllegalArgumentException | SolveException e) {
      return new Audit("Not made: " + e.getMessage() + ".", Optional.empty());
    }
  }

  /// By what it evaluates and not by the clock, so that a page does not depend on what else a
  /// machine does.
  private static double secondsOfOne(
      NeuralField field, double[] start, double[] times, TrajectoryLoss loss) {
    TrajectoryGradient one = new DiscreteAdjoint(TIGHT).gradient(field, start, times, loss);
    long evaluations = one.forward().evaluations() + one.backwardEvaluations();
    return evaluations * (EVALUATION + field.parameterCount() * PARAMETER);
  }

  private static String on(Fit fit, FittedTrajectory course, int count) {
    String rows = count == course.trained() ? "all" : "the first";
    String of = fit.courses().size() > 1 ? " of " + course.name() : "";
    return "On " + rows + " " + count + " rows to learn from" + of + ".";
  }

  /// The mean of squared distances of what was measured; further components of the state have none.
  private record Squares(List<double[]> rows, int dimension) implements TrajectoryLoss {
    @Override
    public double evaluate(double[] y, double[] yBar) {
      double sum = 0;
      long measured =
          rows.stream()
              .flatMapToDouble(Arrays::stream)
              .filter(value -> !Double.isNaN(value))
              .count();
      for (int i = 0; i < y.length; i++) {
        double[] row = rows.get(i / dimension);
        int component = i % dimension;
        boolean seen = component < row.length && !Double.isNaN(row[component]);
        double residual = seen ? y[i] - row[component] : 0;
        yBar[i] = 2 * residual / measured;
        sum += residual * residual;
      }
      return sum / measured;
    }
  }
}
