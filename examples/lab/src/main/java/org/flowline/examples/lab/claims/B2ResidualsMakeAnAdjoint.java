package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.AdjointField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Initializer;
import org.flowline.neuralode.nn.Linear;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// B2: residual layers turn the product of Jacobians into Euler steps of the adjoint equation.
final class B2ResidualsMakeAnAdjoint {
  private static final int DEPTH = 50;
  private static final int WIDTH = 128;
  private static final double GAIN = 0.8;

  /// The width of the network whose weights vary smoothly with depth.
  private static final int FEATURES = 6;

  private static final double TIME = 3;
  private static final int[] LAYERS = {6, 12, 24, 48, 96, 192, 384};

  void run(Notebook notes) {
    Panel smooth = smooth(notes);
    notes.picture(
        "B2-depth",
        "The gradient's norm through residual layers: independent and smoothly varying weights.",
        independent(notes),
        smooth);
  }

  private static Panel independent(Notebook notes) {
    SplittableRandom random = new SplittableRandom(7);
    Linear linear = new Linear(WIDTH, WIDTH, Initializer.normal(GAIN / Math.sqrt(WIDTH)));
    double[] theta = DeepNetwork.independentWeights(linear, DEPTH, random);
    double[] x = random.doubles(WIDTH, -1, 1).toArray();
    double[] last = random.doubles(WIDTH, -1, 1).toArray();
    double meanSquare = Series.norm(x) * Series.norm(x) / WIDTH;
    MeanField field = new MeanField(Activation.TANH, GAIN);
    Panel panel = Panel.half("Independent weights, σ = 0.8", "layer l", "gradient ‖δˡ‖ / ‖δᴸ‖");
    double[] layers = Series.range(0, DEPTH);
    double[] sizes = {0, 0.2, 0.5, 1};
    for (int i = 0; i < sizes.length; i++) {
      double h = sizes[i];
      // `x ← x + h tanh(Wx)`, and `x ← tanh(Wx)` for `h = 0`.
      DeepNetwork network =
          DeepNetwork.of(
              DEPTH,
              Shape.of(1, WIDTH),
              linear,
              (state, affine) -> h == 0 ? affine.tanh() : state.add(affine.tanh().mul(h)));
      double[] theory = field.norms(DEPTH, meanSquare, h == 0 ? 0 : 1, h == 0 ? 1 : h);
      double[] norms = DeepNetwork.relativeNorms(network.cotangents(theta, x, last));
      String name = h == 0 ? "not residual" : "h = " + Measurement.number(h);
      // Three standard deviations of δᵀJᵀδ, each σh/√128 of ‖δ‖² per layer; or as in B1.
      notes.near(
          "factor per layer, " + name,
          Math.pow(norms[0], 1.0 / DEPTH),
          Math.pow(theory[0], 1.0 / DEPTH),
          h == 0 ? 0.05 * GAIN : 3 * GAIN * h / Math.sqrt(WIDTH * DEPTH));
      int odd = i % 2;
      double[] some = Arrays.stream(layers).filter(l -> l % 2 == odd).toArray();
      panel.marks(name, some, Series.map(some, l -> norms[(int) l]), i);
      panel.line(name + ", theory", layers, theory, i).unlisted();
    }
    return panel.logY();
  }

  private static Panel smooth(Notebook notes) {
    WeightsInTime dynamics =
        new WeightsInTime(
            Mlp.of(Activation.TANH, Initializer.normal(0.4), FEATURES, 12, FEATURES),
            Basis.fourier(1, TIME));
    SplittableRandom random = new SplittableRandom(5);
    double[] theta = dynamics.initialOfEach(random);
    double[] x = random.doubles(FEATURES, -1, 1).toArray();
    double[] last = random.doubles(FEATURES, -1, 1).toArray();
    Panel panel =
        Panel.half("Weights that vary smoothly with depth", "depth t = l h", "gradient ‖δ‖ / ‖δᴸ‖");
    double[] sizes = Arrays.stream(LAYERS).mapToDouble(n -> TIME / n).toArray();
    double[] distances = new double[LAYERS.length];
    for (int i = 0; i < LAYERS.length; i++) {
      int n = LAYERS[i];
      double h = sizes[i];
      double[] t = Series.map(Series.range(0, n), l -> l * h);
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
      double[][] a = adjoint(dynamics.field(1, FEATURES), theta, x, last, t);
      distances[i] =
          Series.max(
              0, n + 1, l -> Series.distance(cotangents[l], a[l]) / Series.norm(cotangents[n]));
      if (i < 4) {
        panel.markedLine(n + " layers", t, DeepNetwork.relativeNorms(cotangents), i);
      } else if (i == LAYERS.length - 1) {
        panel.line("adjoint", t, DeepNetwork.relativeNorms(a), Panel.DARK);
      }
    }
    // Between 96 and 384 layers h is 1/32 and less, and the next term of the expansion a few times
    // h as large as the first.
    notes.near(
        "slope of the distance to the adjoint over h", Series.power(sizes, distances, 3), 1, 0.1);
    return panel;
  }

  /// `a(t)` at the times, from the adjoint equation solved backwards.
  private static double[][] adjoint(
      NeuralField field, double[] theta, double[] x, double[] last, double[] t) {
    field.bind(theta);
    Integrator solver = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-11, 1e-11));
    double[] y = solver.solve(field, x, 0, t[t.length - 1]).orThrow().last();
    double[] state = Series.flat(List.of(y, last, new double[theta.length]));
    double[] backwards = new double[t.length];
    Arrays.setAll(backwards, l -> t[t.length - 1 - l]);
    double[][] values = solver.solve(new AdjointField(field), state, backwards).orThrow().values();
    double[][] a = new double[t.length][];
    for (int l = 0; l < t.length; l++) {
      a[t.length - 1 - l] = Arrays.copyOfRange(values[l], y.length, 2 * y.length);
    }
    return a;
  }
}
