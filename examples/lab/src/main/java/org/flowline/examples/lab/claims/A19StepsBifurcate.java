package org.flowline.examples.lab.claims;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
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
import org.knowm.xchart.XYChart;

/// A19: descent into a double well doubles its period as steps grow; the flow comes to rest.
final class A19StepsBifurcate implements Experiment {
  /// `x⁴/4 − x²/2`, with minima at ±1, where its curvature is 2.
  private static final Objective WELLS =
      Objective.of(
          1,
          (x, gradient) -> {
            gradient[0] = x[0] * x[0] * x[0] - x[0];
            return x[0] * x[0] * (x[0] * x[0] / 4 - 0.5);
          });

  private static final double START = 0.4;

  @Override
  public Claim claim() {
    return new Claim(
        "A19",
        "Long steps bifurcate",
        "As its step grows, gradient descent in a double well changes from rest to cycles of 2, 4, 8,"
            + " … iterates and to chaos. The gradient flow does nothing of the kind.",
        "f = x⁴/4 − x²/2:  x ← x − η f′(x),  fixed point ±1 with the multiplier 1 − 2η  ⇒  η₁ = 1,"
            + "  η₂ = √5 − 1",
        "Runs descent for 100 000 iterations and searches the steps at which the period of what it"
            + " comes to doubles. The first two thresholds are known in closed form, the others from"
            + " a multiplier of −1 of the cycle, by Newton's method with exact derivatives.",
        "The fixed point loses its stability where a step overshoots by as much as it was off, at η ="
            + " 1 = 2/f″(1); the cycle of 2 that takes its place does so at √5 − 1, and so on in"
            + " ratios that tend to Feigenbaum's 4.669. Training at the edge of stability begins like"
            + " this. Flow time does not know η: from the same start it comes to rest at 1.",
        "May (1976); Feigenbaum (1978)");
  }

  @Override
  public Findings run() {
    double second = Math.sqrt(5) - 1;
    double third = threshold(4, 1, second);
    double fourth = threshold(8, second, third);
    double[] wanted = {1, second, third, fourth};
    List<Measurement> measured = new ArrayList<>();
    for (int k = 0; k < wanted.length; k++) {
      int period = 1 << k;
      double end =
          k == wanted.length - 1 ? fourth + (fourth - third) / 6 : (wanted[k] + wanted[k + 1]) / 2;
      double start = k == 0 ? 0.5 : (wanted[k - 1] + wanted[k]) / 2;
      // Iterates get within a millionth in 100 000 steps unless their multiplier for a period is
      // −1 up to 1.4e-4 periods; it changes with η by 2 for the fixed point, by 4√5 for the cycle
      // of 2, and so on faster than periods grow.
      measured.add(
          Measurement.near(
              "η at which period " + period + " doubles",
              doubling(period, start, end),
              wanted[k],
              1e-4));
    }
    // Ratios differ from the limit by a part that shrinks each time by about the ratio itself.
    measured.add(
        Measurement.within(
            "(η₃ − η₂)/(η₄ − η₃), Feigenbaum's δ",
            (third - second) / (fourth - third),
            4.669201609,
            0.02));
    double rest = Orbit.flow(WELLS, new double[] {START}, 30).last()[0];
    // The flow's distance is e^(−2·30), the solver's tolerance 1e-13.
    measured.add(Measurement.near("where the flow rests", rest, 1, 1e-11));
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A19-bifurcation",
                "Where descent goes in the long run, by its step, from starts in both wells; lines"
                    + " are where the flow rests, and the first thresholds.",
                diagram(wanted))));
  }

  /// The step between `low` and `high` from which on iterates no longer repeat after `period`.
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

  /// Where a cycle of so many iterates has the multiplier −1: `gᵖ(x) = x` and `(gᵖ)′(x) = −1`, by
  /// Newton's method from where Feigenbaum's ratio expects it after the last two thresholds.
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

  private static XYChart diagram(double[] thresholds) {
    XYChart chart =
        Pictures.chart("Descent in a double well, in the long run", "step η", "iterates x");
    double low = 0.8;
    double high = 1.6;
    int columns = 480;
    double height = 1.0 / 200;
    for (double start : new double[] {-START, START}) {
      List<Double> eta = new ArrayList<>();
      List<Double> x = new ArrayList<>();
      for (int i = 0; i <= columns; i++) {
        double step = low + (high - low) * i / columns;
        double[] orbit = Orbit.descent(WELLS, late(step, start, 2000), step, 100).component(0);
        // An upright stroke through neighbouring places that the eye cannot tell apart.
        TreeSet<Long> places = new TreeSet<>();
        Arrays.stream(orbit).map(y -> y / height).mapToLong(Math::round).forEach(places::add);
        for (long place : places) {
          if (!places.contains(place - 1)) {
            x.add((place - 0.5) * height);
            eta.add(step);
          }
          if (!places.contains(place + 1)) {
            x.add((place + 0.5) * height);
            x.add(Double.NaN);
            eta.add(step);
            eta.add(step);
          }
        }
      }
      Pictures.line(
              chart,
              start > 0 ? "start 0.4" : "start −0.4",
              eta.stream().mapToDouble(y -> y).toArray(),
              x.stream().mapToDouble(y -> y).toArray(),
              Pictures.colour(start > 0 ? 0 : 1))
          .setLineStyle(new BasicStroke(1.6f, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_BEVEL));
    }
    for (int side : new int[] {1, -1}) {
      Pictures.line(
              chart,
              "flow",
              new double[] {low, high},
              new double[] {side, side},
              Pictures.colour(6))
          .setShowInLegend(side > 0);
    }
    for (int k = 0; k < 3; k++) {
      Pictures.line(
              chart,
              "η₁, η₂, η₃",
              new double[] {thresholds[k], thresholds[k]},
              new double[] {-1.6, 1.6},
              Pictures.colour(2))
          .setShowInLegend(k == 0);
    }
    chart.getStyler().setYAxisMin(-1.6).setYAxisMax(1.6).setXAxisMin(low).setXAxisMax(high);
    return chart;
  }
}
