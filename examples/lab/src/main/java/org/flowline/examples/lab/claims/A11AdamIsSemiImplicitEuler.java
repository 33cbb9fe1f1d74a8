package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.flow.AdamFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.XYChart;

/// A11: Adam and RMSprop are semi-implicit Euler on a flow of θ and running averages.
final class A11AdamIsSemiImplicitEuler implements Experiment {
  private static final int STEPS = 1000;
  private static final Losses VALLEY = Losses.rosenbrock();

  /// A step rounds numbers of size one a few times, by half a unit in the last place each, mostly
  /// in opposite directions.
  private static final double ROUNDING = STEPS * Math.ulp(1.0);

  /// The rule of a textbook for one component: changes `m` and `v`, returns what θ gets, over −η.
  @FunctionalInterface
  private interface Rule {
    double update(double gradient, double[] m, double[] v, int i, int step);
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A11",
        "Adam is semi-implicit Euler",
        "Adam and RMSprop are semi-implicit Euler on a flow of the parameters and running averages of"
            + " the gradient and its square: the averages move first, θ with the new ones.",
        "m′ = (1 − β₁)/η (∇f − m),  v′ = (1 − β₂)/η (∇f² − v),  θ′ = −m̂/(√v̂ + ε),  h = η",
        "Runs both through the integrator and, beside it, as textbooks print them, for 1000 steps: Adam"
            + " on a quadratic, and both in Rosenbrock's valley. Then shortens Adam's step, the"
            + " averages' time scales held, and measures the distance to the flow.",
        "Equal to rounding, not to the bit: β₁ is not stored in the flow but comes out of 1 − (1 −"
            + " β₁). The learning rate is the step and, at once, the averages' time scale; held apart,"
            + " Adam converges to its flow with the first power of the step, as Euler should.",
        "Kingma & Ba (2015), algorithm 1; Tieleman & Hinton (2012)");
  }

  @Override
  public Findings run() {
    Losses quadratic =
        new Losses(
            "a quadratic",
            Losses.quadratic(
                MatrixUtils.createRealMatrix(new double[][] {{3, 1, 0}, {1, 2, 1}, {0, 1, 1}})),
            new double[] {1, -2, 3});
    double[] eta = {2e-3, 1e-3, 5e-4, 2.5e-4};
    double[] apart = new double[eta.length];
    double[] flow = flow(4e-3, 0.5);
    for (int i = 0; i < eta.length; i++) {
      double[] came = stepped(4e-3, eta[i], (int) Math.round(0.5 / eta[i]));
      apart[i] = Math.hypot(came[0] - flow[0], came[1] - flow[1]);
    }
    return new Findings(
        List.of(
            agrees(
                "Adam on a quadratic",
                quadratic,
                Optimizer.adam(3e-3),
                A11AdamIsSemiImplicitEuler::adam),
            agrees(
                "Adam in the valley",
                VALLEY,
                Optimizer.adam(3e-3),
                A11AdamIsSemiImplicitEuler::adam),
            agrees(
                "RMSprop in the valley",
                VALLEY,
                Optimizer.rmsprop(3e-4),
                A11AdamIsSemiImplicitEuler::rmsprop),
            // The next term is η over the shortest time scale as large.
            Measurement.near(
                "slope of the distance to Adam's flow", LogLog.slope(eta, apart), 1, 0.1)),
        List.of(
            Picture.of(
                "A11-adam",
                "Left: Adam's steps from the integrator and from a textbook in Rosenbrock's valley,"
                    + " every twentieth. Right: shorter steps of the same flow.",
                valley(),
                distances(eta, apart))));
  }

  private static Measurement agrees(String what, Losses loss, Optimizer optimizer, Rule rule) {
    double[][] came = iterates(loss, optimizer);
    double[][] wanted = textbook(loss, optimizer.interval(), rule);
    double largest =
        IntStream.rangeClosed(0, STEPS)
            .mapToDouble(
                k ->
                    IntStream.range(0, loss.start().length)
                        .mapToDouble(i -> Math.abs(came[k][i] - wanted[k][i]))
                        .max()
                        .orElseThrow())
            .max()
            .orElseThrow();
    return Measurement.atMost(what + ": largest difference in 1000 steps", largest, ROUNDING);
  }

  private static double[][] iterates(Losses loss, Optimizer optimizer) {
    TrainingFlow flow = optimizer.flow().apply(loss.objective());
    double h = optimizer.interval();
    Integrator integrator = Integrator.of(optimizer.method(), StepSize.Constant.of(h, STEPS));
    double[][] states = Orbit.of(flow, flow.start(loss.start()), h * STEPS, integrator).y();
    return Arrays.stream(states).map(flow::parameters).toArray(double[][]::new);
  }

  /// The loop of the textbooks, the independent oracle.
  private static double[][] textbook(Losses loss, double eta, Rule rule) {
    int p = loss.start().length;
    double[][] theta = new double[STEPS + 1][];
    theta[0] = loss.start().clone();
    double[] m = new double[p];
    double[] v = new double[p];
    double[] gradient = new double[p];
    Objective f = loss.objective();
    for (int k = 0; k < STEPS; k++) {
      f.gradient(0, theta[k], gradient);
      theta[k + 1] = theta[k].clone();
      for (int i = 0; i < p; i++) {
        theta[k + 1][i] -= eta * rule.update(gradient[i], m, v, i, k + 1);
      }
    }
    return theta;
  }

  private static double adam(double g, double[] m, double[] v, int i, int step) {
    m[i] = 0.9 * m[i] + (1 - 0.9) * g;
    v[i] = 0.999 * v[i] + (1 - 0.999) * (g * g);
    double mean = m[i] / (1 - Math.pow(0.9, step));
    double square = v[i] / (1 - Math.pow(0.999, step));
    return mean / (Math.sqrt(square) + 1e-8);
  }

  private static double rmsprop(double g, double[] m, double[] v, int i, int step) {
    v[i] = 0.99 * v[i] + (1 - 0.99) * (g * g);
    return g / (Math.sqrt(v[i]) + 1e-8);
  }

  /// Adam's flow with the averages' time scales of a learning rate.
  private static double[] stepped(double scale, double h, int steps) {
    TrainingFlow flow = new AdamFlow(VALLEY.objective(), scale);
    Integrator integrator =
        Integrator.of(Methods.SEMI_IMPLICIT_EULER, StepSize.Constant.of(h, steps));
    return flow.parameters(
        Orbit.of(flow, flow.start(VALLEY.start()), h * steps, integrator).last());
  }

  private static double[] flow(double scale, double time) {
    TrainingFlow flow = new AdamFlow(VALLEY.objective(), scale);
    Integrator fine = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-10, 1e-10));
    return flow.parameters(Orbit.of(flow, flow.start(VALLEY.start()), time, fine).last());
  }

  private static XYChart valley() {
    XYChart chart = Pictures.panel("1000 steps of Adam, η = 0.003", "x", "y");
    double[][] loop = textbook(VALLEY, 3e-3, A11AdamIsSemiImplicitEuler::adam);
    double[][] euler = iterates(VALLEY, Optimizer.adam(3e-3));
    Pictures.line(
        chart, "textbook's loop", column(loop, 0, 1), column(loop, 1, 1), Pictures.colour(0));
    Pictures.marks(chart, "semi-implicit Euler", column(euler, 0, 20), column(euler, 1, 20), 1);
    return chart;
  }

  private static double[] column(double[][] rows, int i, int every) {
    return IntStream.rangeClosed(0, STEPS / every).mapToDouble(k -> rows[k * every][i]).toArray();
  }

  private static XYChart distances(double[] eta, double[] apart) {
    XYChart chart = Pictures.panel("Distance to Adam's flow at τ = 0.5", "step h", "distance");
    Pictures.markedLine(chart, "semi-implicit Euler", eta, apart, 0);
    Pictures.line(
        chart,
        "slope 1",
        eta,
        Arrays.stream(eta).map(h -> 0.7 * apart[0] * h / eta[0]).toArray(),
        Pictures.colour(6));
    Pictures.logarithmic(chart);
    return chart;
  }
}
