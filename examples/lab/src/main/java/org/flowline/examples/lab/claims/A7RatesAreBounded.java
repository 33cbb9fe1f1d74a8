package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.lab.claims.Ridges.Profile;

/// A7: on convex losses descent converges as `1/k` and the flow as `1/t`; exponential rates are in
/// [ExponentialRates].
record A7RatesAreBounded(Claim claim) implements Experiment {
  private static final int STEPS = 200;

  /// The number of steps after which the Huber function attains the sharp bound.
  private static final int WORST = 50;

  /// The smallest loss in the pictures.
  private static final double LEAST = 1e-4;

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

  @Override
  public void run(Notebook notes) {
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
    Panel decay = ExponentialRates.bowl(notes);
    Panel notConvex = ExponentialRates.notConvex(notes);
    notes.picture(
        "A7-convex",
        "Random convex losses and the Huber function in units of L‖θ₀ − θ*‖², below the textbook's"
            + " and the sharp bound: descent with η = 1/L below 1/2k and 1/(4k + 2), the flow below"
            + " 1/2Lt and 1/4Lt.",
        bounded("Descent", "iteration k", descents, "1/2k", textbook, sharpDescent),
        bounded("Flow", "time Lt", flows, "1/2Lt", textbook, sharpFlow));
    notes.picture(
        "A7-exponential",
        "Left, the factor 2: on a bowl the parameters decay as e^(−μt), the loss and the squared"
            + " distance as e^(−2μt). Right, x² + 3 sin²x: below its bound, though not convex.",
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
}
