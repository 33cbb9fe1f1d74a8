package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stability;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The part of A9 with adaptive steps: a descent of Rosenbrock's valley with every step it tried.
///
/// @param accepted where and how long, over accepted and rejected steps
/// @param lossLeft over that of the flow at the same time
/// @param limits the longest stable step where each accepted one began
record Valley(List<Trial> accepted, List<Trial> rejected, List<Double> limits, double lossLeft) {
  private static final double TIME = 1.5;

  /// A step, its number among all tried, and its length.
  record Trial(int number, double eta) {}

  static Valley descended() {
    Losses loss = Losses.rosenbrock();
    List<Trial> accepted = new ArrayList<>();
    List<Trial> rejected = new ArrayList<>();
    List<Double> limits = new ArrayList<>();
    double reach = Stability.realLimit(Methods.DOPRI5);
    StepObserver watch =
        new StepObserver() {
          @Override
          public void accepted(Step step) {
            accepted.add(new Trial(accepted.size() + rejected.size() + 1, step.h()));
            limits.add(reach / sharpness(loss, step.y0()));
          }

          @Override
          public void rejected(Step step) {
            rejected.add(new Trial(accepted.size() + rejected.size() + 1, step.h()));
          }
        };
    double[] end =
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4).withGains(0, 1))
            .withObserver(watch)
            .solve(new GradientFlow(loss.objective()), loss.start(), 0, TIME)
            .orThrow()
            .last();
    double[] flow = Orbit.flow(loss.objective(), loss.start(), TIME).last();
    double[] unused = new double[2];
    double left =
        loss.objective().gradient(0, end, unused) / loss.objective().gradient(0, flow, unused);
    return new Valley(accepted, rejected, limits, left);
  }

  /// The largest eigenvalue of the Hessian, formed column by column.
  private static double sharpness(Losses loss, double[] theta) {
    var hessian = loss.objective().hessian(0, theta);
    double[][] columns = new double[2][2];
    hessian.times(new double[] {1, 0}, columns[0]);
    hessian.times(new double[] {0, 1}, columns[1]);
    var eigen = new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(columns));
    return Math.max(eigen.getEigenvalue(0), eigen.getEigenvalue(1));
  }

  List<Measurement> measured() {
    int half = accepted.size() / 2;
    double mean = 0;
    for (int i = half; i < accepted.size() - 1; i++) { // the last ends at the end of the time
      mean += accepted.get(i).eta() / limits.get(i) / (accepted.size() - 1 - half);
    }
    double shortest = accepted.stream().mapToDouble(Trial::eta).min().orElseThrow();
    double longest = accepted.stream().mapToDouble(Trial::eta).max().orElseThrow();
    return List.of(
        Measurement.atLeast(
            "adaptive: rejected steps of " + (accepted.size() + rejected.size()),
            rejected.size(),
            1),
        // The controller's safety factor of 0.9 keeps it a little below, its probing above.
        Measurement.near(
            "adaptive: mean step over its stability limit, second half", mean, 1, 0.15),
        Measurement.atLeast("adaptive: longest over shortest step", longest / shortest, 2),
        // Tolerances of 1e-4 in a valley that leads back what strays.
        Measurement.within("adaptive: loss at the end over that of the flow", lossLeft, 1, 1e-2));
  }

  XYChart picture() {
    XYChart chart = Pictures.chart("Step size as learning rate", "trial step", "step η");
    chart.getStyler().setXAxisDecimalPattern("0");
    draw(chart, "accepted", accepted, 0);
    double[] number = accepted.stream().mapToDouble(Trial::number).toArray();
    double[] limit = limits.stream().mapToDouble(Double::doubleValue).toArray();
    Pictures.line(chart, "β/λₘₐₓ(θ)", number, limit, Pictures.colour(6));
    double[] at = rejected.stream().mapToDouble(Trial::number).toArray();
    double[] eta = rejected.stream().mapToDouble(Trial::eta).toArray();
    Pictures.points(chart, "rejected", at, eta, Pictures.colour(1)).setMarker(SeriesMarkers.CROSS);
    Pictures.logarithmicYAround(chart);
    return chart;
  }

  private static void draw(XYChart chart, String name, List<Trial> trials, int colour) {
    Pictures.lineWithPoints(
        chart,
        name,
        trials.stream().mapToDouble(Trial::number).toArray(),
        trials.stream().mapToDouble(Trial::eta).toArray(),
        Pictures.colour(colour));
  }
}
