package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.autodiff.Parameters;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.AdjointField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Solution;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.XYChart;

/// B2: residual layers turn the product of Jacobians into Euler steps of the adjoint equation.
final class B2ResidualsMakeAnAdjoint implements Experiment {
  private static final int DEPTH = 50;
  private static final int WIDTH = 128;
  private static final double GAIN = 0.8;

  /// Of the network whose weights change smoothly with depth.
  private static final int FEATURES = 6;

  private static final double TIME = 3;
  private static final int[] LAYERS = {6, 12, 24, 48, 96, 192, 384};

  @Override
  public Claim claim() {
    return new Claim(
        "B2",
        "Residual layers step the adjoint equation",
        "With residual layers backpropagation is a step of the adjoint differential equation, and"
            + " its gradients tend to the adjoint's as the layers become finer.",
        "δˡ⁻¹ = δˡ + h (∂f/∂x)ᵀδˡ   →   da/dt = −(∂f/∂x)ᵀ a   as h → 0",
        "Left: the networks of B1 with tanh and gain 0.8, whose gradients vanish, with residual"
            + " layers x + h tanh(Wx) instead, all weights independent; lines are the theory of"
            + " wide networks. Right: weights that depend smoothly on depth, cut into ever more"
            + " layers of size h = 3/L, beside the adjoint equation, solved backwards.",
        "A residual layer multiplies gradients by about 1 instead of σ: they do not vanish, and with"
            + " small h do not explode. Where weights of neighbours are independent that is all, as"
            + " their layers do not add up to a smooth path; where they vary smoothly with depth,"
            + " gradients of networks tend to those of the adjoint, with an error proportional to h:"
            + " Euler's order.",
        "He et al. (2016); Chen et al. (2018); Haber & Ruthotto (2017)");
  }

