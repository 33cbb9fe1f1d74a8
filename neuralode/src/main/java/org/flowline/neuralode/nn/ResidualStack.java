package org.flowline.neuralode.nn;

import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// A residual network whose blocks share their weights:
///
///     x ← x + h·block(x; θ)        `depth` times
///
/// With `h = 1` the usual one. It is Euler's method on `dx/dt = block(x; θ)`, and its
/// backpropagation is Euler's discrete adjoint, both bit for bit if the block reads `x` once, as an
/// [Mlp] does. He et al. (2016); Chen et al. (2018).
public record ResidualStack(Layer block, int depth, double h) implements Layer {
  public ResidualStack {
    if (depth < 1) {
      throw new IllegalArgumentException("residual stack: depth " + depth + "; want 1 or more");
    }
  }

  public ResidualStack(Layer block, int depth) {
    this(block, depth, 1);
  }

  @Override
  public Parameters parameters() {
    return block.parameters();
  }

  @Override
  public Var apply(Parameters.View theta, Var x) {
    Var state = x;
    for (int layer = 0; layer < depth; layer++) {
      Var change = block.apply(theta, state);
      if (!change.shape().equals(x.shape())) {
        throw new IllegalArgumentException(
            "residual stack: the block maps "
                + x.shape()
                + " to "
                + change.shape()
                + "; want as many features out as in");
      }
      state = state.add(change.mul(h));
    }
    return state;
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return block.initial(random);
  }
}
