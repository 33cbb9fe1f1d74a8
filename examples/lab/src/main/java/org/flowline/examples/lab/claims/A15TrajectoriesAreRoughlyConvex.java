package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.flowline.neuralode.diagnostics.Lanczos;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.stat.StatUtils;
import org.knowm.xchart.XYChart;

/// A15: from near zero, the flow of a homogeneous network meets little negative curvature.
final class A15TrajectoriesAreRoughlyConvex implements Experiment {
  /// Inputs `2eᵢ`, of which the loss is `½‖W₃W₂W₁ − β‖²` with `β = y/2`; both `β` have length 1.
  private static final double[] AXES = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2};

  /// The sizes ε of the first weights; descent starts from the second.
  private static final double[] SIZES = {0.1, 0.05, 0.025, 0.0125};

  private static final double START = SIZES[1];

  /// For this time over ε the flow is followed: it leaves the saddle after a time of that order.
  private static final double TIME = 3;

  private static final double ETA = 0.05;

  /// One of so many steps is drawn.
  private static final int EVERY = 20;

  @Override
  public Claim claim() {
    return new Claim(
        "A15",
        "Trajectories are roughly convex",
        "Somewhere the loss of a network of three layers without offsets, linear or with rectifiers,"
            + " has arbitrarily negative curvature. Along the gradient flow from weights of a small size"
            + " ε there is so little of it that the factor by which errors may grow is a power of 1/ε,"
            + " though the flow takes a time of 1/ε; descent with a moderate step stays with it.",
        "f = ½ mean (W₃φ(W₂φ(W₁xᵢ)) − yᵢ)²:   e^(−∫λₘᵢₙdt) ∝ ε⁻²,"
            + "   λₘᵢₙ(∇²f) ≥ −2 maxⱼ‖Wⱼ‖ · mean |rᵢ|‖xᵢ‖",
        "Follows the flow from random weights of four sizes with the least eigenvalue of the Hessian;"
            + " descends from one of them with the flow beside it. For the linear network a flow from"
            + " zero goes as M = ‖Wⱼ‖ in all layers, where λₘᵢₙ = 5M⁴ − 2M as long as M is small and"
            + " dM/dt = M² (1 − M³); then looks where no flow comes, at two layers of zeros and a long"
            + " third.",
        "At zero the Hessian vanishes: it takes long to leave, and all that long λₘᵢₙ is small, as −2M"
            + " where M grows as M², so that ∫λₘᵢₙ is −2 log M/ε and no more. Near the minimum the"
            + " residuals r vanish, and λₘᵢₙ with them. Deep it is on the way between, and there less"
            + " than a quarter of the sharpness at the end. Its bound is"
            + " that of the network's second derivative, which has a factor Wⱼ from three layers on."
            + " That there is no lower bound is shown on the linear network; the rectifiers learn from"
            + " inputs at right angles with positive answers, where no unit's kink holds the flow up."
            + " Proven are the bounds of λₘᵢₙ and of the distance; that descent stays within η of the"
            + " flow, in parts of ‖θ‖, has the order in η from theory and its constant from the"
            + " measurement. Descent leaves the saddle a little late and ends where the flow does.",
        "Elkabetz & Cohen (2021), lemma 2, theorems 1 and 2");
  }

  /// The flow from weights of some size, and the least eigenvalue at each of its steps.
  private record Followed(Orbit flow, double[] lowest) {

    static Followed from(ThreeLayers network, double[] start, double time) {
      Orbit flow = Orbit.flow(network.loss(), start, time);
      return new Followed(
          flow, Arrays.stream(flow.y()).mapToDouble(y -> ends(network, y).smallest()).toArray());
    }

    /// `e^(−∫λmin dt)` by the trapezoid rule over the flow's steps.
    double factor() {
      double integral = 0;
      for (int k = 1; k < lowest.length; k++) {
        integral += (flow.t()[k] - flow.t()[k - 1]) * (lowest[k - 1] + lowest[k]) / 2;
      }
      return Math.exp(-integral);
    }
  }

  @Override
  public Findings run() {
    List<Measurement> measured = new ArrayList<>();
    ThreeLayers linear =
        new ThreeLayers(Activation.IDENTITY, 4, AXES, new double[] {1.2, -1.6, 0, 0});
    ThreeLayers rectified =
        new ThreeLayers(Activation.RELU, 4, AXES, new double[] {1.4, 1, 1, 0.2});
    XYChart factors =
        Pictures.chart("How much errors may grow", "size ε of the first weights", "e^(−∫λₘᵢₙdt)");
    factors(linear, "linear", 0, measured, factors);
    factors(rectified, "rectified", 1, measured, factors);
    double[] squares = Arrays.stream(SIZES).map(size -> 1 / (size * size)).toArray();
    Pictures.line(factors, "ε⁻²", SIZES, squares, Pictures.colour(6)).setLineStyle(Pictures.DASHES);
    Pictures.logarithmic(factors);
    XYChart distances = Pictures.chart("Distance of descent from the flow", "time", "‖θₖ − θ(t)‖");
    XYChart left = follow("linear", linear, 0, measured, distances);
    XYChart right = follow("rectified", rectified, 1, measured, distances);
    Pictures.logarithmicY(distances);
    Pictures.roundTicks(distances);
    distances.getStyler().setXAxisMin(0.0);
    double[] far = new double[linear.size()];
    far[far.length - 1] = 1000;
    // Lanczos is asked for nine digits.
    measured.add(
        Measurement.within(
            "λₘᵢₙ where W₁ = W₂ = 0 and ‖W₃‖ = 1000", ends(linear, far).smallest(), -1000, 1e-8));
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A15-factor",
                "The factor of theorem 1 over the whole flow, for weights that start smaller and"
                    + " smaller.",
                factors),
            Picture.of(
                "A15-spectrum",
                "Both ends of the Hessian's spectrum along the flow, of the linear and the rectified"
                    + " network, from ε = 0.05.",
                left,
                right),
            Picture.of("A15-distance", "Descent stays with the flow.", distances)));
  }

  private static void factors(
      ThreeLayers network, String name, int colour, List<Measurement> measured, XYChart chart) {
    double[] factors =
        Arrays.stream(SIZES)
            .map(size -> Followed.from(network, network.random(size, 1), TIME / size).factor())
            .toArray();
    // Corrections of the order ε, of which a few percent are left in the slope.
    measured.add(
        Measurement.near(
            name + ": power of ε in e^(−∫λₘᵢₙdt)", LogLog.slope(SIZES, factors), -2, 0.05));
    Pictures.markedLine(chart, name, SIZES, factors, colour);
  }

  private static XYChart follow(
      String name, ThreeLayers network, int colour, List<Measurement> measured, XYChart distances) {
    double[] start = network.random(START, 1);
    double time = TIME / START;
    Followed followed = Followed.from(network, start, time);
    Orbit flow = followed.flow;
    double[] bounds = Arrays.stream(flow.y()).mapToDouble(network::bound).toArray();
    double slack =
        IntStream.range(0, bounds.length)
            .mapToDouble(k -> followed.lowest[k] - bounds[k])
            .min()
            .orElseThrow();
    double deepest = StatUtils.min(followed.lowest);
    // Lanczos is asked for nine digits; at the end both are zero.
    measured.add(
        new Measurement(
            name + ": least of λₘᵢₙ less its bound",
            slack,
            Measurement.Relation.AT_LEAST,
            0,
            1e-9));
    if (network.activation() == Activation.IDENTITY) {
      // WⱼᵀWⱼ − Wⱼ₊₁Wⱼ₊₁ᵀ stays along the flow what it was at the start, of the size START². That
      // the eigenvalue is off by no more than this is a scale, not a theorem.
      measured.add(
          Measurement.near(
              name + ": lowest λₘᵢₙ, −1.5 ∛0.1", deepest, -1.5 * Math.cbrt(0.1), START * START));
    }
    measured.add(
        Measurement.atLeast(
            name + ": lowest λₘᵢₙ over λₘₐₓ at the end",
            deepest / ends(network, flow.last()).largest(),
            -0.25));
    Optimizer descent = Optimizer.gradientDescent(ETA);
    FlowDistance watch = FlowDistance.of(network.loss(), descent);
    Trainer.of(network.loss(), descent)
        .withStepObserver(watch)
        .train(start, (int) Math.round(time / ETA))
        .orThrow();
    List<FlowDistance.Point> points = watch.points();
    measured.add(
        Measurement.atMost(
            name + ": largest of descent's distance over its bound",
            points.stream().mapToDouble(at -> at.distance() / at.bound()).max().orElseThrow(),
            1));
    // The order is Euler's, the constant 1 a scale that no theorem gives.
    measured.add(
        Measurement.atMost(
            name + ": largest distance over ‖θ‖ at the end, on the scale of η",
            points.stream().mapToDouble(FlowDistance.Point::distance).max().orElseThrow()
                / new ArrayRealVector(flow.last()).getNorm(),
            ETA));
    List<FlowDistance.Point> shown =
        IntStream.range(0, points.size() / EVERY)
            .mapToObj(k -> points.get(EVERY * k + EVERY - 1))
            .toList();
    double[] t = of(shown, FlowDistance.Point::tau);
    Pictures.line(
        distances, name, t, of(shown, FlowDistance.Point::distance), Pictures.colour(colour));
    Pictures.line(
            distances,
            "bound, " + name,
            t,
            of(shown, FlowDistance.Point::bound),
            Pictures.colour(colour))
        .setLineStyle(Pictures.DASHES);
    XYChart chart = Pictures.panel("Along the flow, " + name, "time", "eigenvalue of ∇²f");
    Pictures.markedLine(chart, "λₘₐₓ", t, of(shown, FlowDistance.Point::largest), 0);
    Pictures.markedLine(chart, "λₘᵢₙ", t, of(shown, FlowDistance.Point::smallest), 1);
    Pictures.line(chart, "bound of λₘᵢₙ", flow.t(), bounds, Pictures.colour(2));
    return chart;
  }

  private static Lanczos.Ends ends(ThreeLayers network, double[] theta) {
    return Lanczos.to(1e-9).ends(theta.length, network.loss().hessian(0, theta));
  }

  private static double[] of(
      List<FlowDistance.Point> points, ToDoubleFunction<FlowDistance.Point> what) {
    return points.stream().mapToDouble(what).toArray();
  }
}