  @Override
  public Findings run() {
    List<Measurement> measured = new ArrayList<>();
    XYChart smooth = smooth(measured);
    XYChart independent = independent(measured);
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "B2-depth",
                "The gradient's length through the depth of residual networks: with independent"
                    + " weights (left), and with weights that vary smoothly (right).",
                independent,
                smooth)));
  }

  private static XYChart independent(List<Measurement> measured) {
    SplittableRandom random = new SplittableRandom(7);
    Linear linear = new Linear(WIDTH, WIDTH, Initializer.normal(GAIN / Math.sqrt(WIDTH)));
    double[] theta =
        Stream.generate(() -> linear.initial(random))
            .limit(DEPTH)
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    double[] x = random.doubles(WIDTH, -1, 1).toArray();
    double[] last = random.doubles(WIDTH, -1, 1).toArray();
    double p = MatrixUtils.createRealVector(x).getNorm();
    MeanField field = new MeanField(Activation.TANH, GAIN);
    XYChart chart =
        Pictures.panel("Independent weights, σ = 0.8", "layer l", "gradient ‖δˡ‖ / ‖δᴸ‖");
    double[] every = IntStream.rangeClosed(0, DEPTH).asDoubleStream().toArray();
    double[] sizes = {0, 0.2, 0.5, 1};
    for (int i = 0; i < sizes.length; i++) {
      double h = sizes[i];
      double[] theory =
          h == 0 ? field.plain(DEPTH, p * p / WIDTH) : field.residual(DEPTH, p * p / WIDTH, h);
      double[] norms = DeepNetwork.norms(network(linear, h).cotangents(theta, x, last));
      String name = h == 0 ? "not residual" : "h = " + Measurement.number(h);
      // Three standard deviations: of δᵀJᵀδ, which is σh/√128 of ‖δ‖² at each layer; or as in B1.
      measured.add(
          Measurement.near(
              "factor per layer, " + name,
              Math.pow(norms[0] / norms[DEPTH], 1.0 / DEPTH),
              Math.pow(theory[0], 1.0 / DEPTH),
              h == 0 ? 0.05 * GAIN : 3 * GAIN * h / Math.sqrt(WIDTH * DEPTH)));
      int colour = i;
      double[] some = Arrays.stream(every).filter(l -> l % 2 == colour % 2).toArray();
      Pictures.marks(
          chart,
          name,
          some,
          Arrays.stream(some).map(l -> norms[(int) l] / norms[DEPTH]).toArray(),
          i);
      Pictures.line(chart, name + ", theory", every, theory, Pictures.colour(i))
          .setShowInLegend(false);
    }
    Pictures.logarithmicY(chart);
    return chart;
  }

  /// `x ← x + h tanh(Wx)`, and `x ← tanh(Wx)` for `h = 0`.
  private static DeepNetwork network(Linear linear, double h) {
    Parameters one = linear.parameters();
    int p = one.size();
    return new DeepNetwork(
        DEPTH,
        Shape.of(1, WIDTH),
        (l, theta, x) -> {
          Var f = linear.apply(one.of(theta.slice(0, (l - 1) * p, l * p)), x).tanh();
          return h == 0 ? f : x.add(f.mul(h));
        });
  }

  private static XYChart smooth(List<Measurement> measured) {
    WeightsInTime dynamics =
        new WeightsInTime(
            Mlp.of(Activation.TANH, Initializer.normal(0.4), FEATURES, 12, FEATURES),
            Basis.fourier(1, TIME));
    SplittableRandom random = new SplittableRandom(5);
    double[] theta = dynamics.initialOfEach(random);
    double[] x = random.doubles(FEATURES, -1, 1).toArray();
    double[] last = random.doubles(FEATURES, -1, 1).toArray();
    XYChart chart =
        Pictures.panel(
            "Weights that vary smoothly with depth", "depth t = l h", "gradient ‖δ‖ / ‖δᴸ‖");
    double[] sizes = Arrays.stream(LAYERS).mapToDouble(n -> TIME / n).toArray();
    double[] distances = new double[LAYERS.length];
    for (int i = 0; i < LAYERS.length; i++) {
      int n = LAYERS[i];
      double h = sizes[i];
      double[] t = IntStream.rangeClosed(0, n).mapToDouble(l -> l * h).toArray();
      DeepNetwork network =
          new DeepNetwork(
              n,
              Shape.of(1, FEATURES),
              (l, weights, state) ->
                  state.add(
                      dynamics
                          .apply(state.constant(t[l - 1]), state, dynamics.parameters().of(weights))
                          .mul(h)));
      double[][] cotangents = network.cotangents(theta, x, last);
      double[] norms = DeepNetwork.norms(cotangents);
      double[][] a = adjoint(dynamics.field(1, FEATURES), theta, x, last, t);
      for (int l = 0; l <= n; l++) {
        distances[i] = Math.max(distances[i], distance(cotangents[l], a[l]) / norms[n]);
      }
      if (i < 4) {
        Pictures.markedLine(
            chart,
            n + " layers",
            t,
            Arrays.stream(norms).map(norm -> norm / norms[n]).toArray(),
            i);
      } else if (i == LAYERS.length - 1) {
        double[] length =
            Arrays.stream(DeepNetwork.norms(a)).map(norm -> norm / norms[n]).toArray();
        Pictures.line(chart, "adjoint", t, length, Pictures.colour(6));
      }
    }
    // Between 96 and 384 layers h is 1/32 and less, and so is the next term of the expansion beside
    // the first, times a few.
    int late = LAYERS.length - 3;
    measured.addFirst(
        Measurement.near(
            "slope of the distance to the adjoint over h",
            LogLog.slope(
                Arrays.copyOfRange(sizes, late, LAYERS.length),
                Arrays.copyOfRange(distances, late, LAYERS.length)),
            1,
            0.1));
    return chart;
  }

  private static double distance(double[] a, double[] b) {
    return MatrixUtils.createRealVector(a).getDistance(MatrixUtils.createRealVector(b));
  }

  /// `a(t)` at the times, of the adjoint equation solved from the last to the first.
  private static double[][] adjoint(
      NeuralField field, double[] theta, double[] x, double[] last, double[] t) {
    field.bind(theta);
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-11, 1e-11));
    double end = t[t.length - 1];
    double[] y = solver.solve(field, x, 0, end).orThrow().last();
    double[] state = new double[2 * y.length + theta.length];
    System.arraycopy(y, 0, state, 0, y.length);
    System.arraycopy(last, 0, state, y.length, y.length);
    double[] back = IntStream.range(0, t.length).mapToDouble(l -> t[t.length - 1 - l]).toArray();
    Solution solution = solver.solve(new AdjointField(field), state, back).orThrow();
    double[][] a = new double[t.length][];
    for (int l = 0; l < t.length; l++) {
      a[t.length - 1 - l] = Arrays.copyOfRange(solution.values()[l], y.length, 2 * y.length);
    }
    return a;
  }
}
