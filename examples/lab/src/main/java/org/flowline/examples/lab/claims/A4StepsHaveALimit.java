package org.flowline.examples.lab.claims;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.hipparchus.analysis.solvers.BrentSolver;

/// A4: on a quadratic, descent converges if and only if `0 < η < 2/λₘₐₓ`.
final class A4StepsHaveALimit {
  private static final double ANGLE = Math.PI / 6;
  private static final Bowl BOWL = Bowl.of(1, 0.5, ANGLE);
  private static final double STEEPEST = BOWL.largest();
  private static final double[] START = {1.2, 0.4};
  private static final int STEPS = 40;

  /// The `η λₘₐₓ` of the pictures: below 1, at 1, two between 1 and 2, at 2 and beyond.
  private static final double[] SHOWN = {0.2, 1, 1.5, 1.9, 2, 2.1};

  void run(Notebook notes) {
    // One percent as claimed; the solver finds the roots to twelve digits.
    double stops = root(eta -> Math.log(growth(eta)), 1, 4);
    double turns = root(eta -> steep(descent(eta, 1))[1], 0.1, 1.9);
    notes.within("η at which descent stops converging", stops, 2 / STEEPEST, 1e-2);
    notes.within("η at which the steep component changes sign", turns, 1 / STEEPEST, 1e-2);
    changes(notes, 0.7, 0);
    changes(notes, 1.3, 12);
    double[] below = descent(1.98 / STEEPEST, STEPS).losses(BOWL);
    notes.atMost(
        "largest growth of the loss in a step, η = 0.99 · 2/λₘₐₓ",
        Series.max(0, STEPS, k -> below[k + 1] / below[k]),
        1);
    double[] between = descent(1.5 / STEEPEST, STEPS).losses(BOWL);
    notes.atMost(
        "loss after 40 steps over the initial loss, η = 1.5/λₘₐₓ", between[STEPS] / between[0], 1);
    // The steep component alone is left, and grows by |1 − ηλ| per step.
    notes.within(
        "growth of the iterates in a step, η = 1.05 · 2/λₘₐₓ", growth(2.1 / STEEPEST), 1.1, 1e-12);
    int shown = 16;
    Panel losses = Panel.wide("Descent with steps around 2/λₘₐₓ", "iteration", "loss f");
    Panel sides = Panel.wide("The steep direction alone", "iteration", "steep component vᵀx");
    for (int i = 0; i < SHOWN.length; i++) {
      String name = "η = " + Measurement.number(SHOWN[i]) + "/λₘₐₓ";
      Orbit descent = descent(SHOWN[i] / STEEPEST, STEPS);
      losses.markedLine(name, Series.range(0, STEPS), descent.losses(BOWL), i);
      sides.markedLine(name, Series.range(0, shown), steep(descent.first(shown + 1)), i);
    }
    notes.picture(
        "A4-loss", "The loss with steps below, at and above the limit 2/λₘₐₓ.", losses.logY());
    notes.picture(
        "A4-sides",
        "The steep component changes sign beyond η = 1/λₘₐₓ and is undamped at 2/λₘₐₓ.",
        sides);
  }

  /// The root in `[from, to] / λₘₐₓ`.
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

  /// `vᵀx` with the eigenvector `v` of the largest eigenvalue.
  private static double[] steep(Orbit orbit) {
    return orbit.values(x -> Math.cos(ANGLE) * x[1] - Math.sin(ANGLE) * x[0]);
  }

  /// Counts changes of sign in twelve steps, after which the steep component still exceeds
  /// rounding.
  private static void changes(Notebook notes, double times, int expected) {
    double[] part = steep(descent(times / STEEPEST, 12));
    long changes = IntStream.range(0, 12).filter(k -> part[k] * part[k + 1] < 0).count();
    String what = "changes of sign of the steep component in 12 steps, η = " + times + "/λₘₐₓ";
    notes.near(what, changes, expected, 0);
  }
}
