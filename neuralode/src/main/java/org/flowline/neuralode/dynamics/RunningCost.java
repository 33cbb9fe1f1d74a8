package org.flowline.neuralode.dynamics;

import java.util.List;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.loss.TwiceDifferentiableLoss;

/// Dynamics with an integral along the trajectory, a running cost, in one more column:
///
///     dy/dt = f(t, y; θ)        dq/dt = ℓ(t, y; θ),   q(t₀) = 0
///
/// Error control and gradient methods treat it as any other component. Start from
/// [org.flowline.neuralode.loss.Augmentation#start] with one extra column.
public final class RunningCost {
  private RunningCost() {}

  /// The dynamics with the additional column.
  ///
  /// @param dynamics `f`, on states without the column
  /// @param cost `ℓ`, a value of shape `[rows, 1]` from the same state
  public static TimedDynamics dynamics(TimedDynamics dynamics, NeuralField.Dynamics cost) {
    return TimedDynamics.of(
        dynamics.parameters(),
        dynamics::initial,
        (t, y, theta) -> {
          Var state = y.slice(1, 0, y.shape().dim(1) - 1);
          return Var.concat(
              1, List.of(dynamics.apply(t, state, theta), cost.apply(t, state, theta)));
        });
  }

  /// The loss `mean q(t_T)` over the rows, for this many observation times and a state of this
  /// shape, the column of `q` included.
  ///
  /// @throws IllegalArgumentException if one is below 1, or they are more than 2²⁸ numbers
  public static TwiceDifferentiableLoss atEnd(int times, int rows, int columns) {
    if (Math.min(times, Math.min(rows, columns)) < 1 || (double) times * rows * columns > 1 << 28) {
      throw new IllegalArgumentException(
          "running cost: %s times of %s rows and %s columns; want 1 or more, at most 2²⁸ numbers"
              .formatted(times, rows, columns));
    }
    return TrajectoryLoss.traced(
        times,
        rows * columns,
        y ->
            y.slice(0, times - 1, times)
                .reshape(rows, columns)
                .slice(1, columns - 1, columns)
                .mean());
  }
}
