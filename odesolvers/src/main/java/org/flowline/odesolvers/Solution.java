package org.flowline.odesolvers;

import java.util.List;

/// The state at the requested times, with why and at what cost the solve ended. Its arrays are the
/// solution's own and not copied.
public final class Solution {

  private final Checkpoint checkpoint;
  private final double[] times;
  private final double[][] values;
  private final double[] last;
  private final Status status;
  private final Stats stats;

  Solution(Samples samples, Checkpoint checkpoint, Status status, Stats stats) {
    this.checkpoint = checkpoint;
    this.times = samples.times();
    this.values = samples.values();
    this.last = checkpoint.y();
    this.status = status;
    this.stats = stats;
  }

  /// The requested times.
  public double[] times() {
    return times;
  }

  /// `values()[i]` is the state at `times()[i]`; all NaN if the solve did not get there.
  public double[][] values() {
    return values;
  }

  /// The last accepted state, at the time `status().t()`.
  public double[] last() {
    return last;
  }

  public Status status() {
    return status;
  }

  public Stats stats() {
    return stats;
  }

  /// The events that happened, in their order.
  public List<Event.Occurrence> occurrences() {
    return checkpoint.occurrences();
  }

  /// Where the solve stands, to go on from; see [Integrator#resume].
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /// This solution, if it reached its end or an event that stops it.
  ///
  /// @throws SolveException with the status' message, otherwise
  public Solution orThrow() {
    if (!status.succeeded()) {
      throw new SolveException(status);
    }
    return this;
  }
}
