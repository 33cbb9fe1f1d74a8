package org.flowline.examples.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.knowm.xchart.XYChart;

/// A4: gradient descent on a quadratic converges for `0 < η < 2/λₘₐₓ`.
final class A4StepsHaveALimit implements Experiment {
  private static final double ANGLE = Math.PI / 6;
  private static final Bowl BOWL = Bowl.of(1, 0.5, ANGLE);
  private static final double[] START = {1.2, 0.4};
  private static final int STEPS = 60;

  @Override
  public Claim claim() {
    return new Claim(
        "A4",
        "The step has a limit",
        "Gradient descent on a quadratic converges if and only if its step is shorter than 2 over the"
            + " largest eigenvalue of the Hessian.",
        "f = ½ xᵀA x:   0 < η < 2/λₘₐₓ(A)",
        "Descends an elliptic bowl with steps around the limit, and searches the step at which the"
            + " iterates stop shrinking.",
        "Below 1/λₘₐₓ the steep direction shrinks without changing its sign, up to 2/λₘₐₓ it"
            + " overshoots and comes back, beyond it grows. One of the source texts takes the largest"
            + " eigenvalue of 2A: right for xᵀAx, but a factor of two too strict for its own ½xᵀAx.",
        "Nesterov (2004), theorem 2.1.14");
  }

  @Override
  public Findings run() {
    double limit = 2 / BOWL.largest();
    double measured =
        new BrentSolver(1e-12).solve(200, eta -> Math.log(growth(eta)), 0.5 * limit, 2 * limit);
    return new Findings(
        List.of(Measurement.within("η at which descent stops converging", measured, limit, 1e-2)),
        List.of(
            Picture.of(
                "A4-loss",
                "Loss over iterations for steps below, at and above the limit 2/λₘₐₓ.",
                losses(limit))));
  }

  /// The factor by which the iterates grow in one late step.
  private static double growth(double eta) {
    double[][] y = Orbit.descent(BOWL, START, eta, 401).y();
    return Math.hypot(y[401][0], y[401][1]) / Math.hypot(y[400][0], y[400][1]);
  }

  private static XYChart losses(double limit) {
    XYChart chart = Pictures.chart("Descent with steps around 2/λₘₐₓ", "iteration", "loss f");
    List<Double> all = new ArrayList<>();
    double[] fractions = {0.2, 0.5, 0.9, 1, 1.05};
    for (int i = 0; i < fractions.length; i++) {
      Orbit orbit = Orbit.descent(BOWL, START, fractions[i] * limit, STEPS);
      double[] loss = orbit.losses(BOWL);
      double[] k = IntStream.rangeClosed(0, STEPS).asDoubleStream().toArray();
      Arrays.stream(loss).forEach(all::add);
      Pictures.markedLine(chart, "η = " + fractions[i] + " · 2/λₘₐₓ", k, loss, i);
    }
    Pictures.logarithmic(chart, all.stream().mapToDouble(x -> x).toArray());
    return chart;
  }
}
