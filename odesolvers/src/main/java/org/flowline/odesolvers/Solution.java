package org.flowline.odesolvers;

/// The state at the requested times, with why and at what cost the solve ended. Its arrays are the
/// solution's own and not copied.
public final class Solution {

  private final double[] times;
  private final double[][] values;
  private final double[] last;
  private final Status status;
  private final Stats stats;

  Solution(Samples samples, double[] last, Status status, Stats stats) {
    this.times = samples.times();
    this.values = samples.values();
    this.last = last;
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

  /// This solution, if it reached its end.
  ///
  /// @throws SolveException with the status' message, otherwise
  public Solution orThrow() {
    if (!status.succeeded()) {
      throw new SolveException(status);
    }
    return this;
  }
}
