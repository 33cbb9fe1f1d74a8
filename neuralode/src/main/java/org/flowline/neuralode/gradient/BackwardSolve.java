package org.flowline.neuralode.gradient;

import java.util.Arrays;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.Vectors;
import org.flowline.odesolvers.Event;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.field.VectorField;

/// The backward solve of the continuous adjoints on `(…, a, g)`, from one observation to the one
/// before, where `a` jumps:
///
///     a(tᵢ⁻) = a(tᵢ⁺) + ∂L/∂y(tᵢ)        ∂L/∂θ = g(t₀)        ∂L/∂y0 = a(t₀⁻)
///     ∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩        ∂L/∂t₀ = −⟨a(t₀⁺), f(t₀)⟩
///
/// An interval is divided at its events, where `a` jumps by [EventAdjoint].
final class BackwardSolve {
  private final DifferentiableField field;
  private final VectorField adjoint;
  private final Integrator backward;
  private final double[] times;
  private final double[] cotangents;
  private final EventAdjoint events;
  private final EventListener listener;
  private final double[] timesBar;
  private final double[] lambda;
  private final double[] rate;
  private final int n;

  /// The index of `a` in the state.
  private final int adjointAt;

  private double[] state;
  private long evaluations;
  private Status status;

  /// The step size that the last solve would try next; 0 before the first, and for fixed steps.
  private double nextStep;

  /// Observes events, last one first.
  @FunctionalInterface
  interface EventListener {
    /// Called with `(…, a, g)` at an event where `y` was `before` and `after`.
    void event(double[] state, double t, double[] before, double[] after);
  }

  /// @param adjoint the field on `(…, a, g)`
  /// @param listener called at each event
  BackwardSolve(
      DifferentiableField field,
      VectorField adjoint,
      Integrator backward,
      double[] times,
      LossCotangents loss,
      Solution forward,
      EventListener listener) {
    this.field = field;
    this.adjoint = adjoint;
    this.backward = backward;
    this.times = times;
    this.cotangents = loss.states();
    this.events = new EventAdjoint(field, forward.occurrences(), loss.events());
    this.listener = listener;
    this.status = forward.status();
    this.n = field.dimension();
    this.timesBar = new double[times.length];
    this.rate = new double[n];
    this.lambda = new double[n];
    this.state = new double[adjoint.dimension()];
    this.adjointAt = state.length - field.parameterCount() - n;
  }

  /// `(…, a, g)` at the present time.
  double[] state() {
    return state;
  }

  /// Lets `a` jump at observation `i` of the state `y`.
  void observe(int i, double[] y) {
    field.evaluate(times[i], y, rate);
    evaluations++;
    timesBar[i] =
        i > 0 ? Vectors.dot(cotangents, i * n, rate) : -Vectors.dot(state, adjointAt, rate);
    for (int j = 0; j < n; j++) {
      state[adjointAt + j] += cotangents[i * n + j];
    }
  }

  /// Solves back over an interval and its events; returns false if a solve failed.
  boolean solve(double from, double to) {
    double at = from;
    int direction = times[times.length - 1] > times[0] ? 1 : -1;
    while (events.next() != null && isAfter(events.next().t(), to, direction)) {
      if (events.skip()) {
        continue;
      }
      double t = events.next().t();
      if (t != at && !solveSmooth(at, t)) {
        return false;
      }
      jump();
      at = t;
    }
    return at == to || solveSmooth(at, to);
  }

  /// Returns whether an event is later than a time; every one is later than the first observation.
  private boolean isAfter(double event, double time, int direction) {
    return (event - time) * direction > 0 || time == times[0];
  }

  /// Lets `a` jump at the next event, whose time has the cotangent `−⟨a⁺, f⁺⟩`.
  private void jump() {
    Event.Occurrence last = events.next();
    Event.Occurrence cause = events.cause();
    listener.event(state, cause.t(), cause.before(), last.after());
    System.arraycopy(state, adjointAt, lambda, 0, n);
    field.evaluate(last.t(), last.after(), rate);
    double timeBar = -Vectors.dot(lambda, 0, rate);
    field.evaluate(cause.t(), cause.before(), rate);
    events.pullBack(lambda, timeBar, rate);
    System.arraycopy(lambda, 0, state, adjointAt, n);
    evaluations += 2;
  }

  /// Solves back without events, with the step size that the interval before ended with, which
  /// saves the estimate; returns false if the solve failed.
  private boolean solveSmooth(double from, double to) {
    Integrator solver =
        nextStep > 0 && backward.stepSize() instanceof StepSize.Adaptive size
            ? backward.withStepSize(size.withInitialStep(nextStep))
            : backward;
    Solution interval = solver.solve(adjoint, state, from, to);
    nextStep = interval.stats().nextStep();
    evaluations += interval.stats().evaluations();
    status = interval.status();
    state = interval.last();
    return status.succeeded();
  }

  /// The status of the last solve.
  Status status() {
    return status;
  }

  long evaluations() {
    return evaluations;
  }

  /// The gradient of a loss of this value, once the first observation is reached.
  TrajectoryGradient gradient(double loss, Solution forward, double drift) {
    double[] theta = Arrays.copyOfRange(state, adjointAt + n, state.length);
    events.addTheta(theta);
    return new TrajectoryGradient(
        loss,
        theta,
        Arrays.copyOfRange(state, adjointAt, adjointAt + n),
        timesBar,
        forward.status(),
        forward.stats(),
        evaluations,
        drift,
        Double.NaN);
  }
}
