package org.flowline.neuralode.gradient;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Stats;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.method.Stochastic;

/// The part common to all gradient methods: checks the forward solve, evaluates the loss with its
/// cotangents, and starts the backward pass of the method.
///
/// A field with a hidden state, or that draws random numbers, has no gradient. `f(t₀, y0)` is
/// therefore evaluated before and after the solve, unless the field is [DifferentiableField#pure].
final class ForwardPass {

  /// The relative difference allowed to sums in another order.
  private static final double ROUNDING = 1e-10;

  /// The backward pass of a method.
  @FunctionalInterface
  interface Backward {
    TrajectoryGradient gradient(LossCotangents cotangents);
  }

  private final String method;
  private final DifferentiableField field;
  private final double[] y0;
  private final double[] times;

  /// `f(t₀, y0)` before the solve; null where it is not checked.
  private final double[] before;

  /// Evaluates `f(t₀, y0)`; to be created before the solve.
  ///
  /// @param method the name for messages
  ForwardPass(String method, DifferentiableField field, double[] y0, double[] times) {
    this.method = method;
    this.field = field;
    this.y0 = y0;
    this.times = times;
    boolean fits = times.length > 0 && y0.length == field.dimension() && Double.isFinite(times[0]);
    this.before = fits && !field.pure() ? slope() : null;
  }

  private double[] slope() {
    double[] slope = new double[y0.length];
    field.evaluate(times[0], y0.clone(), slope);
    return slope;
  }

  /// The gradient of a loss of this solution; NaN with a status where solve, loss or cotangents are
  /// not finite. The backward pass gets cotangents whose sizes add up to about 1, so that its
  /// tolerances are relative to their sum and no scale of the loss overflows or underflows.
  ///
  /// @throws IllegalArgumentException if `f(t₀, y0)` has changed
  TrajectoryGradient gradient(Solution solution, TrajectoryLoss loss, Backward backward) {
    return gradient(solution, Solution::values, Solution::occurrences, loss, backward);
  }

  /// The gradient of a loss of states and events that are derived from a solution.
  ///
  /// @param observed the states at the observation times; components beyond the field's are ignored
  TrajectoryGradient gradient(
      Solution solution,
      Function<Solution, double[][]> observed,
      Function<Solution, List<Event.Occurrence>> events,
      TrajectoryLoss loss,
      Backward backward) {
    if (!solution.status().succeeded()) {
      return failed(solution.status(), solution.stats());
    }
    requireUnchanged();
    double[] states = flat(observed.apply(solution), field.dimension());
    LossCotangents cotangents =
        LossCotangents.of(loss, times, states, events.apply(solution), solution.status());
    if (!cotangents.status().succeeded()) {
      return failed(cotangents.status(), solution.stats());
    }
    int exponent = cotangents.normalise();
    TrajectoryGradient gradient =
        times[0] == times[times.length - 1]
            ? ofIdentity(cotangents, solution)
            : backward.gradient(cotangents);
    return gradient.scaled(exponent);
  }

  /// The gradient of a solve of length 0, which moves with its times at the rate `f(t₀, y0)`.
  private TrajectoryGradient ofIdentity(LossCotangents loss, Solution solution) {
    double[] rate = slope();
    double[] start = new double[y0.length];
    double[] timesBar = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      Vectors.add(loss.states(), i * y0.length, start);
      timesBar[i] = i == 0 ? 0 : Vectors.dot(loss.states(), i * y0.length, rate);
      timesBar[0] -= i == 0 ? 0 : timesBar[i];
    }
    return new TrajectoryGradient(
        loss.value(),
        new double[field.parameterCount()],
        start,
        timesBar,
        solution.status(),
        solution.stats(),
        0);
  }

  private void requireUnchanged() {
    if (before == null) {
      return;
    }
    double[] after = slope();
    double allowed = ROUNDING * Vectors.maxNorm(before);
    for (int i = 0; i < after.length; i++) {
      boolean same =
          Double.compare(before[i], after[i]) == 0 || Math.abs(before[i] - after[i]) <= allowed;
      if (!same) {
        throw new IllegalArgumentException(
            ("%s: component %s of f(%s, y0) was %s before the solve and %s after it; want a field"
                    + " that depends on t, y and θ alone; hold noise as NoisyField does, and make"
                    + " a hidden state a part of y")
                .formatted(method, i, times[0], before[i], after[i]));
      }
    }
  }

  /// A gradient of NaN.
  TrajectoryGradient failed(Status status, Stats forward) {
    return new TrajectoryGradient(
        Double.NaN,
        nan(field.parameterCount()),
        nan(field.dimension()),
        nan(times.length),
        status,
        forward,
        0);
  }

  static double[] nan(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  /// The first `n` components of each row, one row after the other.
  static double[] flat(double[][] rows, int n) {
    double[] flat = new double[rows.length * n];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * n, n);
    }
    return flat;
  }

  /// Refuses solves whose trajectory is not smooth between jumps with derivatives, as the
  /// continuous equations of adjoints and sensitivities require.
  ///
  /// @throws IllegalArgumentException if an event jumps by functions without derivatives, or the
  ///     solve is stochastic
  static void requireContinuous(String method, Integrator integrator) {
    EventAdjoint.require(method, integrator);
    if (integrator.method() instanceof Stochastic stochastic) {
      throw new IllegalArgumentException(
          method + ": " + stochastic.name() + " is stochastic; use DiscreteAdjoint");
    }
  }

  /// @throws IllegalArgumentException if there are events
  static void requireNoEvents(String method, Integrator integrator) {
    if (!integrator.events().isEmpty()) {
      throw new IllegalArgumentException(method + ": the integrator has events; want one without");
    }
  }
}
