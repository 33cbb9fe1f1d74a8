package org.flowline.examples.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;

/// `Y = tanh(X·W₁ + b₁)·W₂ + b₂` on a batch of rows, with weights by Glorot & Bengio and inputs
/// from `[−1, 1]`.
record Network(int in, int hidden, int out, int batch) {
  static final Network SMALL = new Network(2, 50, 2, 20);
  static final Network LARGE = new Network(64, 256, 64, 256);

  /// A computation of the network: `(X, θ) ↦ Y`, or `(X, θ, Ȳ) ↦ (Y, X̄, θ̄)`.
  enum Pass {
    FORWARD,
    VJP
  }

  private Mlp mlp() {
    return Mlp.of(Activation.TANH, in, hidden, out);
  }

  Tape tape(Pass pass) {
    Mlp mlp = mlp();
    Tape forward =
        Tape.record(
            Shape.of(batch, in),
            Shape.of(mlp.parameters().size()),
            (x, theta) -> mlp.apply(mlp.parameters().of(theta), x));
    return pass == Pass.FORWARD ? forward : Derivative.vjp(forward);
  }

  /// `X`, `θ` and, for the pullback, `Ȳ`.
  double[][] arguments(Pass pass) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] all = {
      random.doubles(batch * in, -1, 1).toArray(),
      mlp().initial(random),
      random.doubles(batch * out, -1, 1).toArray()
    };
    return Arrays.copyOf(all, pass == Pass.FORWARD ? 2 : 3);
  }

  /// `W₁`, `b₁`, `W₂`, `b₂` of `θ`.
  double[][] pieces(double[] theta) {
    int[] sizes = {in * hidden, hidden, hidden * out, out};
    int[] ends = sizes.clone();
    Arrays.parallelPrefix(ends, Integer::sum);
    return IntStream.range(0, sizes.length)
        .mapToObj(i -> Arrays.copyOfRange(theta, ends[i] - sizes[i], ends[i]))
        .toArray(double[][]::new);
  }

  /// The FLOP of the two matrix products; the pullback has two more for each of them.
  long flop(Pass pass) {
    return (pass == Pass.FORWARD ? 2L : 6L) * batch * hidden * (in + out);
  }

  int tanhs() {
    return batch * hidden;
  }

  /// The sizes, such as `2-50-2 ×20`.
  String sizes() {
    return in + "-" + hidden + "-" + out + " ×" + batch;
  }
}
