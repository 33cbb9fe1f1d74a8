package org.flowline.examples.lab;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

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
  public static TwiceDifferentiableObjective quadratic(double[][] a) {
    int n = a.length;
    double[] entries = Series.flat(List.of(a));
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
    return new Losses("a quadratic", quadratic(a), new double[] {1, -2, 3});
  }

  /// Rosenbrock's valley `(1 − x)² + 100 (y − x²)²`, minimum at (1, 1).
  public static Losses rosenbrock() {
    TwiceDifferentiableObjective valley =
        inPlane((x, y) -> x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)));
    return new Losses("Rosenbrock's valley", valley, new double[] {-1.2, 1});
  }

  /// A loss of two parameters.
  public static TwiceDifferentiableObjective inPlane(BinaryOperator<Var> loss) {
    return Objective.traced(
        2, theta -> loss.apply(theta.slice(0, 0, 1), theta.slice(0, 1, 2)).sum());
  }

  /// The mean squared error of a tanh network with one hidden layer on `sin πx` at 20 points of
  /// `[−1, 1]`.
  public static Losses network(int hidden, long seed) {
    Mlp network = Mlp.of(Activation.TANH, 1, hidden, 1);
    double[] x = Series.map(Series.range(0, 19), i -> -1 + 2.0 * i / 19);
    double[] y = Series.map(x, at -> Math.sin(Math.PI * at));
    Shape column = Shape.of(x.length, 1);
    TwiceDifferentiableObjective loss =
        Objective.traced(
            network.parameters().size(),
            theta ->
                network
                    .apply(network.parameters().of(theta), theta.constant(column, x))
                    .sub(theta.constant(column, y))
                    .square()
                    .mean());
    return new Losses("a network's loss", loss, network.initial(new SplittableRandom(seed)));
  }
}
