package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.autodiff.Derivative;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Tape;
import org.flowline.autodiff.jvm.JvmBackend;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.dynamics.Basis;
import org.flowline.neuralode.dynamics.WeightsInTime;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.TrajectoryGradient;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.neuralode.nn.ResidualStack;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.knowm.xchart.XYChart;

/// B3: a residual network is Euler's method on a Neural ODE, forward and backward, to the last bit.
final class B3ResNetIsEuler implements Experiment {
  private static final int ROWS = 8;
  private static final int FEATURES = 2;
  private static final double TIME = 4;
  private static final int[] DEPTHS = {4, 8, 16, 32, 64};
  private static final Mlp BLOCK = Mlp.of(Activation.TANH, FEATURES, 16, FEATURES);
  private static final double[] X =
      new SplittableRandom(3).doubles(ROWS * FEATURES, -1, 1).toArray();

  /// `½‖y(t₁)‖²`, whose cotangent is `y(t₁)` itself.
  private static final TrajectoryLoss LOSS =
      TrajectoryLoss.traced(2, X.length, y -> y.slice(0, 1, 2).square().sum().mul(0.5));

  @Override
  public Claim claim() {
    return new Claim(
        "B3",
        "A residual network is Euler's method",
        "A residual network computes Euler's method on a Neural ODE, and backpropagation through it"
            + " computes Euler's discrete adjoint: the same numbers to the last bit.",
        "xₖ₊₁ = xₖ + h f(xₖ; θₖ)   =   Euler on dx/dt = f(x; θ(t)), θ constant on [kh, (k+1)h)",
        "Records networks of 4 to 64 layers as programs and backpropagates through them, without any"
            + " solver; solves the Neural ODE with the same weights, one set for all layers or one"
            + " for each, by Euler, and walks back by the discrete adjoint. Compares outputs and"
            + " gradients bit by bit, and with the Neural ODE solved to twelve digits.",
        "Not one bit differs. What does differ is the Neural ODE itself: networks with tied weights"
            + " tend to it with the power 1 of their layers' size, in outputs and in gradients. A"
            + " network is an ODE as far as its layers are fine enough.",
        "He et al. (2016); Lu et al. (2018); Chen et al. (2018)");
  }

  /// What a network or a solve comes to.
  private record Result(double[] output, double[] xBar, double[] thetaBar) {}

