package org.flowline.examples.lab.claims;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/// A network of three layers without biases, homogeneous in each, and its loss
/// `½ mean (φ(φ(x W₁ᵀ) W₂ᵀ) w₃ − y)²`.
///
/// @param activation the identity or a rectifier
/// @param width the width of both hidden layers
/// @param x the inputs, one after the other
/// @param y the targets
record ThreeLayers(Activation activation, int width, double[] x, double[] y) {

  int inputs() {
    return x.length / y.length;
  }

  int size() {
    return width * (inputs() + width + 1);
  }

  /// Weights from `N(0, size²/fan-in)`.
  double[] random(double size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int first = width * inputs();
    return IntStream.range(0, size())
        .mapToDouble(i -> size * random.nextGaussian() / Math.sqrt(i < first ? inputs() : width))
        .toArray();
  }

  TwiceDifferentiableObjective loss() {
    return Objective.traced(size(), theta -> residuals(theta).square().mean().mul(0.5));
  }

  private Var residuals(Var theta) {
    int first = inputs() * width;
    int second = first + width * width;
    Var w1 = theta.slice(0, 0, first).reshape(Shape.of(inputs(), width));
    Var w2 = theta.slice(0, first, second).reshape(Shape.of(width, width));
    Var w3 = theta.slice(0, second, size()).reshape(Shape.of(width, 1));
    Var h = activation.apply(theta.constant(Shape.of(y.length, inputs()), x).matmul(w1));
    return activation.apply(h.matmul(w2)).matmul(w3).sub(theta.constant(Shape.of(y.length, 1), y));
  }

  /// `−2 maxⱼ‖Wⱼ‖ mean |rᵢ|‖xᵢ‖`, a lower bound of the Hessian's smallest eigenvalue.
  double bound(double[] theta) {
    int first = inputs() * width;
    RealMatrix w1 = matrix(theta, 0, inputs(), width);
    RealMatrix w2 = matrix(theta, first, width, width);
    RealMatrix w3 = matrix(theta, first + width * width, width, 1);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      RealMatrix row = matrix(x, i * inputs(), 1, inputs());
      double answer = rectify(rectify(row.multiply(w1)).multiply(w2)).multiply(w3).getEntry(0, 0);
      sum += Math.abs(answer - y[i]) * row.getFrobeniusNorm();
    }
    return -2 * Math.max(norm(w1), Math.max(norm(w2), norm(w3))) * sum / y.length;
  }

  private RealMatrix rectify(RealMatrix h) {
    return activation == Activation.RELU
        ? matrix(new ArrayRealVector(h.getRow(0)).map(v -> Math.max(v, 0)).toArray(), 0, 1, width)
        : h;
  }

  private static RealMatrix matrix(double[] from, int at, int rows, int columns) {
    RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
    for (int i = 0; i < rows * columns; i++) {
      matrix.setEntry(i / columns, i % columns, from[at + i]);
    }
    return matrix;
  }

  private static double norm(RealMatrix matrix) {
    return new SingularValueDecomposition(matrix).getNorm();
  }
}
