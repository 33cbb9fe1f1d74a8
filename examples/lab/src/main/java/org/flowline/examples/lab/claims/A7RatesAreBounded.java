package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.claims.Ridges.Profile;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.hipparchus.linear.ArrayRealVector;
import org.knowm.xchart.XYChart;

/// A7, first half: on convex losses descent arrives like `1/k`, the flow like `1/t`.
final class A7RatesAreBounded implements Experiment {
  private static final int STEPS = 200;

  /// The step for which Huber's function is made.
  private static final int WORST = 50;

  /// Smaller losses are not drawn.
  private static final double LEAST = 1e-4;

  /// A run, with losses in units of `L‖θ₀ − θ*‖²` and times in units of `1/L`.
  private record Run(double[] time, double[] loss) {

    static Run of(Ridges f, Orbit orbit) {
      double l = f.smoothness();
      double distance =
          new ArrayRealVector(orbit.y()[0]).getDistance(new ArrayRealVector(f.bottom()));
      return new Run(
          Arrays.stream(orbit.t()).map(t -> l * t).toArray(),
          Arrays.stream(orbit.losses(f)).map(loss -> loss / (l * distance * distance)).toArray());
    }

    static Run descent(Ridges f, double[] start) {
      return of(f, Orbit.descent(f, start, 1 / f.smoothness(), STEPS));
    }

    static Run flow(Ridges f, double[] start) {
      return of(f, Orbit.flow(f, start, STEPS / f.smoothness()));
    }

