package org.flowline.odesolvers.ensemble;

import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.field.VectorField;

/// `dy/dt = f(t, y)`, `y(times[0]) = y0`, to be solved by an integrator of its own; one of those
/// that [org.flowline.odesolvers.ensemble.Ensemble#solveAll] solves, with its own step sizes,
/// interval, direction and [org.flowline.odesolvers.Status].
///
/// Problems of a batch that share a field or an observer are solved one after the other, since both
/// may hold workspaces: **give each problem a field of its own** to have them solved side by side.
/// Fields that share state behind their backs are the caller's care, and so are functions of
/// events.
public record InitialValueProblem(
    Integrator integrator, VectorField field, double[] y0, double... times) {

  public InitialValueProblem {
    y0 = y0.clone();
    times = times.clone();
  }

  /// A copy of the state at the start.
  @Override
  public double[] y0() {
    return y0.clone();
  }

  /// A copy of the requested times.
  @Override
  public double[] times() {
    return times.clone();
  }

  /// Its solution; see [Integrator#solve].
  public Solution solve() {
    return integrator.solve(field, y0, times);
  }
}
