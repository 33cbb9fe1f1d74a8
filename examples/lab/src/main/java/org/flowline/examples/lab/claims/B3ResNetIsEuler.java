package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.Shape;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.OutputAndGradients;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;

/// B3: a residual network is Euler's method on a Neural ODE, forward and backward, bit for bit.
final class B3ResNetIsEuler {
  private static final int ROWS = 8;
  private static final int FEATURES = 2;
  private static final Shape BATCH = Shape.of(ROWS, FEATURES);
  private static final double TIME = 4;
  private static final int[] DEPTHS = {4, 8, 16, 32, 64};
  private static final Mlp BLOCK = Mlp.of(Activation.TANH, FEATURES, 16, FEATURES);
  private static final double[] X =
      new SplittableRandom(3).doubles(ROWS * FEATURES, -1, 1).toArray();

  void run(Notebook notes) {
    double[] shared = BLOCK.initial(new SplittableRandom(3));
    NeuralField field = NeuralField.of(BLOCK, ROWS, FEATURES);
    Integrator tight = Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12));
    OutputAndGradients exact = OutputAndGradients.ofSolve(field, tight, X, shared, TIME);
    List<double[]> networks = new ArrayList<>();
    List<double[]> solves = new ArrayList<>();
    List<double[]> networksOfEach = new ArrayList<>();
    List<double[]> solvesOfEach = new ArrayList<>();
    double[] outputs = new double[DEPTHS.length];
    double[] gradients = new double[DEPTHS.length];
    for (int i = 0; i < DEPTHS.length; i++) {
      int depth = DEPTHS[i];
      double h = TIME / depth;
      Integrator euler = Integrator.of(Methods.EULER, StepSize.Constant.of(h, depth));
      OutputAndGradients network =
          OutputAndGradients.ofNetwork(new ResidualStack(BLOCK, depth, h), BATCH, X, shared);
      add(networks, network);
      add(solves, OutputAndGradients.ofSolve(field, euler, X, shared, h * depth));
      outputs[i] = Series.relativeDistance(network.output(), exact.output());
      gradients[i] = Series.relativeDistance(network.theta(), exact.theta());
      ResidualStack stack = new ResidualStack(BLOCK, depth, h, ResidualStack.Weights.OF_EACH);
      double[] theta = stack.initial(new SplittableRandom(depth));
      NeuralField pieces =
          new WeightsInTime(BLOCK, Basis.pieces(depth, 0, h)).field(ROWS, FEATURES);
      add(networksOfEach, OutputAndGradients.ofNetwork(stack, BATCH, X, theta));
      add(solvesOfEach, OutputAndGradients.ofSolve(pieces, euler, X, theta, h * depth));
    }
    double[] layers = Arrays.stream(DEPTHS).asDoubleStream().toArray();
    same(notes, "shared weights", networks, solves);
    same(notes, "weights of each layer", networksOfEach, solvesOfEach);
    // The next term of the expansion is h ≤ ¼ as large over the last three.
    notes.near("power of 1/layers, outputs", -late(layers, outputs), 1, 0.15);
    notes.near("power of 1/layers, gradients", -late(layers, gradients), 1, 0.15);
    field.bind(shared);
    notes.picture(
        "B3-depth",
        "Residual networks with the same weights and increasing depth tend to a Neural ODE.",
        hidden(field),
        Panel.half("Distance to the Neural ODE", "layers", "relative distance")
            .markedLine("outputs", layers, outputs, 0)
            .markedLine("gradients", layers, gradients, 1)
            .logLog());
  }

  private static void same(
      Notebook notes, String what, List<double[]> networks, List<double[]> solves) {
    notes.identical("outputs and gradients, " + what, Series.flat(networks), Series.flat(solves));
  }

  private static void add(List<double[]> all, OutputAndGradients result) {
    all.addAll(List.of(result.output(), result.x(), result.theta()));
  }

  private static double late(double[] layers, double[] distance) {
    return Series.power(layers, distance, 3);
  }

  /// Draws the component that changes most, in networks of three depths and in the ODE.
  private static Panel hidden(NeuralField field) {
    Panel panel = Panel.half("A hidden state through depth", "depth t = k h", "state x");
    StepSize fine = StepSize.Adaptive.of(1e-10, 1e-10);
    Orbit ode = Orbit.of(field, X, TIME, Integrator.of(Methods.TSIT5, fine));
    int shown = ode.mostChanged();
    for (int i = 0; i < 3; i++) {
      Orbit euler = Orbit.steps(field, X, Methods.EULER, TIME / DEPTHS[i], DEPTHS[i]);
      panel.markedLine(DEPTHS[i] + " layers", euler.t(), euler.component(shown), i);
    }
    return panel.line("ODE", ode.t(), ode.component(shown), Panel.DARK);
  }
}
