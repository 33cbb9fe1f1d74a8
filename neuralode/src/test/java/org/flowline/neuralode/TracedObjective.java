package org.flowline.neuralode;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Program;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.Var;
import org.flowline.autodiff.backend.JvmBackend;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

/// A loss written on `Var`s as what a training descends.
final class TracedObjective implements Objective {
  private final int dimension;
  private final Program program;
  private final double[][] in = new double[1][];
  private final double[][] out = {new double[1], null};

  private TracedObjective(int dimension, UnaryOperator<Var> loss) {
    this.dimension = dimension;
    this.program =
        JvmBackend.best().compile(Derivative.gradient(Tape.record(Shape.of(dimension), loss)));
  }

  /// `½ Σ aᵢ (θᵢ − i)²`
  static TracedObjective quadratic(double... a) {
    double[] centre = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      centre[i] = i;
    }
    return new TracedObjective(
        a.length,
        theta ->
            theta
                .sub(theta.constant(theta.shape(), centre))
                .square()
                .mul(theta.constant(theta.shape(), a))
                .sum()
                .mul(0.5));
  }

  /// `(1 − x)² + 100 (y − x²)²`
  static TracedObjective rosenbrock() {
    return new TracedObjective(
        2,
        theta -> {
          Var x = theta.slice(0, 0, 1);
          Var y = theta.slice(0, 1, 2);
          return x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)).sum();
        });
  }

  static final Mlp NETWORK = Mlp.of(Activation.TANH, 2, 7, 1);

  /// The mean square error of a small network on random data.
  static TracedObjective network() {
    SplittableRandom random = new SplittableRandom(3);
    double[] inputs = random.doubles(2 * 11, -1, 1).toArray();
    double[] targets = random.doubles(11, -1, 1).toArray();
    return new TracedObjective(
        NETWORK.parameters().size(),
        theta ->
            NETWORK
                .apply(NETWORK.parameters().of(theta), theta.constant(Shape.of(11, 2), inputs))
                .sub(theta.constant(Shape.of(11, 1), targets))
                .square()
                .mean());
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    in[0] = theta;
    out[1] = gradient;
    program.run(in, out);
    return out[0][0];
  }
}
