package org.flowline.examples.cli.fit;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.method.Methods;
import org.knowm.xchart.XYChart;

/// A residual network and Euler's method on the Neural ODE with the same weights: outputs and
/// gradients are equal bit for bit, and tend to the ODE at Euler's order 1.
///
/// @param outputDistances of each depth to the exact solution
/// @param order of the distances at the largest depths
/// @param picture of a hidden state through depth
public record ResNetEuler(
    boolean outputsIdentical,
    boolean gradientsIdentical,
    List<Integer> depths,
    List<Double> outputDistances,
    double order,
    Picture picture) {
  private static final List<Integer> DEPTHS = List.of(4, 8, 16, 32, 64);
  private static final int FEATURES = 2;
  private static final int ROWS = 8;
  private static final double TIME = 4;

  /// Compares networks of all depths with solves.
  ///
  /// @param seed of weights and inputs
  public static ResNetEuler of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Mlp block = Mlp.of(Activation.TANH, FEATURES, 16, FEATURES);
    double[] theta = block.initial(random);
    double[] x = random.doubles(ROWS * FEATURES, -1, 1).toArray();
    NeuralField field = NeuralField.of(block, ROWS, FEATURES);
    field.bind(theta);
    TrajectoryLoss halfSquare =
        TrajectoryLoss.traced(2, x.length, y -> y.slice(0, 1, 2).square().sum().mul(0.5));
    double[] fine = IntStream.rangeClosed(0, 400).mapToDouble(i -> TIME * i / 400).toArray();
    double[][] exact =
        Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12))
            .solve(field, x, fine)
            .orThrow()
            .values();
    boolean outputs = true;
    boolean gradients = true;
    List<Double> distances = new ArrayList<>();
    List<Trajectory> hidden = new ArrayList<>();
    for (int depth : DEPTHS) {
      double h = TIME / depth;
      double[][] network = network(new ResidualStack(block, depth, h), theta, x);
      Trajectory states = new Trajectory();
      Integrator euler =
          Integrator.of(Methods.EULER, new StepSize.Constant(h, depth)).withObserver(states);
      TrajectoryGradient ode =
          new DiscreteAdjoint(euler).gradient(field, x, new double[] {0, h * depth}, halfSquare);
      double[] last = new double[x.length];
      states.copyLastState(last);
      outputs &= Arrays.equals(network[0], last);
      gradients &= Arrays.equals(network[1], ode.y0()) && Arrays.equals(network[2], ode.theta());
      distances.add(distance(last, exact[exact.length - 1]));
      hidden.add(states);
    }
    int n = distances.size();
    double order = Math.log(distances.get(n - 2) / distances.get(n - 1)) / Math.log(2);
    Picture picture =
        Picture.of(
            "resnet-euler", "Hidden state through depth.", chart(x, fine, exact, hidden, order));
    return new ResNetEuler(outputs, gradients, DEPTHS, distances, order, picture);
  }

  /// The output of the network and the gradients of `½‖y‖²` with respect to `x` and θ, by
  /// backpropagation through a recorded program, without a solver.
  private static double[][] network(ResidualStack stack, double[] theta, double[] x) {
    Tape tape =
        Tape.record(
            Shape.of(ROWS, FEATURES),
            Shape.of(theta.length),
            (input, parameters) -> stack.apply(stack.parameters().of(parameters), input));
    double[] output = new double[x.length];
    JvmBackend.best().compile(tape).run(new double[][] {x, theta}, new double[][] {output});
    double[][] gradients = {new double[x.length], new double[theta.length]};
    JvmBackend.best()
        .compile(Derivative.vjp(tape).select(1, 2))
        .run(new double[][] {x, theta, output}, gradients);
    return new double[][] {output, gradients[0], gradients[1]};
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  /// Draws the component that changes most, in each network and in the ODE.
  private static XYChart chart(
      double[] x, double[] fine, double[][] exact, List<Trajectory> hidden, double order) {
    XYChart chart =
        Pictures.chart(
            Text.format("Residual networks tend to the Neural ODE (order %.2f)", order),
            "depth (time t)",
            "hidden state, one component");
    double[] last = exact[exact.length - 1];
    int shown =
        IntStream.range(0, x.length)
            .boxed()
            .max(Comparator.comparingDouble(i -> Math.abs(last[i] - x[i])))
            .orElseThrow();
    for (int i = 0; i < hidden.size(); i++) {
      Trajectory states = hidden.get(i);
      double[] t = new double[states.steps() + 1];
      double[] feature = new double[t.length];
      double[] y = new double[x.length];
      for (int n = 0; n < t.length; n++) {
        t[n] = n < states.steps() ? states.t(n) : states.end();
        states.evaluate(t[n], y);
        feature[n] = y[shown];
      }
      Pictures.lineWithPoints(chart, DEPTHS.get(i) + " layers", t, feature, Pictures.colour(i));
    }
    double[] feature = Arrays.stream(exact).mapToDouble(y -> y[shown]).toArray();
    Pictures.line(chart, "ODE", fine, feature, Color.BLACK);
    return chart;
  }
}
