package org.flowline.odesolvers;

import java.util.List;

/// The state at the requested times, with why and at what cost the solve ended. Its arrays are the
/// solution's own and not copied; it keeps the solve's workspace, for its [#checkpoint].
public final class Solution {

  /// What was solved, at its end.
  private final SolverState solve;

  private final Status status;
  private final Stats stats;

  Solution(SolverState solve, Status status, Stats stats) {
    this.solve = solve;
    this.status = status;
    this.stats = stats;
  }

  /// The requested times.
  public double[] times() {
    return solve.samples.times();
  }

  /// `values()[i]` is the state at `times()[i]`; all NaN if the solve did not get there.
  public double[][] values() {
    return solve.samples.values();
  }

  /// The last accepted state, at the time `status().t()`.
  public double[] last() {
    return solve.step.y0;
  }

  /// Why the solve ended, and where.
  public Status status() {
    return status;
  }

  /// What the solve cost, also before it was resumed.
  public Stats stats() {
    return stats;
  }

  /// The events that happened, in their order.
  public List<Event.Occurrence> occurrences() {
    return List.copyOf(solve.detector.occurrences());
  }

  /// Where the solve stands, to go on from; see [Integrator#resume].
  public Checkpoint checkpoint() {
    return solve.checkpoint();
  }

  /// This solution, if it reached its end or an event that stops it.
  ///
  /// @throws SolveException with the status' message, otherwise
  public Solution orThrow() {
    status.requireSuccess();
    return this;
  }
}
