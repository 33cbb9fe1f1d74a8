package org.flowline.odesolvers.ensemble;

import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.field.VectorField;

/// The problem `dy/dt = f(t, y)`, `y(times[0]) = y0`, with its own integrator; a member of an
/// ensemble, see [org.flowline.odesolvers.ensemble.Ensemble#solveAll].
///
/// Problems that share a field or an observer are solved one after the other, since both may hold
/// workspaces: **give each problem its own field** to solve them in parallel. State shared by
/// fields in other ways, and by functions of events, is the caller's responsibility.
public record InitialValueProblem(
    Integrator integrator, VectorField field, double[] y0, double... times) {

  public InitialValueProblem {
    y0 = y0.clone();
    times = times.clone();
  }

  /// A copy of the initial state.
  @Override
  public double[] y0() {
    return y0.clone();
  }

  /// A copy of the requested times.
  @Override
  public double[] times() {
    return times.clone();
  }

  @Override
  public String toString() {
    return "%s, %s, %s components, from %s to %s"
        .formatted(
            integrator.method().name(),
            integrator.stepSize(),
            y0.length,
            times[0],
            times[times.length - 1]);
  }

  /// Returns its solution; see [Integrator#solve].
  public Solution solve() {
    return integrator.solve(field, y0, times);
  }
}