    /// The largest of loss over bound.
    double over(DoubleUnaryOperator bound) {
      return IntStream.range(1, time.length)
          .mapToDouble(k -> loss[k] / bound.applyAsDouble(time[k]))
          .max()
          .orElseThrow();
    }
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A7",
        "How fast descent and flow arrive",
        "On a convex loss descent with η = 1/L is within L‖θ₀ − θ*‖²/2k of the minimum after k steps,"
            + " the flow within ‖θ₀ − θ*‖²/2t after time t. Where ½‖∇f‖² ≥ μ(f − f*), as with strong"
            + " convexity μ, both arrive exponentially.",
        "convex:   f − f* ≤ L‖θ₀ − θ*‖² / 2k,   ‖θ₀ − θ*‖² / 2t\n"
            + "½‖∇f‖² ≥ μ(f − f*):   f − f* ≤ (1 − μ/L)ᵏ (f₀ − f*),   e^(−2μt) (f₀ − f*)",
        "Follows forty random convex losses and two Huber functions made to be slow; an elliptic bowl;"
            + " and x² + 3 sin²x, which is not convex, but whose gradient is large wherever the loss"
            + " is. Holds every iterate against its bound, and fits rates.",
        "All stay below. The bounds for convex losses are twice as large as they need to be: the Huber"
            + " functions reach half of them, and nothing does more (Drori and Teboulle). The factor 2"
            + " in e^(−2μt) is that of a square: parameters decay as e^(−μt), loss and squared distance,"
            + " quadratic in them, as e^(−2μt). Likewise descent shrinks a distance by 1 − μ/L a step"
            + " and the loss of the bowl by (1 − μ/L)²; the single power is all that the inequality"
            + " between gradient and loss promises, and it needs no convexity. One of the source texts"
            + " takes this 2 for a lead of the flow over descent: it holds descent's distance, e^(−μt)"
            + " for small steps, against the flow's loss, e^(−2μt). Of one and the same quantity both"
            + " have the same rate as η → 0.",
        "Nesterov (2004), 2.1.5; Drori & Teboulle (2014); Karimi, Nutini & Schmidt (2016)");
  }

  @Override
  public Findings run() {
    SplittableRandom random = new SplittableRandom(7);
    List<Run> descents = new ArrayList<>();
    List<Run> flows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Ridges f = Ridges.random(random, 6, 5, Profile.LOG_COSH, Profile.HUBER, Profile.PARABOLA);
      double[] start = Arrays.stream(Ridges.normal(random, 6)).map(x -> 5 * x).toArray();
      descents.add(Run.descent(f, start));
      flows.add(Run.flow(f, start));
    }
    // Half way down its straight part after so many steps, which makes it the slowest of all.
    Ridges huber = Ridges.of(Profile.HUBER, new double[][] {{1}});
    descents.add(Run.descent(huber, new double[] {2 * WORST + 1}));
    flows.add(Run.flow(huber, new double[] {2 * WORST}));
    List<Measurement> measured = new ArrayList<>();
    measured.add(
        worst(
            "descent: largest loss / (L‖θ₀ − θ*‖²/2k)",
            descents,
            r -> r.over(A7RatesAreBounded::textbook)));
    measured.add(
        worst(
            "descent: largest loss / (L‖θ₀ − θ*‖²/(4k + 2))",
            descents,
            r -> r.over(A7RatesAreBounded::sharp)));
    // A straight line but for the rounding of fifty steps.
    measured.add(
        Measurement.near(
            "Huber's function at k = 50, against L‖θ₀ − θ*‖²/(4k + 2)",
            descents.getLast().loss[WORST] / sharp(WORST),
            1,
            1e-13));
    measured.add(
        worst(
            "flow: largest loss / (‖θ₀ − θ*‖²/2t)",
            flows,
            r -> r.over(A7RatesAreBounded::textbook)));
    measured.add(
        worst("flow: largest loss / (‖θ₀ − θ*‖²/4t)", flows, r -> r.over(t -> textbook(t) / 2)));
    XYChart decay = ExponentialRates.bowl(measured);
    XYChart notConvex = ExponentialRates.notConvex(measured);
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A7-convex",
                "Random convex losses and Huber's function in units of L‖θ₀ − θ*‖², under the"
                    + " textbook's and the sharp bound: descent with η = 1/L under 1/2k and 1/(4k + 2),"
                    + " the flow under 1/2Lt and 1/4Lt.",
                bounded("Descent", "iteration k", descents, "k", A7RatesAreBounded::sharp),
                bounded("Flow", "time, Lt", flows, "Lt", t -> textbook(t) / 2)),
            Picture.of(
                "A7-exponential",
                "Left, the factor 2: a bowl's parameters decay as e^(−μt), loss and squared distance as"
                    + " e^(−2μt). Right, x² + 3 sin²x: under its bound, though not convex.",
                decay,
                notConvex)));
  }

  private static double textbook(double k) {
    return 1 / (2 * k);
  }

  private static double sharp(double k) {
    return 1 / (4 * k + 2);
  }

  /// No larger than 1, but for rounding.
  private static Measurement worst(String what, List<Run> runs, ToDoubleFunction<Run> of) {
    double largest = runs.stream().mapToDouble(of).max().orElseThrow();
    return new Measurement(what, largest, Measurement.Relation.AT_MOST, 1, 1e-13);
  }

  /// Runs under the textbook's bound and the sharp one of this panel.
  private static XYChart bounded(
      String title, String x, List<Run> runs, String unit, DoubleUnaryOperator sharp) {
    XYChart chart = Pictures.panel(title, x, "(f − f*) / L‖θ₀ − θ*‖²");
    double[] time = IntStream.rangeClosed(1, STEPS).asDoubleStream().toArray();
    for (int i = 0; i < 3; i++) {
      draw(chart, "random " + (i + 1), runs.get(i), i + 2);
    }
    draw(chart, "Huber", runs.getLast(), 0);
    double[] bound = Arrays.stream(time).map(A7RatesAreBounded::textbook).toArray();
    Pictures.line(chart, "1/2" + unit, time, bound, Pictures.colour(1));
    double[] half = Arrays.stream(time).map(sharp).toArray();
    Pictures.line(chart, "sharp bound", time, half, Pictures.colour(6));
    Pictures.logarithmic(chart);
    chart.getStyler().setYAxisMin(LEAST);
    return chart;
  }

  private static void draw(XYChart chart, String name, Run run, int colour) {
    int[] shown =
        IntStream.range(1, run.time.length)
            .filter(k -> run.time[k] >= 1 && run.loss[k] > LEAST)
            .toArray();
    Pictures.line(
        chart,
        name,
        Arrays.stream(shown).mapToDouble(k -> run.time[k]).toArray(),
        Arrays.stream(shown).mapToDouble(k -> run.loss[k]).toArray(),
        Pictures.colour(colour));
  }
}
