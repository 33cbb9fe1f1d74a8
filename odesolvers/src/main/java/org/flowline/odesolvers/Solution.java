package org.flowline.odesolvers;

import java.util.List;

/// The state at the requested times, with the status and the cost of the solve. [#times] and
/// [#values] are not copied; it keeps the solve's workspace, for its [#checkpoint].
public final class Solution {

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
    return solve.samples.times;
  }

  /// `values()[i]` is the state at `times()[i]`; all NaN if the solve did not get there.
  public double[][] values() {
    return solve.samples.values;
  }

  /// A copy of the last accepted state, at the time `status().t()`.
  public double[] last() {
    return solve.step.y0.clone();
  }

  /// The reason for the end of the solve, and its place.
  public Status status() {
    return status;
  }

  /// The cost of the solve, including its parts before a resumption.
  public Stats stats() {
    return stats;
  }

  /// The events, in the order of their occurrence.
  public List<Event.Occurrence> occurrences() {
    return List.copyOf(solve.detector.occurrences);
  }

  /// Returns the state of the solve, from which [Integrator#resume] continues it.
  public Checkpoint checkpoint() {
    return solve.checkpoint();
  }

  @Override
  public String toString() {
    return status.message();
  }

  /// Returns this solution if it reached its end or an event that stops it.
  ///
  /// @throws SolveException with the status' message, otherwise
  public Solution orThrow() {
    status.requireSuccess();
    return this;
  }
}
