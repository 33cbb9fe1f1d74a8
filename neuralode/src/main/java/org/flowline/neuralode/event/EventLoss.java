package org.flowline.neuralode.event;

import java.util.List;
import java.util.function.BinaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.odesolvers.Event;

/// A loss of the states observed along a trajectory and of its events: their times and the states
/// before and after them.
///
/// Events of every kind are passed in the order of their times. After an event that stopped the
/// solve, observed states are NaN, and the loss must not depend on them.
@FunctionalInterface
public interface EventLoss extends TrajectoryLoss {

  /// The loss and its cotangents.
  ///
  /// @param y the observed states, `[times, n]`
  /// @param events the events of the solve
  /// @param yBar overwritten with `∂L/∂y`, of the same layout as `y`
  /// @param eventsBar overwritten with `∂L/∂(t, before, after)`, `[events, 1 + 2n]`
  double evaluate(double[] y, List<Event.Occurrence> events, double[] yBar, double[] eventsBar);

  /// The loss of a solve without events.
  @Override
  default double evaluate(double[] y, double[] yBar) {
    return evaluate(y, List.of(), yBar, new double[0]);
  }

  /// The loss of a recorded program on the observed states, of shape `[times, n]`, and the events,
  /// of shape `[events, 1 + 2n]` with a row `(t, before, after)` for each; its derivatives are
  /// exact. Not thread-safe.
  ///
  /// @param events the number of events; a gradient with another number is refused with an
  ///     IllegalArgumentException
  static EventLoss traced(int times, int n, int events, BinaryOperator<Var> loss) {
    return new TracedEventLoss(
        Tape.record(Shape.of(times, n), Shape.of(events, 1 + 2 * n), loss), events, 1 + 2 * n);
  }
}
