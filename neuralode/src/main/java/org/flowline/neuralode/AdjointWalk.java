package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.VectorField;

/// The walk of the continuous adjoints back from one observation to the one before: a solve on `(…,
/// a, g)` over each interval, between which `a` jumps:
///
///     a(tᵢ⁻) = a(tᵢ⁺) + ∂L/∂y(tᵢ)        ∂L/∂θ = g(t₀)        ∂L/∂y0 = a(t₀⁻)
///     ∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩        ∂L/∂t₀ = −⟨a(t₀⁺), f(t₀)⟩
final class AdjointWalk {
  private final DifferentiableField field;
  private final VectorField adjoint;
  private final Integrator backward;
  private final double[] times;
  private final double[] cotangents;
  private final double[] timesBar;
  private final double[] rate;
  private final int n;

  /// Where `a` starts in the state.
  private final int at;

  private double[] state;
  private long evaluations;
  private Status status;

  /// What the last solve would try next; 0 before the first, and of fixed steps.
  private double nextStep;

  /// @param adjoint the field on `(…, a, g)`
  /// @param cotangents `∂L/∂y(tᵢ)`, `[times, n]`
  AdjointWalk(
      DifferentiableField field,
      VectorField adjoint,
      Integrator backward,
      double[] times,
      double[] cotangents) {
    this.field = field;
    this.adjoint = adjoint;
    this.backward = backward;
    this.times = times;
    this.cotangents = cotangents;
    this.n = field.dimension();
    this.timesBar = new double[times.length];
    this.rate = new double[n];
    this.state = new double[adjoint.dimension()];
    this.at = state.length - field.parameterCount() - n;
  }

  /// `(…, a, g)` where the walk stands.
  double[] state() {
    return state;
  }

  /// Lets `a` jump at observation `i` of the state `y`.
  void observe(int i, double[] y) {
    field.evaluate(times[i], y, rate);
    evaluations++;
    timesBar[i] =
        i > 0
            ? Observations.dot(cotangents, i * n, rate, 0, n)
            : -Observations.dot(state, at, rate, 0, n);
    for (int j = 0; j < n; j++) {
      state[at + j] += cotangents[i * n + j];
    }
  }

  /// Goes back over an interval, with a first step as long as the interval before has shown to be
  /// good, which spares the estimate; false if the solve failed.
  boolean solve(double from, double to) {
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

  /// How the last solve ended.
  Status status() {
    return status;
  }

  long evaluations() {
    return evaluations;
  }

  /// The gradient of a loss of this value, once the walk is at the first observation.
  TrajectoryGradient gradient(double loss, Solution forward, double drift) {
    return new TrajectoryGradient(
        loss,
        Arrays.copyOfRange(state, at + n, state.length),
        Arrays.copyOfRange(state, at, at + n),
        timesBar,
        status,
        forward.stats(),
        evaluations,
        drift);
  }
}
