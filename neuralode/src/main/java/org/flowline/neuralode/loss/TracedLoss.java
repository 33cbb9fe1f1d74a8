package org.flowline.neuralode.loss;

import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;

/// A loss recorded as a tape; see [TrajectoryLoss#traced].
final class TracedLoss implements TwiceDifferentiableLoss {
  private final Tape tape;
  private final Program gradient;
  private final double[] value = new double[1];

  /// Compiled when first needed; null before.
  private Program curvature;

  TracedLoss(Tape tape) {
    this.tape = tape;
    this.gradient = JvmBackend.best().compile(Derivative.gradient(tape));
  }

  @Override
  public double evaluate(double[] y, double[] yBar) {
    Shape observed = tape.inputShapes().getFirst();
    if (y.length != observed.size()) {
      throw new IllegalArgumentException(
          "loss: %s numbers observed; want %s [times, components], as it was recorded for"
              .formatted(y.length, observed));
    }
    gradient.run(new double[][] {y}, new double[][] {value, yBar});
    return value[0];
  }

  @Override
  public void curvature(double[] y, double[] dy, double[] yBar, double[] product) {
    if (curvature == null) {
      curvature = JvmBackend.best().compile(Derivative.hvp(tape));
    }
    curvature.run(new double[][] {y, dy}, new double[][] {value, yBar, product});
  }
}
