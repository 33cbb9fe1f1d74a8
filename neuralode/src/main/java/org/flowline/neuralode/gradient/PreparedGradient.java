package org.flowline.neuralode.gradient;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.MemoryUse;
import org.flowline.neuralode.loss.TrajectoryLoss;

/// A [GradientMethod] on one field, whose memory is used again from one gradient to the next: what
/// grows with the steps of a solve is allocated once, by the longest. The numbers are those of
/// [GradientMethod#gradient], to the bit, and share no array with that memory.
///
/// One gradient at a time; a second one at the same time, in another thread or inside the loss, is
/// refused.
public final class PreparedGradient {

  /// What takes gradients in memory of its own. A gradient that ends in an exception leaves nothing
  /// behind that the next one sees.
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

  /// The most that was held so far.
  public MemoryUse held() {
    return held.get();
  }

  /// As [GradientMethod#gradient], with respect to the θ that is bound now.
  ///
  /// @throws IllegalStateException if another gradient is being taken
  public TrajectoryGradient gradient(double[] y0, double[] times, TrajectoryLoss loss) {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "prepared gradient: asked for a second one while the first is being taken; prepare one"
              + " for each thread, and another for use inside the loss");
    }
    try {
      return workspace.gradient(y0, times, loss).orNotFinite();
    } finally {
      busy.set(false);
    }
  }

  /// Adds what one gradient cost to an account.
  public void charge(Costs.Account account, TrajectoryGradient result) {
    account.trajectory(result.forward().evaluations(), result.backwardEvaluations(), held());
  }
}
