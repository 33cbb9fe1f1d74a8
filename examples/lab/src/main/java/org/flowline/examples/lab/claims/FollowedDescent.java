package org.flowline.examples.lab.claims;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;

/// A descent with its distance from the flow and the bound of that distance at each step.
record FollowedDescent(List<FlowDistance.Point> points) {

  static FollowedDescent of(
      TwiceDifferentiableObjective loss, double[] start, double eta, int steps) {
    Optimizer descent = Optimizer.gradientDescent(eta);
    FlowDistance distance = FlowDistance.of(loss, descent);
    Trainer.of(loss, descent).withStepObserver(distance).train(start, steps).orThrow();
    return new FollowedDescent(distance.points());
  }

  double[] values(ToDoubleFunction<FlowDistance.Point> of) {
    return Series.of(points, of);
  }

  /// The largest of distance over bound.
  double overBound() {
    return Series.max(values(at -> at.distance() / at.bound()));
  }

  /// The last point of every `stride`.
  FollowedDescent every(int stride) {
    return new FollowedDescent(
        IntStream.range(0, points.size() / stride)
            .mapToObj(k -> points.get(stride * k + stride - 1))
            .toList());
  }

  /// Draws the distance and, dashed, its bound.
  void draw(Panel panel, String name, int colour) {
    double[] t = values(FlowDistance.Point::tau);
    panel.line(name, t, values(FlowDistance.Point::distance), colour);
    panel.dashes("bound, " + name, t, values(FlowDistance.Point::bound), colour);
  }
}
