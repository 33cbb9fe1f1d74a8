package org.flowline.neuralode.loss;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;

/// A loss `L(y(t₀), …, y(t_T))` of the states observed along a trajectory; an
/// [org.flowline.neuralode.event.EventLoss] also depends on events.
@FunctionalInterface
public interface TrajectoryLoss {

  /// The loss of the observed states and its cotangents.
  ///
  /// @param y the states, one after the other in the order of the observation times: `[times, n]`
  /// @param yBar overwritten with `∂L/∂y`, of the same layout
  double evaluate(double[] y, double[] yBar);

  /// The loss of a recorded program on the observed states, a value of shape `[times, n]`, with
  /// exact derivatives. Not thread-safe.
  static TwiceDifferentiableLoss traced(int times, int n, UnaryOperator<Var> loss) {
    return new TracedLoss(Tape.record(Shape.of(times, n), loss));
  }

  /// `mean (y − target)²` over all times and components.
  ///
  /// @throws IllegalArgumentException if there is no target, or their lengths differ
  static TwiceDifferentiableLoss meanSquaredError(List<double[]> target) {
    if (target.stream().mapToInt(row -> row.length).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "mean squared error: %s rows of lengths %s; want one row for each time, all of the state's length"
              .formatted(
                  target.size(), target.stream().map(row -> row.length).distinct().toList()));
    }
    int n = target.getFirst().length;
    double[] flat = target.stream().flatMapToDouble(Arrays::stream).toArray();
    return traced(
        target.size(), n, y -> y.sub(y.constant(Shape.of(target.size(), n), flat)).square().mean());
  }
}
