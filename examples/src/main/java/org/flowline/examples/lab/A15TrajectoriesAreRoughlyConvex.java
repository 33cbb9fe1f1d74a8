package org.flowline.examples.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.flowline.neuralode.diagnostics.Lanczos;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.training.Optimizer;
import org.flowline.neuralode.training.Trainer;
import org.hipparchus.linear.ArrayRealVector;
import org.knowm.xchart.XYChart;

/// A15: from near zero, the flow of a homogeneous network meets little negative curvature.
final class A15TrajectoriesAreRoughlyConvex implements Experiment {
  /// Inputs `2eᵢ`, of which the loss is `½‖W₃W₂W₁ − β‖²` with `β = y/2`; both `β` have length 1.
  private static final double[] AXES = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2};

  /// The size of the first weights.
  private static final double START = 0.15;

  private static final double ETA = 0.05;
  private static final double TIME = 20;
  private static final int LOOKS = 40;

  @Override
  public Claim claim() {
    return new Claim(
        "A15",
        "Trajectories are roughly convex",
        "Somewhere the loss of a network of three layers without offsets, linear or with rectifiers,"
            + " has arbitrarily negative curvature. Along the gradient flow from near zero there is"
            + " little of it, so that descent with a moderate step stays with the flow.",
        "f = ½ mean (W₃φ(W₂φ(W₁xᵢ)) − yᵢ)²:   λₘᵢₙ(∇²f) ≥ −2 maxⱼ‖Wⱼ‖ · mean |rᵢ|‖xᵢ‖",
        "Descends from small random weights, with the flow beside it and both ends of the Hessian's"
            + " spectrum on it. For the linear network a flow from zero goes as M = ‖Wⱼ‖ in all"
            + " layers, where λₘᵢₙ = 5M⁴ − 2M; then looks where no flow comes, at two layers of zeros"
            + " and a long third.",
        "Near zero the Hessian vanishes, near the minimum the residuals r do: negative curvature is"
            + " left for the short way between, less than a quarter of the sharpness at the end. The bound is"
            + " that of the network's second derivative, which has a factor Wⱼ from three layers on."
            + " That there is no lower bound is shown on the linear network; the rectifiers learn from"
            + " inputs at right angles with positive answers, where no unit's kink holds the flow up."
            + " Proven are the bounds of λₘᵢₙ and of the distance; that descent stays within η of the"
            + " flow, in parts of ‖θ‖, has the order in η from theory and its constant from the"
            + " measurement."
            + " Descent leaves the saddle a little late and ends"
            + " where the flow does.",
        "Elkabetz & Cohen (2021), lemma 2, theorems 1 and 2");
  }

  @Override
  public Findings run() {
    List<Measurement> measured = new ArrayList<>();
    ThreeLayers linear =
        new ThreeLayers(Activation.IDENTITY, 4, AXES, new double[] {1.2, -1.6, 0, 0});
    ThreeLayers rectified =
        new ThreeLayers(Activation.RELU, 4, AXES, new double[] {1.4, 1, 1, 0.2});
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
                "A15-spectrum",
                "Both ends of the Hessian's spectrum along the flow, of the linear and the rectified"
                    + " network.",
                left,
                right),
            Picture.of("A15-distance", "Descent stays with the flow.", distances)));
  }

  private static XYChart follow(
      String name, ThreeLayers network, int colour, List<Measurement> measured, XYChart distances) {
    double[] start = network.random(START, 1);
    Orbit flow = Orbit.flow(network.loss(), start, TIME);
    double slack = Double.POSITIVE_INFINITY;
    double deepest = 0;
    double[] bounds = new double[LOOKS];
    double[] times = new double[LOOKS];
    for (int i = 0; i < LOOKS; i++) {
      int k = i * (flow.t().length - 1) / (LOOKS - 1);
      double lowest = ends(network, flow.y()[k]).smallest();
      times[i] = flow.t()[k];
      bounds[i] = network.bound(flow.y()[k]);
      slack = Math.min(slack, lowest - bounds[i]);
      deepest = Math.min(deepest, lowest);
    }
    measured.add(Measurement.atLeast(name + ": least of λₘᵢₙ less its bound", slack, 0));
    if (network.activation() == Activation.IDENTITY) {
      // WⱼᵀWⱼ − Wⱼ₊₁Wⱼ₊₁ᵀ stays along the flow what it was at the start, of the size START². That
      // the eigenvalue is off by no more than this is a scale, not a theorem.
      measured.add(
          Measurement.near(
              name + ": lowest λₘᵢₙ, −1.5 ∛0.1", deepest, -1.5 * Math.cbrt(0.1), START * START));
    }
    Optimizer descent = Optimizer.gradientDescent(ETA);
    FlowDistance watch = FlowDistance.of(network.loss(), descent);
    Trainer.of(network.loss(), descent)
        .withStepObserver(watch)
        .train(start, (int) Math.round(TIME / ETA))
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
        IntStream.range(0, points.size() / 8).mapToObj(k -> points.get(8 * k + 7)).toList();
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
    Pictures.line(chart, "bound of λₘᵢₙ", times, bounds, Pictures.colour(2))
        .setLineStyle(Pictures.DASHES);
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
