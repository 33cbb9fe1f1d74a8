package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Linear;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealVector;

/// B1: backpropagation is a dynamical system in depth, whose gradients vanish or explode depending
/// on the initial weights.
final class B1GradientsGoThroughDepth {
  private static final int DEPTH = 50;
  private static final int WIDTH = 128;

  /// A network before training.
  private record RandomNetwork(Activation activation, double gain, String name) {
    Linear layer() {
      return new Linear(WIDTH, WIDTH, Initializer.normal(gain / Math.sqrt(WIDTH)));
    }

    double[] weights() {
      return DeepNetwork.independentWeights(layer(), DEPTH, new SplittableRandom(7));
    }

    DeepNetwork network() {
      return DeepNetwork.of(
          DEPTH, Shape.of(1, WIDTH), layer(), (x, affine) -> activation.apply(affine));
    }
  }

  private static final List<RandomNetwork> TANH =
      List.of(
          new RandomNetwork(Activation.TANH, 0.8, "0.8"),
          new RandomNetwork(Activation.TANH, 1, "1"),
          new RandomNetwork(Activation.TANH, 1.5, "1.5"),
          new RandomNetwork(Activation.TANH, 3, "3"));
  private static final List<RandomNetwork> OTHERS =
      List.of(
          new RandomNetwork(Activation.RELU, 1, "ReLU, 1"),
          new RandomNetwork(Activation.RELU, Math.sqrt(2), "ReLU, √2"),
          new RandomNetwork(Activation.RELU, 1.8, "ReLU, 1.8"),
          new RandomNetwork(Activation.SIGMOID, 4, "sigmoid, 4"));

  void run(Notebook notes) {
    SplittableRandom random = new SplittableRandom(3);
    double[] x = random.doubles(WIDTH, -1, 1).toArray();
    double[] last = random.doubles(WIDTH, -1, 1).toArray();
    // A sum of 128 products is rounded by less than 128 units of 1.1e-16.
    notes.atMost(
        "δˡ⁻¹ against Jₗᵀδˡ, largest relative distance",
        distance(TANH.getLast(), x, last),
        1.5e-14);
    notes.picture(
        "B1-depth",
        "The gradient's norm in random networks (points) and by mean-field theory (lines).",
        panel(notes, "tanh, by gain σ", TANH, x, last),
        panel(notes, "rectifiers and sigmoid, by gain σ", OTHERS, x, last));
  }

  private static Panel panel(
      Notebook notes, String title, List<RandomNetwork> networks, double[] x, double[] last) {
    Panel panel = Panel.half(title, "layer l", "gradient ‖δˡ‖ / ‖δᴸ‖");
    double norm = Series.norm(x);
    double[] layers = Series.range(0, DEPTH);
    for (int i = 0; i < networks.size(); i++) {
      RandomNetwork random = networks.get(i);
      double[] norms =
          DeepNetwork.relativeNorms(random.network().cotangents(random.weights(), x, last));
      double[] theory =
          new MeanField(random.activation, random.gain).norms(DEPTH, norm * norm / WIDTH, 0, 1);
      // Norms vary by a relative √(5/128)/2 at each layer and are a hundredth below the root of
      // their mean square; over 50 layers that is 0.01 ± 0.014 per layer.
      String name = random.activation.name().toLowerCase(Locale.ROOT);
      notes.within(
          "factor per layer, " + name + ", σ = " + Measurement.number(random.gain),
          Math.pow(norms[0], 1.0 / DEPTH),
          Math.pow(theory[0], 1.0 / DEPTH),
          0.05);
      panel.marks(random.name, Series.every(layers, 2), Series.every(norms, 2), i);
      panel.line(random.name + ", theory", layers, theory, i).unlisted();
    }
    return panel.logY();
  }

  /// The largest relative distance of backpropagation from the Jacobians `diag(φ′) Wᵀ` of tanh.
  private static double distance(RandomNetwork random, double[] x, double[] last) {
    double[] theta = random.weights();
    double[][] states = random.network().states(theta, x);
    double[][] cotangents = random.network().cotangents(theta, x, last);
    double largest = 0;
    int p = WIDTH * WIDTH + WIDTH;
    for (int l = 1; l <= DEPTH; l++) {
      double[][] weights = new double[WIDTH][];
      for (int i = 0; i < WIDTH; i++) {
        int row = (l - 1) * p + i * WIDTH;
        weights[i] = Arrays.copyOfRange(theta, row, row + WIDTH);
      }
      RealVector slope = MatrixUtils.createRealVector(states[l]).map(y -> 1 - y * y);
      RealVector expected =
          MatrixUtils.createRealMatrix(weights)
              .operate(slope.ebeMultiply(MatrixUtils.createRealVector(cotangents[l])));
      largest = Math.max(largest, Series.relativeDistance(cotangents[l - 1], expected.toArray()));
    }
    return largest;
  }
}
