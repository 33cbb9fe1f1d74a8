package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.Objective;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.stat.regression.SimpleRegression;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;

/// The second half of A7: losses that fall exponentially.
final class ExponentialRates {
  private static final Bowl BOWL = Bowl.of(1, 0.4, 0.5);
  private static final double MU = BOWL.smallest();
  private static final double L = BOWL.largest();

  /// `x² + 3 sin²x`, whose second derivative `2 + 6 cos 2x` is between −4 and 8.
  private static final Objective WAVY =
      Objective.of(
          1,
          (x, gradient) -> {
            gradient[0] = slope(x[0]);
            return wavy(x[0]);
          });

  private static final double WAVY_L = 8;

  private ExponentialRates() {}

  private static double wavy(double x) {
    return x * x + 3 * Math.sin(x) * Math.sin(x);
  }

  private static double slope(double x) {
    return 2 * x + 3 * Math.sin(2 * x);
  }

  private static double curvature(double x) {
    return 2 + 6 * Math.cos(2 * x);
  }

  /// Measures the rates on the bowl, and draws them for the flow.
  static XYChart bowl(List<Measurement> measured) {
    double[] start = {0, 1};
    Orbit flow = Orbit.flow(BOWL, start, 6);
    Orbit descent = Orbit.descent(BOWL, start, 1 / L, 100);
    // In the second half the steep part is gone, to ten digits.
    measured.add(
        Measurement.within(
            "flow: rate of the parameters over μ", -rate(flow.t(), distances(flow)) / MU, 1, 1e-6));
    measured.add(
        Measurement.within(
            "flow: rate of the loss over μ", -rate(flow.t(), flow.losses(BOWL)) / MU, 2, 1e-6));
    double[] k = IntStream.range(0, descent.t().length).asDoubleStream().toArray();
    double shrink = Math.log1p(-MU / L);
    measured.add(
        Measurement.within(
            "descent: rate of the parameters over ln(1 − μ/L)",
            rate(k, distances(descent)) / shrink,
            1,
            1e-6));
    measured.add(
        Measurement.within(
            "descent: rate of the loss over ln(1 − μ/L)",
            rate(k, descent.losses(BOWL)) / shrink,
            2,
            1e-6));
    XYChart chart = Pictures.panel("The factor 2", "time, μt", "share of its start");
    double[] distance = distances(flow);
    draw(chart, "‖θ‖", flow.t(), distance, 0);
    draw(chart, "‖θ‖²", flow.t(), Arrays.stream(distance).map(d -> d * d).toArray(), 1);
    draw(chart, "loss f", flow.t(), flow.losses(BOWL), 2);
    dashed(chart, "e^(−μt)", flow.t()[flow.t().length - 1], t -> Math.exp(-MU * t), 6);
    dashed(chart, "e^(−2μt)", flow.t()[flow.t().length - 1], t -> Math.exp(-2 * MU * t), 3);
    Pictures.logarithmicY(chart);
    return chart;
  }

  /// Measures and draws the loss that is not convex.
  static XYChart notConvex(List<Measurement> measured) {
    // ½f′²/f is least where its derivative vanishes, f′² = 2 f f″, on the slow part of the way.
    double slowest =
        new BrentSolver(1e-14)
            .solve(200, x -> 2 * wavy(x) * curvature(x) - slope(x) * slope(x), 2.1, 2.5);
    double mu = slope(slowest) * slope(slowest) / (2 * wavy(slowest));
    double[] start = {2.6};
    Orbit flow = Orbit.flow(WAVY, start, 1.5);
    Orbit descent = Orbit.descent(WAVY, start, 1 / WAVY_L, 12);
    double[] lost = flow.losses(WAVY);
    double[] lostByDescent = descent.losses(WAVY);
    DoubleUnaryOperator exponential = t -> Math.exp(-2 * mu * t);
    DoubleUnaryOperator power = t -> Math.pow(1 - mu / WAVY_L, t * WAVY_L);
    measured.add(
        Measurement.atMost(
            "flow, not convex: largest loss / (e^(−2μt) f₀)",
            over(lost, exponential, flow.t()),
            1));
    measured.add(
        Measurement.atMost(
            "descent, not convex: largest loss / ((1 − μ/L)ᵏ f₀)",
            over(lostByDescent, power, descent.t()),
            1));
    measured.add(
        Measurement.atMost(
            "smallest second derivative met on the way",
            Arrays.stream(flow.component(0)).map(ExponentialRates::curvature).min().orElseThrow(),
            0));
    XYChart chart =
        Pictures.panel(
            "Not convex, μ = " + Measurement.number(mu),
            "time t = kη",
            "share of the loss left, f/f₀");
    draw(chart, "flow", flow.t(), lost, 0);
    Pictures.points(chart, "descent", descent.t(), shares(lostByDescent), Pictures.colour(1));
    dashed(chart, "e^(−2μt)", flow.t()[flow.t().length - 1], exponential, 6);
    return chart;
  }

  /// The largest of values over bounds.
  private static double over(double[] values, DoubleUnaryOperator bound, double[] t) {
    return IntStream.range(1, t.length)
        .mapToDouble(k -> values[k] / (values[0] * bound.applyAsDouble(t[k])))
        .max()
        .orElseThrow();
  }

  private static double[] distances(Orbit orbit) {
    return Arrays.stream(orbit.y()).mapToDouble(x -> Math.hypot(x[0], x[1])).toArray();
  }

  /// The slope of `ln values` over the last half of the times.
  private static double rate(double[] t, double[] values) {
    SimpleRegression line = new SimpleRegression();
    for (int k = t.length - 1; t[k] > t[t.length - 1] / 2; k--) {
      line.addData(t[k], Math.log(values[k]));
    }
    return line.getSlope();
  }

  private static void draw(XYChart chart, String name, double[] t, double[] values, int colour) {
    Pictures.line(chart, name, t, shares(values), Pictures.colour(colour));
  }

  private static double[] shares(double[] values) {
    return Arrays.stream(values).map(v -> v / values[0]).toArray();
  }

  private static void dashed(
      XYChart chart, String name, double until, DoubleUnaryOperator f, int colour) {
    double[] sparse = IntStream.rangeClosed(0, 12).mapToDouble(i -> i * until / 12).toArray();
    double[] at = Arrays.stream(sparse).map(f).toArray();
    Pictures.line(chart, name, sparse, at, Pictures.colour(colour))
        .setLineStyle(SeriesLines.DASH_DASH);
  }
}
