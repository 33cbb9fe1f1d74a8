package org.flowline.autodiff;

import java.util.List;
import java.util.SplittableRandom;

/// A loss to differentiate: the mean square error of a tanh network with one hidden layer,
///
///     L(θ, X, Y) = mean (tanh(X·W₁ + b₁)·W₂ + b₂ − Y)²
///
/// as a program of `θ`, `X` `[batch, in]` and `Y` `[batch, out]`.
record Network(int in, int hidden, int out, int batch) {
  static final Network SMALL = new Network(3, 9, 2, 7);

  Parameters parameters() {
    return Parameters.none().with("first", layer(in, hidden)).with("second", layer(hidden, out));
  }

  private static Parameters layer(int from, int to) {
    return Parameters.none().with("weight", from, to).with("bias", to);
  }

  Tape loss() {
    return Tape.record(
        List.of(Shape.of(parameters().size()), Shape.of(batch, in), Shape.of(batch, out)),
        x -> {
          Parameters.View p = parameters().of(x.get(0));
          Var activity = affine(p.part("first"), x.get(1)).tanh();
          return List.of(affine(p.part("second"), activity).sub(x.get(2)).square().mean());
        });
  }

  private static Var affine(Parameters.View layer, Var x) {
    return x.matmul(layer.get("weight")).add(layer.get("bias"));
  }

  /// `θ`, `X`, `Y` drawn from `[−1, 1]`.
  double[][] arguments(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return loss().inputShapes().stream()
        .map(shape -> random.doubles(shape.size(), -1, 1).toArray())
        .toArray(double[][]::new);
  }
}
