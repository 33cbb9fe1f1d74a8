package org.flowline.examples.lab;

import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/// A loss to minimise, and a starting point.
///
/// @param name a few words
/// @param objective the loss
/// @param start the starting point of descent
public record Losses(String name, TwiceDifferentiableObjective objective, double[] start) {

  /// Gradient descent from the starting point.
  public Orbit descent(double eta, int steps) {
    return Orbit.descent(objective, start, eta, steps);
  }

  /// The gradient flow from the starting point up to time `t1`, to about twelve digits.
  public Orbit flow(double t1) {
    return Orbit.flow(objective, start, t1);
  }

  /// `½ xᵀA x`
  public static TwiceDifferentiableObjective quadratic(RealMatrix a) {
    int n = a.getRowDimension();
    double[] entries = new double[n * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(a.getRow(i), 0, entries, i * n, n);
    }
    return Objective.traced(
        n,
        x -> {
          Var column = x.reshape(Shape.of(n, 1));
          return x.constant(Shape.of(n, n), entries).matmul(column).mul(column).sum().mul(0.5);
        });
  }

  /// A quadratic in three dimensions.
  public static Losses quadratic() {
    double[][] a = {{3, 1, 0}, {1, 2, 1}, {0, 1, 1}};
    return new Losses(
        "a quadratic", quadratic(MatrixUtils.createRealMatrix(a)), new double[] {1, -2, 3});
  }

  /// Rosenbrock's valley `(1 − x)² + 100 (y − x²)²`, minimum at (1, 1).
  public static Losses rosenbrock() {
    TwiceDifferentiableObjective valley =
        Objective.traced(
            2,
            theta -> {
              Var x = theta.slice(0, 0, 1);
              Var y = theta.slice(0, 1, 2);
              return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)).sum();
            });
    return new Losses("Rosenbrock's valley", valley, new double[] {-1.2, 1});
  }

  /// The mean squared error of a network with one hidden layer on `sin πx` at points of `[−1, 1]`.
  public static Losses network(Activation activation, int hidden, int points, long seed) {
    Mlp network = Mlp.of(activation, 1, hidden, 1);
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = -1 + 2.0 * i / (points - 1);
      y[i] = Math.sin(Math.PI * x[i]);
    }
    TwiceDifferentiableObjective loss =
        Objective.traced(
            network.parameters().size(),
            theta ->
                network
                    .apply(network.parameters().of(theta), theta.constant(Shape.of(points, 1), x))
                    .sub(theta.constant(Shape.of(points, 1), y))
                    .square()
                    .mean());
    return new Losses("a network's loss", loss, network.initial(new SplittableRandom(seed)));
  }
}
