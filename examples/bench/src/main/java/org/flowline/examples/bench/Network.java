package org.flowline.examples.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

/// `Y = tanh(X·W₁ + b₁)·W₂ + b₂` on a batch of rows, forward `(X, θ) ↦ Y` and backward
/// `(X, θ, Ȳ) ↦ (Y, X̄, θ̄)`, on weights by Glorot & Bengio and numbers from `[−1, 1]`.
record Network(int in, int hidden, int out, int batch) {
  static final Network SMALL = new Network(2, 50, 2, 20);
  static final Network LARGE = new Network(64, 256, 64, 256);

  private Mlp mlp() {
    return Mlp.of(Activation.TANH, in, hidden, out);
  }

  Tape forward() {
    Mlp mlp = mlp();
    return Tape.record(
        Shape.of(batch, in),
        Shape.of(mlp.parameters().size()),
        (x, theta) -> mlp.apply(mlp.parameters().of(theta), x));
  }

  Tape vjp() {
    return Derivative.vjp(forward());
  }

  /// `X`, `θ`
  double[][] forwardArguments() {
    return Stream.of(arguments()).limit(2).toArray(double[][]::new);
  }

  /// `X`, `θ`, `Ȳ`
  double[][] arguments() {
    SplittableRandom random = new SplittableRandom(1);
    return new double[][] {
      random.doubles(batch * in, -1, 1).toArray(),
      mlp().initial(random),
      random.doubles(batch * out, -1, 1).toArray()
    };
  }

  /// `θ` in its pieces `W₁`, `b₁`, `W₂`, `b₂`.
  double[][] pieces(double[] theta) {
    int[] sizes = {in * hidden, hidden, hidden * out, out};
    int[] ends = sizes.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
    return IntStream.range(0, sizes.length)
        .mapToObj(i -> Arrays.copyOfRange(theta, ends[i] - sizes[i], ends[i]))
        .toArray(double[][]::new);
  }

  /// Of the two products; the pullback has two more for each of them.
  long forwardFlop() {
    return 2L * batch * hidden * (in + out);
  }

  int tanhs() {
    return batch * hidden;
  }

  /// As `2-50-2 ×20`.
  String sizes() {
    return in + "-" + hidden + "-" + out + " ×" + batch;
  }
}
