package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
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
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The part of A9 with adaptive steps: descent in Rosenbrock's valley, with all attempted steps.
///
/// @param accepted the accepted steps
/// @param rejected the rejected steps
/// @param limits the longest stable step at the start of each accepted one
/// @param lossRatio the final loss over the loss of the flow at the same time
record Valley(List<Trial> accepted, List<Trial> rejected, List<Double> limits, double lossRatio) {
  private static final double TIME = 1.5;

  /// A step: its number among all attempts, and its length.
  record Trial(int number, double eta) {}

  static Valley descended() {
    Losses loss = Losses.rosenbrock();
    List<Trial> accepted = new ArrayList<>();
    List<Trial> rejected = new ArrayList<>();
    List<Double> limits = new ArrayList<>();
    double reach = Stability.realLimit(Methods.DOPRI5);
    StepObserver observer =
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
            .withObserver(observer)
            .solve(new GradientFlow(loss.objective()), loss.start(), 0, TIME)
            .orThrow()
            .last();
    double[] unused = new double[2];
    double ratio =
        loss.objective().gradient(0, end, unused)
            / loss.objective().gradient(0, loss.flow(TIME).last(), unused);
    return new Valley(accepted, rejected, limits, ratio);
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

  void measure(Notebook notes) {
    int half = accepted.size() / 2;
    double mean = 0;
    for (int i = half; i < accepted.size() - 1; i++) { // the last one is cut off at the end time
      mean += accepted.get(i).eta() / limits.get(i) / (accepted.size() - 1 - half);
    }
    double shortest = accepted.stream().mapToDouble(Trial::eta).min().orElseThrow();
    double longest = Series.max(Series.of(accepted, Trial::eta));
    notes.atLeast(
        "adaptive: rejected steps of " + (accepted.size() + rejected.size()), rejected.size(), 1);
    // The controller's safety factor of 0.9 keeps it a little below, growing trial steps above.
    notes.near("adaptive: mean step over its stability limit, second half", mean, 1, 0.15);
    notes.atLeast("adaptive: longest over shortest step", longest / shortest, 2);
    // Tolerances of 1e-4 in a valley that attracts the deviations.
    notes.within("adaptive: final loss over the loss of the flow", lossRatio, 1, 1e-2);
  }

  Panel panel() {
    Panel panel = Panel.wide("Step size as learning rate", "attempted step", "step η");
    panel.chart().getStyler().setXAxisDecimalPattern("0");
    double[] number = Series.of(accepted, Trial::number);
    panel.markedLine("accepted", number, Series.of(accepted, Trial::eta), 0);
    panel.line("β/λₘₐₓ(θ)", number, Series.of(limits, limit -> limit), Panel.DARK);
    panel.marks("rejected", Series.of(rejected, Trial::number), Series.of(rejected, Trial::eta), 1);
    panel.last().setMarker(SeriesMarkers.CROSS);
    Pictures.logarithmicYAround(panel.chart());
    return panel;
  }
}
