package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.lab.claims.Ridges.Profile;
import org.flowline.neuralode.Objective;
import org.hipparchus.analysis.solvers.BrentSolver;

/// A7: on convex losses descent converges as `1/k` and the flow as `1/t`; under the
/// gradient inequality both converge exponentially.
final class A7RatesAreBounded {
  private static final int STEPS = 200;

  /// The number of steps after which the Huber function attains the sharp bound.
  private static final int WORST = 50;

  /// The smallest loss in the pictures.
  private static final double LEAST = 1e-4;

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

  /// A run, with losses in units of `L‖θ₀ − θ*‖²` and times in units of `1/L`.
  private record Run(double[] time, double[] loss) {

    static Run of(Ridges f, Orbit orbit) {
      double l = f.smoothness();
      double distance = Series.distance(orbit.y()[0], f.bottom());
      return new Run(
          Series.map(orbit.t(), t -> l * t),
          Series.map(orbit.losses(f), loss -> loss / (l * distance * distance)));
    }

    /// The largest of loss over bound.
    double over(DoubleUnaryOperator bound) {
      return Series.max(1, time.length, k -> loss[k] / bound.applyAsDouble(time[k]));
    }
  }

  void run(Notebook notes) {
    SplittableRandom random = new SplittableRandom(7);
    List<Run> descents = new ArrayList<>();
    List<Run> flows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Ridges f = Ridges.random(random, 6, 5, Profile.LOG_COSH, Profile.HUBER, Profile.PARABOLA);
      double[] start = Series.map(Ridges.normal(random, 6), x -> 5 * x);
      add(descents, flows, f, start, start);
    }
    // Half-way down its straight part after WORST steps, the slowest possible case.
    Ridges huber = Ridges.of(Profile.HUBER, new double[][] {{1}});
    add(descents, flows, huber, new double[] {2 * WORST + 1}, new double[] {2 * WORST});
    DoubleUnaryOperator textbook = k -> 1 / (2 * k);
    DoubleUnaryOperator sharpDescent = k -> 1 / (4 * k + 2);
    DoubleUnaryOperator sharpFlow = t -> textbook.applyAsDouble(t) / 2;
    worst(notes, "descent: largest loss / (L‖θ₀ − θ*‖²/2k)", descents, textbook);
    worst(notes, "descent: largest loss / (L‖θ₀ − θ*‖²/(4k + 2))", descents, sharpDescent);
    // A straight line but for the rounding of fifty steps.
    double attained = descents.getLast().loss[WORST] / sharpDescent.applyAsDouble(WORST);
    notes.near("Huber function at k = 50, over L‖θ₀ − θ*‖²/(4k + 2)", attained, 1, 1e-13);
    worst(notes, "flow: largest loss / (‖θ₀ − θ*‖²/2t)", flows, textbook);
    worst(notes, "flow: largest loss / (‖θ₀ − θ*‖²/4t)", flows, sharpFlow);
    Panel decay = bowl(notes);
    Panel notConvex = notConvex(notes);
    notes.picture(
        "A7-convex",
        "Random convex losses and the Huber function in units of L‖θ₀ − θ*‖², and their bounds.",
        bounded("Descent", "iteration k", descents, "1/2k", textbook, sharpDescent),
        bounded("Flow", "time Lt", flows, "1/2Lt", textbook, sharpFlow));
    notes.picture(
        "A7-exponential",
        "Left, rates μ and 2μ on a bowl. Right, x² + 3 sin²x, which is not convex.",
        decay,
        notConvex);
  }

  private static void add(
      List<Run> descents, List<Run> flows, Ridges f, double[] descentStart, double[] flowStart) {
    double eta = 1 / f.smoothness();
    descents.add(Run.of(f, Orbit.descent(f, descentStart, eta, STEPS)));
    flows.add(Run.of(f, Orbit.flow(f, flowStart, STEPS / f.smoothness())));
  }

  /// Records that the largest ratio of loss and bound is at most 1, up to rounding.
  private static void worst(
      Notebook notes, String what, List<Run> runs, DoubleUnaryOperator bound) {
    notes.atMost(what, Series.max(Series.of(runs, run -> run.over(bound))), 1, 1e-13);
  }

  /// Draws runs below the textbook's bound and the sharp one.
  private static Panel bounded(
      String title,
      String x,
      List<Run> runs,
      String name,
      DoubleUnaryOperator textbook,
      DoubleUnaryOperator sharp) {
    Panel panel = Panel.half(title, x, "(f − f*) / L‖θ₀ − θ*‖²");
    for (int i = 0; i < 3; i++) {
      draw(panel, "random " + (i + 1), runs.get(i), i + 2);
    }
    draw(panel, "Huber", runs.getLast(), 0);
    double[] time = Series.range(1, STEPS);
    panel.line(name, time, textbook, 1).line("sharp bound", time, sharp, Panel.DARK).logLog();
    panel.chart().getStyler().setYAxisMin(LEAST);
    return panel;
  }

  private static void draw(Panel panel, String name, Run run, int colour) {
    int[] shown =
        IntStream.range(1, run.time.length)
            .filter(k -> run.time[k] >= 1 && run.loss[k] > LEAST)
            .toArray();
    panel.line(
        name,
        IntStream.of(shown).mapToDouble(k -> run.time[k]).toArray(),
        IntStream.of(shown).mapToDouble(k -> run.loss[k]).toArray(),
        colour);
  }

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
  private static Panel bowl(Notebook notes) {
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
  private static Panel notConvex(Notebook notes) {
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
        Arrays.stream(flow.component(0)).map(A7RatesAreBounded::curvature).min().orElseThrow(),
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
