package org.flowline.neuralode.gradient;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.loss.TrajectoryLoss;

/// A [GradientMethod] on one field, with memory that is reused from one gradient to the next and
/// grows to the longest solve. The results are [GradientMethod#gradient]'s, to the bit, and
/// share no array with that memory.
///
/// Computes one gradient at a time; a concurrent one, in another thread or inside the loss, is
/// refused.
public final class PreparedGradient {

  /// Computes gradients in memory of its own, unaffected by an earlier gradient that ended in an
  /// exception.
  @FunctionalInterface
  interface Workspace {
    TrajectoryGradient gradient(double[] y0, double[] times, TrajectoryLoss loss);
  }

  private final Workspace workspace;
  private final Supplier<MemoryUse> held;
  private final AtomicBoolean busy = new AtomicBoolean();

  PreparedGradient(Workspace workspace, Supplier<MemoryUse> held) {
    this.workspace = workspace;
    this.held = held;
  }

  /// The largest memory held so far.
  public MemoryUse held() {
    return held.get();
  }

  /// The same as [GradientMethod#gradient], with respect to the θ bound now.
  ///
  /// @throws IllegalStateException if another gradient is being computed
  public TrajectoryGradient gradient(double[] y0, double[] times, TrajectoryLoss loss) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "prepared gradient: a second one while the first is being computed; prepare one"
              + " for each thread, and another for use inside the loss");
    }
    try {
      return workspace.gradient(y0, times, loss).orNotFinite();
    } finally {
      busy.set(false);
    }
  }

  /// Adds the cost of one gradient to an account.
  public void charge(Costs.Account account, TrajectoryGradient result) {
    account.trajectory(result.forward().evaluations(), result.backwardEvaluations(), held());
  }
}
