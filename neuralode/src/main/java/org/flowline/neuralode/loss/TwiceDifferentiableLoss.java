package org.flowline.neuralode.loss;

/// A loss along a trajectory with second derivatives, for
/// [org.flowline.neuralode.gradient.TrajectoryHessian].
public interface TwiceDifferentiableLoss extends TrajectoryLoss {

  /// Gradient and Hessian at `y`, all arrays of shape `[times, n]`.
  ///
  /// @param dy a direction
  /// @param yBar overwritten with `∂L/∂y`
  /// @param product overwritten with `∂²L/∂y² dy`
  void curvature(double[] y, double[] dy, double[] yBar, double[] product);
}
