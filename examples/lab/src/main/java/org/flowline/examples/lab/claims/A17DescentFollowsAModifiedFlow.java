package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.TrainingFlow;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.flow.ModifiedFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.XYChart;

/// A17: descent with a finite step follows the flow of `f + η/4 ‖∇f‖²`, one order closer than that
/// of `f`.
final class A17DescentFollowsAModifiedFlow implements Experiment {
  private static final Losses LOSS = Losses.network(Activation.TANH, 8, 20, 1);
  private static final double TIME = 2;

  /// Halved each time, small enough for the leading term to stand alone.
  private static final int[] STEPS = {40, 80, 160, 320, 640};

  @Override
  public Claim claim() {
    return new Claim(
        "A17",
        "Descent follows a modified flow",
        "Gradient descent with a finite step η stays closer to the gradient flow of a modified loss"
            + " than to that of its own: to within η² instead of η.",
        "θ′ = −∇(f + η/4 ‖∇f‖²) = −(∇f + η/2 ∇²f ∇f)",
        "Trains a small network with ever smaller steps over a fixed time and measures the distance"
            + " to both flows, solved to twelve digits; the modified one by Hessian–vector products."
            + " Then descends a bowl with a large step beside both flows.",
        "Lines of slope 1 and 2. The step itself acts as a regulariser: it leads to places where the"
            + " gradient is small, with a strength in proportion to η. In a bowl, with"
            + " ηλₘₐₓ = ½, the modified flow goes most of the way from the flow to descent; further terms"
            + " of the expansion in η make up the rest.",
        "Barrett & Dherin (2021), theorem 3.1; Hairer, Lubich & Wanner (2006), IX");
  }

  @Override
  public Findings run() {
    double[] eta = Arrays.stream(STEPS).mapToDouble(n -> TIME / n).toArray();
    double[] plain = distances(_ -> new GradientFlow(LOSS.objective()));
    double[] modified = distances(h -> new ModifiedFlow(LOSS.objective(), h));
    XYChart chart = Pictures.panel("Training a network, time 2", "step η", "distance of descent");
    Pictures.markedLine(chart, "to the gradient flow", eta, plain, 0);
    Pictures.markedLine(chart, "to the modified flow", eta, modified, 1);
    Pictures.logarithmic(chart);
    return new Findings(
        List.of(
            // The next term of either expansion is η times as large, a few percent here.
            Measurement.near(
                "slope of the distance to the modified flow", LogLog.slope(eta, modified), 2, 0.1),
            Measurement.near(
                "slope of the distance to the gradient flow", LogLog.slope(eta, plain), 1, 0.1)),
        List.of(
            Picture.of(
                "A17-modified",
                "Left: distances at the end of training. Right: a bowl with ηλₘₐₓ = ½, descent"
                    + " beyond both flows, closer to the modified one.",
                chart,
                bowl())));
  }

  private static double[] distances(DoubleFunction<TrainingFlow> flow) {
    return Arrays.stream(STEPS)
        .mapToDouble(
            n -> {
              double h = TIME / n;
              Orbit descent = Orbit.descent(LOSS.objective(), LOSS.start(), h, n);
              double[] flown = flown(flow.apply(h), LOSS.start(), TIME).last();
              return new ArrayRealVector(descent.last()).getDistance(new ArrayRealVector(flown));
            })
        .toArray();
  }

  private static Orbit flown(TrainingFlow flow, double[] start, double time) {
    Integrator fine = Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-13, 1e-13));
    return Orbit.of(flow, start, time, fine);
  }

  private static XYChart bowl() {
    TwiceDifferentiableObjective bowl =
        Losses.quadratic(MatrixUtils.createRealMatrix(new double[][] {{1, 0}, {0, 4}}));
    double eta = 0.5 / 4;
    double[] start = {1, 1};
    int steps = 16;
    XYChart chart = Pictures.panel("A bowl, η = 1/(2λₘₐₓ)", "x", "y");
    Orbit plain = flown(new GradientFlow(bowl), start, eta * steps);
    Orbit modified = flown(new ModifiedFlow(bowl, eta), start, eta * steps);
    Pictures.line(
        chart, "gradient flow", plain.component(0), plain.component(1), Pictures.colour(0));
    Pictures.line(
        chart, "modified flow", modified.component(0), modified.component(1), Pictures.colour(1));
    Orbit descent = Orbit.descent(bowl, start, eta, steps);
    Pictures.marks(chart, "descent", descent.component(0), descent.component(1), 2);
    return chart;
  }
}
