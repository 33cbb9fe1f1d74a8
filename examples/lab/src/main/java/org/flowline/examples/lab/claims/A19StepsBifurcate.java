package org.flowline.examples.lab.claims;

import java.awt.BasicStroke;
import java.util.Arrays;
import java.util.TreeSet;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.analysis.differentiation.DSFactory;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealVector;

/// A19: descent in a double well doubles its period as the step grows; the flow converges.
final class A19StepsBifurcate {
  /// `x⁴/4 − x²/2`, with minima at ±1, where its curvature is 2.
  private static final Objective WELLS =
      Objective.of(
          1,
          (x, gradient) -> {
            gradient[0] = x[0] * x[0] * x[0] - x[0];
            return x[0] * x[0] * (x[0] * x[0] / 4 - 0.5);
          });

  private static final double START = 0.4;

  void run(Notebook notes) {
    double second = Math.sqrt(5) - 1;
    double third = threshold(4, 1, second);
    double fourth = threshold(8, second, third);
    double[] expected = {1, second, third, fourth};
    for (int k = 0; k < expected.length; k++) {
      int period = 1 << k;
      double end =
          k == expected.length - 1
              ? fourth + (fourth - third) / 6
              : (expected[k] + expected[k + 1]) / 2;
      double start = k == 0 ? 0.5 : (expected[k - 1] + expected[k]) / 2;
      // Iterates converge to a millionth in 100 000 steps unless the multiplier of the period is
      // within 1.4e-4 periods of −1; it changes with η by 2 for the fixed point, by 4√5 for the
      // cycle of 2, and so on faster than periods grow.
      notes.near(
          "η at which period " + period + " doubles",
          doubling(period, start, end),
          expected[k],
          1e-4);
    }
    // The deviation of the ratio from its limit shrinks each time by about the ratio itself.
    double ratio = (third - second) / (fourth - third);
    notes.within("(η₃ − η₂)/(η₄ − η₃), Feigenbaum's δ", ratio, 4.669201609, 0.02);
    // The flow's distance is e^(−2·30), the solver's tolerance 1e-13.
    double rest = Orbit.flow(WELLS, new double[] {START}, 30).last()[0];
    notes.near("limit of the flow", rest, 1, 1e-11);
    notes.picture(
        "A19-bifurcation",
        "Late iterates of descent from both wells, the flow's limits and three thresholds.",
        diagram(expected));
  }

  /// The step between `low` and `high` beyond which iterates no longer repeat after `period`.
  private static double doubling(int period, double low, double high) {
    double below = low;
    double above = high;
    while (above - below > 1e-7) {
      double middle = (below + above) / 2;
      double[] x = Orbit.descent(WELLS, late(middle, START, 100_000), middle, period).component(0);
      if (Math.abs(x[period] - x[0]) < 1e-6) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }

  private static double[] late(double eta, double start, int steps) {
    return Integrator.of(Methods.EULER, StepSize.Constant.of(eta, steps))
        .solve(new GradientFlow(WELLS), new double[] {start}, 0, eta * steps)
        .orThrow()
        .last();
  }

  /// The step at which a cycle of this period has the multiplier −1: `gᵖ(x) = x`, `(gᵖ)′(x) = −1`,
  /// by Newton's method. Feigenbaum's ratio predicts the start from the last two thresholds.
  private static double threshold(int period, double before, double last) {
    DSFactory factory = new DSFactory(2, 2);
    double eta = last + (last - before) / 4.669;
    RealVector at =
        MatrixUtils.createRealVector(
            new double[] {late(eta - (eta - last) / 5, START, 1000 * period)[0], eta});
    for (int i = 0; i < 50; i++) {
      DerivativeStructure x = factory.variable(0, at.getEntry(0));
      DerivativeStructure step = factory.variable(1, at.getEntry(1));
      for (int k = 0; k < period; k++) {
        x = x.subtract(step.multiply(x.multiply(x).multiply(x).subtract(x)));
      }
      double slope = x.getPartialDerivative(1, 0);
      RealVector residual =
          MatrixUtils.createRealVector(new double[] {x.getValue() - at.getEntry(0), slope + 1});
      double[][] jacobian = {
        {slope - 1, x.getPartialDerivative(0, 1)},
        {x.getPartialDerivative(2, 0), x.getPartialDerivative(1, 1)}
      };
      at =
          at.subtract(
              new LUDecomposition(MatrixUtils.createRealMatrix(jacobian))
                  .getSolver()
                  .solve(residual));
    }
    return at.getEntry(1);
  }

  private static Panel diagram(double[] thresholds) {
    Panel panel = Panel.wide("Late iterates of descent in a double well", "step η", "iterates x");
    double low = 0.8;
    double high = 1.6;
    for (double start : new double[] {-START, START}) {
      double[][] xy = lateIterates(start, low, high).columns();
      panel.line(start > 0 ? "start 0.4" : "start −0.4", xy[0], xy[1], start > 0 ? 0 : 1);
      panel
          .last()
          .setLineStyle(new BasicStroke(1.6f, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_BEVEL));
    }
    double[] across = {low, high};
    panel.line("flow", across, _ -> 1, Panel.DARK);
    panel.line("flow, other well", across, _ -> -1, Panel.DARK).unlisted();
    for (int k = 0; k < 3; k++) {
      double[] eta = {thresholds[k], thresholds[k]};
      panel.line("η₁, η₂, η₃", eta, new double[] {-1.6, 1.6}, 2);
      panel.last().setShowInLegend(k == 0);
    }
    return panel.x(low, high).y(-1.6, 1.6);
  }

  /// The distinct late iterates by step. Iterates closer than the resolution of the picture are
  /// joined into one vertical stroke.
  private static Strokes lateIterates(double start, double low, double high) {
    int columns = 480;
    double height = 1.0 / 200;
    Strokes strokes = new Strokes();
    for (int i = 0; i <= columns; i++) {
      double step = low + (high - low) * i / columns;
      double[] x = Orbit.descent(WELLS, late(step, start, 2000), step, 100).component(0);
      TreeSet<Long> rows = new TreeSet<>();
      Arrays.stream(x).map(y -> y / height).mapToLong(Math::round).forEach(rows::add);
      for (long row : rows) {
        if (!rows.contains(row - 1)) {
          strokes.to(step, (row - 0.5) * height);
        }
        if (!rows.contains(row + 1)) {
          strokes.to(step, (row + 0.5) * height);
          strokes.lift();
        }
      }
    }
    return strokes;
  }
}
