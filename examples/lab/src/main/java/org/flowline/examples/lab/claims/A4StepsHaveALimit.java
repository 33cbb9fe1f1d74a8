package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.knowm.xchart.XYChart;

/// A4: on a quadratic, descent converges if and only if `0 < η < 2/λₘₐₓ`.
final class A4StepsHaveALimit implements Experiment {
  private static final double ANGLE = Math.PI / 6;
  private static final Bowl BOWL = Bowl.of(1, 0.5, ANGLE);
  private static final double STEEPEST = BOWL.largest();
  private static final double[] START = {1.2, 0.4};
  private static final int STEPS = 40;

  /// `η λₘₐₓ` of the pictures: below 1, at it, two up to 2, at it and beyond.
  private static final double[] SHOWN = {0.2, 1, 1.5, 1.9, 2, 2.1};

  @Override
  public Claim claim() {
    return new Claim(
        "A4",
        "The step has a limit",
        "Gradient descent on a quadratic converges if and only if its step is shorter than 2 over the"
            + " largest eigenvalue of the Hessian. Up to half that limit it comes down on one side,"
            + " from there it swings from side to side.",
        "f = ½ xᵀA x:   0 < η < 2/λₘₐₓ(A),   on one side for η ≤ 1/λₘₐₓ(A)",
        "Descends an elliptic bowl with steps around the limit, searches the steps at which the"
            + " iterates stop shrinking and at which the steep direction starts to change sign, and"
            + " counts its changes of sign.",
        "The loss falls at every step below the limit, stays at it and grows beyond; what changes at"
            + " 1/λₘₐₓ is the way down, not the loss: the steep direction swings. One of the source"
            + " texts takes the largest eigenvalue of 2A: right for xᵀAx, but a factor of two too"
            + " strict for its own ½xᵀAx, as the run with η = 1.5/λₘₐₓ shows.",
        "Nesterov (2004), theorem 2.1.14");
  }

  @Override
  public Findings run() {
    double stops = root(eta -> Math.log(growth(eta)), 1, 4);
    double turns = root(eta -> steep(descent(eta, 1))[1], 0.1, 1.9);
    return new Findings(
        List.of(
            // One percent as claimed; the solver finds it to twelve digits.
            Measurement.within("η at which descent stops converging", stops, 2 / STEEPEST, 1e-2),
            Measurement.within("η at which the steep part turns", turns, 1 / STEEPEST, 1e-2),
            changes(0.7, 0),
            changes(1.3, 12),
            loss("largest growth of the loss in a step, η = 0.99 · 2/λₘₐₓ", 1.98, true),
            loss("loss after 40 steps over that at the start, η = 1.5/λₘₐₓ", 1.5, false),
            // The steep part alone is left, and grows by |1 − ηλ| a step.
            Measurement.within(
                "growth of the iterates in a step, η = 1.05 · 2/λₘₐₓ",
                growth(2.1 / STEEPEST),
                1.1,
                1e-12)),
        List.of(
            Picture.of(
                "A4-loss",
                "Loss over iterations for steps below, at and above the limit 2/λₘₐₓ.",
                losses()),
            Picture.of(
                "A4-sides",
                "The steep direction's part of the iterates: on one side up to η = 1/λₘₐₓ, swinging"
                    + " from there, for ever at 2/λₘₐₓ.",
                sides())));
  }

  /// In `[from, to] / λₘₐₓ`.
  private static double root(DoubleUnaryOperator f, double from, double to) {
    return new BrentSolver(1e-12).solve(200, f::applyAsDouble, from / STEEPEST, to / STEEPEST);
  }

  private static Orbit descent(double eta, int steps) {
    return Orbit.descent(BOWL, START, eta, steps);
  }

  /// The factor by which the iterates grow in one late step.
  private static double growth(double eta) {
    double[][] y = descent(eta, 401).y();
    return Math.hypot(y[401][0], y[401][1]) / Math.hypot(y[400][0], y[400][1]);
  }

  /// `v·x` with the eigenvector `v` of the largest eigenvalue.
  private static double[] steep(Orbit orbit) {
    return Arrays.stream(orbit.y())
        .mapToDouble(x -> Math.cos(ANGLE) * x[1] - Math.sin(ANGLE) * x[0])
        .toArray();
  }

  /// In twelve steps, after which the steep part is still far from rounding.
  private static Measurement changes(double times, int expected) {
    double[] part = steep(descent(times / STEEPEST, 12));
    long changes = IntStream.range(0, 12).filter(k -> part[k] * part[k + 1] < 0).count();
    String what = "changes of sign of the steep part in 12 steps, η = " + times + "/λₘₐₓ";
    return Measurement.near(what, changes, expected, 0);
  }

  private static Measurement loss(String what, double times, boolean step) {
    double[] loss = descent(times / STEEPEST, STEPS).losses(BOWL);
    double growth =
        IntStream.range(0, STEPS).mapToDouble(k -> loss[k + 1] / loss[k]).max().orElseThrow();
    return Measurement.atMost(what, step ? growth : loss[STEPS] / loss[0], 1);
  }

  private static String label(double times) {
    return "η = " + Measurement.number(times) + "/λₘₐₓ";
  }

  private static XYChart losses() {
    XYChart chart = Pictures.chart("Descent with steps around 2/λₘₐₓ", "iteration", "loss f");
    double[] k = IntStream.rangeClosed(0, STEPS).asDoubleStream().toArray();
    for (int i = 0; i < SHOWN.length; i++) {
      double[] loss = descent(SHOWN[i] / STEEPEST, STEPS).losses(BOWL);
      Pictures.markedLine(chart, label(SHOWN[i]), k, loss, i);
    }
    Pictures.logarithmicY(chart);
    return chart;
  }

  private static XYChart sides() {
    XYChart chart =
        Pictures.chart("The steep direction alone", "iteration", "steep part of x, vᵀx");
    int shown = 16;
    double[] k = IntStream.rangeClosed(0, shown).asDoubleStream().toArray();
    for (int i = 0; i < SHOWN.length; i++) {
      Pictures.markedLine(chart, label(SHOWN[i]), k, steep(descent(SHOWN[i] / STEEPEST, shown)), i);
    }
    return chart;
  }
}
