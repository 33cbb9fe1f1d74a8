package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// A residual network:
///
///     x ← x + h·block(x; θₖ)        k = 1 … depth
///
/// Standard with `h = 1`. The stack is Euler's method on `dx/dt = block(x; θ(t))`, and its
/// backpropagation is Euler's discrete adjoint, bit for bit if the block reads `x` once, as an
/// [Mlp] does. Tied weights correspond to an autonomous field; separate weights to a piecewise
/// constant θ with the layout of `WeightsInTime(block, Basis.pieces(depth, t0, h))`. He et al.
/// (2016); Chen et al. (2018).
///
/// @param block a layer with equal numbers of input and output features
/// @param depth the number of blocks
/// @param h the step size
/// @param weights the sharing of weights among blocks
public record ResidualStack(Layer block, int depth, double h, Weights weights) implements Layer {

  /// The sharing of weights among blocks.
  public enum Weights {
    /// One set of weights for all blocks, under the block's own names.
    TIED,
    /// Separate weights for each block: `block1.…`, `block2.…`
    OF_EACH
  }

  private static final int DEEPEST = 10_000;

  /// @throws IllegalArgumentException if there is no block or more than 10,000, or `h` is 0 or
  ///     not finite
  public ResidualStack {
    if (depth < 1 || depth > DEEPEST) {
      throw new IllegalArgumentException(
          "residual stack: depth " + depth + "; want 1 … " + DEEPEST);
    }
    if (h == 0 || !Double.isFinite(h)) {
      throw new IllegalArgumentException("residual stack: step " + h + "; want a number but 0");
    }
  }

  /// Creates a stack with tied weights.
  public ResidualStack(Layer block, int depth, double h) {
    this(block, depth, h, Weights.TIED);
  }

  /// Creates a stack with tied weights and `h = 1`.
  public ResidualStack(Layer block, int depth) {
    this(block, depth, 1);
  }

  @Override
  public Parameters parameters() {
    if (weights == Weights.TIED) {
      return block.parameters();
    }
    Parameters all = Parameters.none();
    for (int k = 0; k < depth; k++) {
      all = all.with(name(k), block.parameters());
    }
    return all;
  }

  private static String name(int k) {
    return "block" + (k + 1);
  }

  @Override
  public Var apply(Parameters.View theta, Var x) {
    Var state = x;
    for (int k = 0; k < depth; k++) {
      Parameters.View own = weights == Weights.TIED ? theta : theta.part(name(k));
      Var change = block.apply(own, state);
      if (!change.shape().equals(x.shape())) {
        throw new IllegalArgumentException(
            "residual stack: the block maps %s to %s; want as many features out as in"
                .formatted(x.shape(), change.shape()));
      }
      state = state.add(change.mul(h));
    }
    return state;
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return Stream.generate(() -> block.initial(random))
        .limit(weights == Weights.TIED ? 1 : depth)
        .flatMapToDouble(DoubleStream::of)
        .toArray();
  }
}
