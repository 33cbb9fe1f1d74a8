package org.flowline.neuralode.training.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleToIntFunction;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.gradient.PreparedGradient;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.gradient.TrajectoryHessian;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Status;

/// The mean squared distance between a field's trajectory from `y0` and the data, over the first
/// `horizon(τ)` observation times:
///
///     L(θ) = 1/(T n) Σᵢ ‖y(tᵢ; θ) − dataᵢ‖²
///
/// A horizon that grows during training keeps long oscillating series from the flat local minimum
/// "go through the middle".
public final class TrajectoryObjective implements TwiceDifferentiableObjective {
  private final DifferentiableField field;
  private final GradientMethod method;
  private final PreparedGradient gradient;
  private final double[] y0;
  private final double[] times;
  private final List<double[]> data;
  private final DoubleToIntFunction horizon;
  private final TrajectoryLoss[] losses;
  private Status lastStatus;
  private final Costs.Account account = new Costs.Account();

  private TrajectoryObjective(
      DifferentiableField field,
      GradientMethod method,
      double[] times,
      List<double[]> data,
      DoubleToIntFunction horizon) {
    this.field = field;
    this.method = method;
    this.gradient = method.prepare(field);
    this.times = times.clone();
    this.data = data.stream().map(double[]::clone).toList();
    this.y0 = this.data.getFirst();
    this.horizon = horizon;
    this.losses = new TrajectoryLoss[times.length + 1];
  }

  /// The objective on all of the data, starting from its first point.
  ///
  /// @throws IllegalArgumentException if there are fewer than two times, or they are not strictly
  ///     monotone, or a row has not the field's dimension or a value that is missing
  public static TrajectoryObjective of(
      DifferentiableField field, GradientMethod method, double[] times, List<double[]> data) {
    if (times.length < 2 || times.length != data.size()) {
      throw new IllegalArgumentException(
          "trajectory objective: "
              + times.length
              + " times and "
              + data.size()
              + " rows of data; want two or more of each, and as many");
    }
    for (double[] row : data) {
      if (!Arrays.stream(row).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "trajectory objective: "
                + Arrays.toString(row)
                + " among the data; want finite numbers, or TrajectoriesObjective, which leaves out"
                + " what is NaN");
      }
      if (row.length != field.dimension()) {
        throw new IllegalArgumentException(
            "trajectory objective: a row of "
                + row.length
                + " values; the field has "
                + field.dimension()
                + " components");
      }
    }
    requireOrdered("trajectory objective", times);
    return new TrajectoryObjective(field, method, times, data, _ -> times.length);
  }

  /// @throws IllegalArgumentException unless two or more times are finite and strictly monotone
  static void requireOrdered(String what, double[] times) {
    double direction = Math.signum(times[1] - times[0]);
    for (int i = 1; i < times.length; i++) {
      double gap = times[i] - times[i - 1];
      if (!(gap * direction > 0) || Double.isInfinite(gap)) {
        throw new IllegalArgumentException(
            "%s: time %d is %s, after %s; want finite times, all rising or all falling"
                .formatted(what, i, times[i], times[i - 1]));
      }
    }
  }

  /// This objective on the first `horizon(τ)` times only, clipped to between 2 and all of them.
  public TrajectoryObjective withHorizon(DoubleToIntFunction horizon) {
    return new TrajectoryObjective(field, method, times, data, horizon);
  }

  /// The loss, its gradient and its cost at `theta`, on the first `points` times.
  ///
  /// @throws IllegalArgumentException if there are not so many, or fewer than two are asked for
  public TrajectoryGradient evaluate(double[] theta, int points) {
    if (points < 2 || points > times.length) {
      throw new IllegalArgumentException(
          "trajectory objective: " + points + " times; want 2 … " + times.length);
    }
    field.bind(theta);
    if (losses[points] == null) {
      losses[points] = TrajectoryLoss.meanSquaredError(data.subList(0, points));
    }
    TrajectoryGradient result = gradient.gradient(y0, Arrays.copyOf(times, points), losses[points]);
    lastStatus = result.status();
    account.gradient();
    gradient.charge(account, result);
    return result;
  }

  /// The Hessian of the loss at `theta`, on all times and the steps that the method's forward
  /// solver accepts there.
  ///
  /// @throws IllegalArgumentException if field or solver have no second derivatives; see
  ///     [TrajectoryHessian#at]
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public TrajectoryHessian hessian(double[] theta) {
    return hessian(theta, times.length);
  }

  private TrajectoryHessian hessian(double[] theta, int points) {
    field.bind(theta);
    TrajectoryLoss loss = TrajectoryLoss.meanSquaredError(data.subList(0, points));
    return TrajectoryHessian.at(field, y0, Arrays.copyOf(times, points), loss, method.forward());
  }

  /// The Hessian on the times in use at `tau`.
  @Override
  public Curvature hessian(double tau, double[] theta) {
    TrajectoryHessian hessian = hessian(theta, phase(tau));
    return account.counted(
        (v, product) -> System.arraycopy(hessian.times(v), 0, product, 0, product.length));
  }

  @Override
  public int dimension() {
    return field.parameterCount();
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    TrajectoryGradient result = evaluate(theta, phase(tau));
    System.arraycopy(result.theta(), 0, gradient, 0, gradient.length);
    return result.loss();
  }

  /// The number of times in use.
  @Override
  public int phase(double tau) {
    return Math.clamp(horizon.applyAsInt(tau), 2, times.length);
  }

  @Override
  public Optional<Status> failure() {
    return Optional.ofNullable(lastStatus).filter(status -> !status.succeeded());
  }

  @Override
  public Costs costs() {
    return account.costs();
  }

  /// Evaluations of the field by forward solves so far.
  public long forwardEvaluations() {
    return account.costs().evaluations();
  }

  /// Pullbacks of the field so far.
  public long backwardEvaluations() {
    return account.costs().pullbacks();
  }
}
