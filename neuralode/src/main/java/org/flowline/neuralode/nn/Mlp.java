package org.flowline.neuralode.nn;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Var;

/// A multi-layer perceptron: linear layers with an activation between them, none after the last
/// one.
///
/// Its parameters are `layer1.weight`, `layer1.bias`, `layer2.weight`, …
public record Mlp(List<Linear> layers, Activation activation) implements Layer {
  public Mlp {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("mlp: no layers; want one or more");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i - 1).out() != layers.get(i).in()) {
        throw new IllegalArgumentException(
            "mlp: layer %s gives %s features, layer %s wants %s"
                .formatted(i, layers.get(i - 1).out(), i + 1, layers.get(i).in()));
      }
    }
  }

  /// Creates layers of these widths, including input and output: `of(TANH, glorot(), 2, 16, 2)`.
  public static Mlp of(Activation activation, Initializer weights, int... widths) {
    if (widths.length < 2) {
      throw new IllegalArgumentException(
          "mlp: widths " + Arrays.toString(widths) + "; want an input and an output at least");
    }
    Linear[] layers = new Linear[widths.length - 1];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new Linear(widths[i], widths[i + 1], weights);
    }
    return new Mlp(List.of(layers), activation);
  }

  /// Creates layers of these widths with [Initializer#glorot] weights.
  public static Mlp of(Activation activation, int... widths) {
    return of(activation, Initializer.glorot(), widths);
  }

  private static String name(int layer) {
    return "layer" + (layer + 1);
  }

  @Override
  public Parameters parameters() {
    Parameters all = Parameters.none();
    for (int i = 0; i < layers.size(); i++) {
      all = all.with(name(i), layers.get(i).parameters());
    }
    return all;
  }

  @Override
  public Var apply(Parameters.View theta, Var x) {
    Var y = x;
    for (int i = 0; i < layers.size(); i++) {
      y = layers.get(i).apply(theta.part(name(i)), i == 0 ? y : activation.apply(y));
    }
    return y;
  }

  @Override
  public double[] initial(RandomGenerator random) {
    return layers.stream().flatMapToDouble(layer -> Arrays.stream(layer.initial(random))).toArray();
  }
}
