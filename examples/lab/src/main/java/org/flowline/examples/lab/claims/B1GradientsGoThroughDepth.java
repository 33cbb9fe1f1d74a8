package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Linear;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealVector;
import org.knowm.xchart.XYChart;

/// B1: backpropagation is a dynamical system in depth, whose gradients vanish or explode as the
/// first weights are drawn.
final class B1GradientsGoThroughDepth implements Experiment {
  private static final int DEPTH = 50;
  private static final int WIDTH = 128;

  @Override
  public Claim claim() {
    return new Claim(
        "B1",
        "Gradients go through depth",
        "Backpropagation multiplies by one transposed Jacobian after the other: a dynamical system"
            + " whose time is depth, run backwards. Whether gradients vanish or explode is its"
            + " stability.",
        "δˡ⁻¹ = Jₗᵀδˡ      ‖δˡ⁻¹‖² ≈ χₗ ‖δˡ‖²,  χₗ = σ² E φ′(√qₗ z)²,  z ~ N(0, 1)",
        "Draws networks with 50 layers of 128 units and weights from N(0, σ²/128) for several gains"
            + " σ and activations, and follows the length of the gradient from the last layer to the"
            + " first. Jacobians, written down by hand, check it; the theory of infinitely wide"
            + " networks predicts it, from the mean square qₗ of what the units of layer l are given:"
            + " qₗ = σ² E φ(√qₗ₋₁ z)².",
        "On the logarithmic axis nearly straight lines: a factor per layer. Below a critical gain it"
            + " is less than 1 and gradients vanish, above they explode. The critical gain is √2 for"
            + " rectifiers. For tanh it is 1, where the loss is a power of the depth only, not an"
            + " exponential; far above 1 its saturation slows the growth. Sigmoids, whose slope is ¼"
            + " at most, lose gradients even at the gain 4.",
        "Poole et al. (2016); Schoenholz et al. (2017)");
  }

  /// A network before training.
  private record Drawn(Activation activation, double gain, String name) {
    double[] weights() {
      SplittableRandom random = new SplittableRandom(7);
      return Stream.generate(() -> layer().initial(random))
          .limit(DEPTH)
          .flatMapToDouble(DoubleStream::of)
          .toArray();
    }

    Linear layer() {
      return new Linear(WIDTH, WIDTH, Initializer.normal(gain / Math.sqrt(WIDTH)));
    }

    DeepNetwork network() {
      Parameters one = layer().parameters();
      int p = one.size();
      return new DeepNetwork(
          DEPTH,
          Shape.of(1, WIDTH),
          (l, theta, x) ->
              activation.apply(layer().apply(one.of(theta.slice(0, (l - 1) * p, l * p)), x)));
    }
  }

  private static final List<Drawn> TANH =
      List.of(
          new Drawn(Activation.TANH, 0.8, "0.8"),
          new Drawn(Activation.TANH, 1, "1"),
          new Drawn(Activation.TANH, 1.5, "1.5"),
          new Drawn(Activation.TANH, 3, "3"));
  private static final List<Drawn> OTHERS =
      List.of(
          new Drawn(Activation.RELU, 1, "ReLU, 1"),
          new Drawn(Activation.RELU, Math.sqrt(2), "ReLU, √2"),
          new Drawn(Activation.RELU, 1.8, "ReLU, 1.8"),
          new Drawn(Activation.SIGMOID, 4, "sigmoid, 4"));

  @Override
  public Findings run() {
    SplittableRandom random = new SplittableRandom(3);
    double[] x = random.doubles(WIDTH, -1, 1).toArray();
    double[] last = random.doubles(WIDTH, -1, 1).toArray();
    List<Measurement> measured = new ArrayList<>();
    // A product and a sum of 128 numbers is rounded by less than 128 units of 1.1e-16.
    measured.add(
        Measurement.atMost(
            "δˡ⁻¹ against Jₗᵀδˡ, largest relative distance",
            distance(TANH.getLast(), x, last),
            1.5e-14));
    XYChart tanh = panel("tanh, by gain σ", TANH, x, last, measured);
    XYChart others = panel("rectifiers and sigmoid, by gain σ", OTHERS, x, last, measured);
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "B1-depth",
                "The gradient's length from the last layer to the first: drawn networks (points) and"
                    + " the theory of wide ones (lines).",
                tanh,
                others)));
  }

  private static XYChart panel(
      String title, List<Drawn> networks, double[] x, double[] last, List<Measurement> measured) {
    XYChart chart = Pictures.panel(title, "layer l", "gradient ‖δˡ‖ / ‖δᴸ‖");
    double p = MatrixUtils.createRealVector(x).getNorm();
    for (int i = 0; i < networks.size(); i++) {
      Drawn drawn = networks.get(i);
      double[] norms = DeepNetwork.norms(drawn.network().cotangents(drawn.weights(), x, last));
      double[] theory = new MeanField(drawn.activation, drawn.gain).plain(DEPTH, p * p / WIDTH);
      // Lengths vary by a relative √(5/128)/2 at each layer and are a hundredth shorter than their
      // mean square says; over 50 layers that is 0.01 ± 0.014 per layer.
      measured.add(
          Measurement.within(
              "factor per layer, "
                  + drawn.activation.name().toLowerCase(Locale.ROOT)
                  + ", σ = "
                  + Measurement.number(drawn.gain),
              Math.pow(norms[0] / norms[DEPTH], 1.0 / DEPTH),
              Math.pow(theory[0], 1.0 / DEPTH),
              0.05));
      double[] every = IntStream.rangeClosed(0, DEPTH).asDoubleStream().toArray();
      double[] some = IntStream.rangeClosed(0, DEPTH / 2).mapToDouble(l -> 2.0 * l).toArray();
      double[] lengths = Arrays.stream(some).map(l -> norms[(int) l] / norms[DEPTH]).toArray();
      Pictures.marks(chart, drawn.name, some, lengths, i);
      Pictures.line(chart, drawn.name + ", theory", every, theory, Pictures.colour(i))
          .setShowInLegend(false);
    }
    Pictures.logarithmicY(chart);
    return chart;
  }

  /// Of backpropagation from the Jacobians `diag(φ′) Wᵀ` made by hand, for tanh.
  private static double distance(Drawn drawn, double[] x, double[] last) {
    double[] theta = drawn.weights();
    double[][] states = drawn.network().states(theta, x);
    double[][] cotangents = drawn.network().cotangents(theta, x, last);
    double largest = 0;
    int p = WIDTH * WIDTH + WIDTH;
    for (int l = 1; l <= DEPTH; l++) {
      double[][] weights = new double[WIDTH][];
      for (int i = 0; i < WIDTH; i++) {
        int row = (l - 1) * p + i * WIDTH;
        weights[i] = Arrays.copyOfRange(theta, row, row + WIDTH);
      }
      RealVector slope = MatrixUtils.createRealVector(states[l]).map(y -> 1 - y * y);
      RealVector by =
          MatrixUtils.createRealMatrix(weights)
              .operate(slope.ebeMultiply(MatrixUtils.createRealVector(cotangents[l])));
      RealVector came = MatrixUtils.createRealVector(cotangents[l - 1]);
      largest = Math.max(largest, came.getDistance(by) / by.getNorm());
    }
    return largest;
  }
}
