package org.flowline.neuralode;

import java.util.Arrays;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.Status;
import org.flowline.odesolvers.StepSize;

/// The continuous adjoint: solves [AdjointField] backwards from the last observation to the first.
///
///     a(t) jumps by ∂L/∂y(tᵢ) at tᵢ        ∂L/∂θ = g(t₀)        ∂L/∂y0 = a(t₀)
///
/// Memory does not grow with the number of steps. The price: this is the gradient of the *true*
/// trajectory, up to both solves' tolerances, and not that of the computed one; and `y` is solved
/// backwards. **Wrong where the field contracts strongly**: what forgets its past forwards explodes
/// backwards, and so does the error. `y` is set back to the forward solution at each observation,
/// which helps only if these are close together. Prefer [DiscreteAdjoint].
///
/// With respect to times: `∂L/∂tᵢ = ⟨∂L/∂y(tᵢ), f(tᵢ)⟩` and `∂L/∂t₀ = −⟨a(t₀⁺), f(t₀)⟩`. Cost: a
/// pullback with value for each evaluation of the backward solve. Chen et al. (2018), algorithm 2.
///
/// @param forward solves for `y`
/// @param backward solves for `(y, a, g)`
public record Backsolve(Integrator forward, Integrator backward) implements GradientMethod {

  /// The same method and tolerances both ways.
  ///
  /// @throws IllegalArgumentException if the step size is fixed, since fixed steps go one way only
  public Backsolve(Integrator both) {
    this(both, both);
    if (!(both.stepSize() instanceof StepSize.Adaptive)) {
      throw new IllegalArgumentException(
          "backsolve: fixed steps go one way only; give a forward and a backward integrator");
    }
  }

  @Override
  public TrajectoryGradient gradient(
      DifferentiableField field, double[] y0, double[] times, TrajectoryLoss loss) {
    int n = field.dimension();
    int p = field.parameterCount();
    Solution solution = forward.solve(field, y0, times);
    if (!solution.status().succeeded()) {
      return Observations.failed(field, times, solution.status(), solution.stats());
    }
    double[] observed = Observations.flat(solution.values(), n);
    double[] cotangents = new double[observed.length];
    double value = loss.evaluate(observed, cotangents);

    AdjointField adjoint = new AdjointField(field);
    double[] state = new double[adjoint.dimension()];
    double[] rate = new double[n];
    double[] timesBar = new double[times.length];
    long evaluations = 0;
    Status status = solution.status();
    for (int i = times.length - 1; i >= 0; i--) {
      System.arraycopy(observed, i * n, state, 0, n);
      field.evaluate(times[i], solution.values()[i], rate);
      evaluations++;
      timesBar[i] =
          i > 0
              ? Observations.dot(cotangents, i * n, rate, 0, n)
              : -Observations.dot(state, n, rate, 0, n);
      for (int j = 0; j < n; j++) {
        state[n + j] += cotangents[i * n + j];
      }
      if (i > 0) {
        Solution interval = backward.solve(adjoint, state, times[i], times[i - 1]);
        evaluations += interval.stats().evaluations();
        status = interval.status();
        if (!status.succeeded()) {
          return Observations.failed(field, times, status, solution.stats());
        }
        state = interval.last();
      }
    }
    return new TrajectoryGradient(
        value,
        Arrays.copyOfRange(state, 2 * n, 2 * n + p),
        Arrays.copyOfRange(state, n, 2 * n),
        timesBar,
        status,
        solution.stats(),
        evaluations);
  }
}
