package org.flowline.neuralode.nn;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// `y = x·W + b`, with `weight` `W` of shape `[in, out]` and `bias` `b` of shape `[out]`, initially
/// 0.
public record Linear(int in, int out, Initializer weights) implements Layer {
  public Linear {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "linear: " + in + " → " + out + "; want 1 or more of each");
    }
  }

  /// Creates a layer with [Initializer#glorot] weights.
  public Linear(int in, int out) {
    this(in, out, Initializer.glorot());
  }

  @Override
  public Parameters parameters() {
    return Parameters.none().with("weight", in, out).with("bias", out);
  }

  @Override
  public Var apply(Parameters.View theta, Var x) {
    return x.matmul(theta.get("weight")).add(theta.get("bias"));
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return Arrays.copyOf(weights.matrix(in, out, random), in * out + out);
  }
}