  @Override
  public Findings run() {
    double[] tied = BLOCK.initial(new SplittableRandom(3));
    List<double[]> networks = new ArrayList<>();
    List<double[]> solves = new ArrayList<>();
    NeuralField field = NeuralField.of(BLOCK, ROWS, FEATURES);
    Result exact =
        solved(field, tied, Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-12, 1e-12)), TIME);
    double[] outputs = new double[DEPTHS.length];
    double[] gradients = new double[DEPTHS.length];
    XYChart hidden = Pictures.panel("A hidden state through depth", "depth t = k h", "state x");
    for (int i = 0; i < DEPTHS.length; i++) {
      double h = TIME / DEPTHS[i];
      Integrator euler = Integrator.of(Methods.EULER, StepSize.Constant.of(h, DEPTHS[i]));
      Result network = backpropagated(new ResidualStack(BLOCK, DEPTHS[i], h), tied);
      Result solve = solved(field, tied, euler, h * DEPTHS[i]);
      keep(networks, network);
      keep(solves, solve);
      outputs[i] = distance(network.output, exact.output);
      gradients[i] = distance(network.thetaBar, exact.thetaBar);
    }
    draw(hidden, field, tied);
    List<double[]> networksOfEach = new ArrayList<>();
    List<double[]> solvesOfEach = new ArrayList<>();
    for (int depth : DEPTHS) {
      double h = TIME / depth;
      ResidualStack stack = new ResidualStack(BLOCK, depth, h, ResidualStack.Weights.OF_EACH);
      double[] theta = stack.initial(new SplittableRandom(depth));
      Integrator euler = Integrator.of(Methods.EULER, StepSize.Constant.of(h, depth));
      NeuralField pieces =
          new WeightsInTime(BLOCK, Basis.pieces(depth, 0, h)).field(ROWS, FEATURES);
      keep(networksOfEach, backpropagated(stack, theta));
      keep(solvesOfEach, solved(pieces, theta, euler, h * depth));
    }
    double[] layers = Arrays.stream(DEPTHS).asDoubleStream().toArray();
    XYChart chart = Pictures.panel("Distance to the Neural ODE", "layers", "relative distance");
    Pictures.markedLine(chart, "outputs", layers, outputs, 0);
    Pictures.markedLine(chart, "gradients", layers, gradients, 1);
    Pictures.logarithmic(chart);
    return new Findings(
        List.of(
            same("one θ for all layers", networks, solves),
            same("a θ for each layer", networksOfEach, solvesOfEach),
            // The next term of the expansion is h ≤ ¼ as large over the last three.
            Measurement.near("power of 1/layers, outputs", -late(layers, outputs), 1, 0.15),
            Measurement.near("power of 1/layers, gradients", -late(layers, gradients), 1, 0.15)),
        List.of(
            Picture.of(
                "B3-depth",
                "Ever finer residual networks with the same weights, and the Neural ODE they tend"
                    + " to.",
                hidden,
                chart)));
  }

  private static Measurement same(String what, List<double[]> networks, List<double[]> solves) {
    return Measurement.identical(
        "outputs and gradients, " + what, Orbit.flat(networks), Orbit.flat(solves));
  }

  private static void keep(List<double[]> all, Result result) {
    all.addAll(List.of(result.output, result.xBar, result.thetaBar));
  }

  private static double late(double[] layers, double[] distance) {
    int n = layers.length;
    return LogLog.slope(
        Arrays.copyOfRange(layers, n - 3, n), Arrays.copyOfRange(distance, n - 3, n));
  }

  /// Backpropagation through the network as a recorded program.
  private static Result backpropagated(ResidualStack stack, double[] theta) {
    Tape tape =
        Tape.record(
            Shape.of(ROWS, FEATURES),
            Shape.of(theta.length),
            (x, parameters) -> stack.apply(stack.parameters().of(parameters), x));
    double[] output = new double[X.length];
    JvmBackend.best().compile(tape).run(new double[][] {X, theta}, new double[][] {output});
    double[][] results = {new double[X.length], new double[X.length], new double[theta.length]};
    JvmBackend.best().compile(Derivative.vjp(tape)).run(new double[][] {X, theta, output}, results);
    return new Result(output, results[1], results[2]);
  }

  private static Result solved(NeuralField field, double[] theta, Integrator solver, double t1) {
    field.bind(theta);
    TrajectoryGradient gradient =
        new DiscreteAdjoint(solver).gradient(field, X, new double[] {0, t1}, LOSS);
    return new Result(
        solver.solve(field, X, 0, t1).orThrow().last(), gradient.y0(), gradient.theta());
  }

  private static double distance(double[] came, double[] wanted) {
    ArrayRealVector exact = new ArrayRealVector(wanted, false);
    return exact.getDistance(new ArrayRealVector(came, false)) / exact.getNorm();
  }

  /// The component that moves most, by networks of three depths and by the ODE.
  private static void draw(XYChart chart, NeuralField field, double[] theta) {
    field.bind(theta);
    Orbit ode =
        Orbit.of(field, X, TIME, Integrator.of(Methods.TSIT5, StepSize.Adaptive.of(1e-10, 1e-10)));
    int shown =
        IntStream.range(0, X.length)
            .boxed()
            .max(
                (i, j) ->
                    Double.compare(Math.abs(ode.last()[i] - X[i]), Math.abs(ode.last()[j] - X[j])))
            .orElseThrow();
    for (int i = 0; i < 3; i++) {
      double h = TIME / DEPTHS[i];
      Orbit euler =
          Orbit.of(
              field, X, TIME, Integrator.of(Methods.EULER, StepSize.Constant.of(h, DEPTHS[i])));
      Pictures.markedLine(chart, DEPTHS[i] + " layers", euler.t(), euler.component(shown), i);
    }
    Pictures.line(chart, "ODE", ode.t(), ode.component(shown), Pictures.colour(6));
  }
}
