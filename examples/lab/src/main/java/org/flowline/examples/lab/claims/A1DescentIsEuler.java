package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.nn.Activation;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.XYChart;

/// A1: Euler with `h = η` on the gradient flow is gradient descent, to the last bit.
final class A1DescentIsEuler implements Experiment {
  private static final Losses VALLEY = Losses.rosenbrock();

  @Override
  public Claim claim() {
    return new Claim(
        "A1",
        "Gradient descent is Euler's method",
        "Gradient descent with learning rate η is Euler's method with step η on the gradient flow.",
        "θ′ = −∇f(θ),  h = η   ⇒   θₖ₊₁ = θₖ − η ∇f(θₖ)",
        "Runs Euler through the integrator and, beside it, a loop as a textbook prints it, on a"
            + " quadratic, on Rosenbrock's valley and on the loss of a small network; compares all"
            + " iterates bit by bit.",
        "Not one bit differs: an optimiser without a loop of its own. The flow itself, the limit of"
            + " ever smaller steps, descends into the valley on a smooth curve; descent follows it"
            + " from side to side.",
        "Euler (1768); Cauchy (1847)");
  }

  @Override
  public Findings run() {
    Losses quadratic =
        new Losses(
            "a quadratic",
            Losses.quadratic(
                MatrixUtils.createRealMatrix(new double[][] {{3, 1, 0}, {1, 2, 1}, {0, 1, 1}})),
            new double[] {1, -2, 3});
    return new Findings(
        List.of(
            compared(VALLEY, 1e-3, 2000),
            compared(quadratic, 0.3, 200),
            compared(Losses.network(Activation.TANH, 8, 20, 1), 0.1, 500)),
        List.of(
            Picture.of(
                "A1-valley",
                "Descent in Rosenbrock's valley, by Euler's method and by a textbook's loop, and the"
                    + " flow that both approximate.",
                valley())));
  }

  /// All iterates of both.
  private static Measurement compared(Losses loss, double eta, int steps) {
    Orbit euler = Orbit.descent(loss.objective(), loss.start(), eta, steps);
    return Measurement.identical(
        loss.name(), flat(euler.y()), flat(textbook(loss.objective(), loss.start(), eta, steps)));
  }

  /// The loop of the textbooks, the independent oracle.
  private static double[][] textbook(Objective f, double[] start, double eta, int steps) {
    double[][] theta = new double[steps + 1][];
    theta[0] = start.clone();
    double[] gradient = new double[start.length];
    for (int k = 0; k < steps; k++) {
      f.gradient(0, theta[k], gradient);
      theta[k + 1] = theta[k].clone();
      for (int i = 0; i < gradient.length; i++) {
        theta[k + 1][i] -= eta * gradient[i];
      }
    }
    return theta;
  }

  private static double[] flat(double[][] rows) {
    List<Double> values = new ArrayList<>();
    for (double[] row : rows) {
      for (double value : row) {
        values.add(value);
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static XYChart valley() {
    XYChart chart = Pictures.chart("One descent, computed twice", "x", "y");
    double eta = 1.8e-3;
    int steps = 60;
    double[][] loop = textbook(VALLEY.objective(), VALLEY.start(), eta, steps);
    Orbit euler = Orbit.descent(VALLEY.objective(), VALLEY.start(), eta, steps);
    Orbit flow = Orbit.flow(VALLEY.objective(), VALLEY.start(), eta * steps);
    Pictures.line(chart, "gradient flow", flow.component(0), flow.component(1), Pictures.colour(0));
    Orbit textbook = new Orbit(euler.t(), loop);
    Pictures.line(
        chart, "textbook's loop", textbook.component(0), textbook.component(1), Pictures.colour(1));
    Pictures.points(chart, "Euler", euler.component(0), euler.component(1), Pictures.colour(1));
    return chart;
  }
}
