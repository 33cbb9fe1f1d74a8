package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.Objective;
import org.hipparchus.analysis.solvers.BrentSolver;

/// The exponential rates of A7.
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

  /// Measures the rates on the bowl, and draws the decay of the flow.
  static Panel bowl(Notebook notes) {
    double[] start = {0, 1};
    Orbit flow = Orbit.flow(BOWL, start, 6);
    Orbit descent = Orbit.descent(BOWL, start, 1 / L, 100);
    double[] k = Series.range(0, descent.t().length - 1);
    double[] distance = distances(flow);
    double[] loss = flow.losses(BOWL);
    double perStep = Math.log1p(-MU / L);
    // In the second half the steep component has decayed, to ten digits.
    notes.within("flow: rate of the parameters over μ", -rate(flow.t(), distance) / MU, 1, 1e-6);
    notes.within("flow: rate of the loss over μ", -rate(flow.t(), loss) / MU, 2, 1e-6);
    notes.within(
        "descent: rate of the parameters over ln(1 − μ/L)",
        rate(k, distances(descent)) / perStep,
        1,
        1e-6);
    notes.within(
        "descent: rate of the loss over ln(1 − μ/L)",
        rate(k, descent.losses(BOWL)) / perStep,
        2,
        1e-6);
    double[] sparse = sparse(flow.t()[flow.t().length - 1]);
    return Panel.half("The factor 2", "time t", "fraction of the initial value")
        .line("‖θ‖", flow.t(), fractions(distance), 0)
        .line("‖θ‖²", flow.t(), fractions(Series.map(distance, d -> d * d)), 1)
        .line("loss f", flow.t(), fractions(loss), 2)
        .dashes("e^(−μt)", sparse, t -> Math.exp(-MU * t), Panel.DARK)
        .dashes("e^(−2μt)", sparse, t -> Math.exp(-2 * MU * t), 3)
        .logY();
  }

  /// Measures and draws the loss that is not convex.
  static Panel notConvex(Notebook notes) {
    // ½f′²/f is smallest where its derivative vanishes, f′² = 2 f f″, on the slow part of the path.
    double slowest =
        new BrentSolver(1e-14)
            .solve(200, x -> 2 * wavy(x) * curvature(x) - slope(x) * slope(x), 2.1, 2.5);
    double mu = slope(slowest) * slope(slowest) / (2 * wavy(slowest));
    double[] start = {2.6};
    Orbit flow = Orbit.flow(WAVY, start, 1.5);
    Orbit descent = Orbit.descent(WAVY, start, 1 / WAVY_L, 12);
    DoubleUnaryOperator exponential = t -> Math.exp(-2 * mu * t);
    DoubleUnaryOperator power = t -> Math.pow(1 - mu / WAVY_L, t * WAVY_L);
    notes.atMost("flow, not convex: largest loss / (e^(−2μt) f₀)", over(flow, exponential), 1);
    notes.atMost("descent, not convex: largest loss / ((1 − μ/L)ᵏ f₀)", over(descent, power), 1);
    notes.atMost(
        "smallest second derivative along the path",
        Arrays.stream(flow.component(0)).map(ExponentialRates::curvature).min().orElseThrow(),
        0);
    return Panel.half(
            "Not convex, μ = " + Measurement.number(mu), "time t = kη", "remaining loss f/f₀")
        .line("flow", flow.t(), fractions(flow.losses(WAVY)), 0)
        .marks("descent", descent.t(), fractions(descent.losses(WAVY)), 1)
        .dashes("e^(−2μt)", sparse(flow.t()[flow.t().length - 1]), exponential, Panel.DARK);
  }

  /// The largest of loss over bound.
  private static double over(Orbit orbit, DoubleUnaryOperator bound) {
    double[] values = orbit.losses(WAVY);
    double[] t = orbit.t();
    return Series.max(1, t.length, k -> values[k] / (values[0] * bound.applyAsDouble(t[k])));
  }

  private static double[] distances(Orbit orbit) {
    return orbit.values(x -> Math.hypot(x[0], x[1]));
  }

  /// The slope of `ln values` over the second half of the times.
  private static double rate(double[] t, double[] values) {
    int late = (int) Arrays.stream(t).filter(at -> at > t[t.length - 1] / 2).count();
    return Series.rate(Series.tail(t, late), Series.tail(values, late));
  }

  private static double[] fractions(double[] values) {
    return Series.map(values, v -> v / values[0]);
  }

  /// Points so few that dashes between them remain visible.
  private static double[] sparse(double end) {
    return Series.map(Series.range(0, 12), i -> i * end / 12);
  }
}
