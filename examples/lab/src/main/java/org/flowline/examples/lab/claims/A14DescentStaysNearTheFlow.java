package org.flowline.examples.lab.claims;

import java.util.List;
import org.flowline.autodiff.Var;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.neuralode.diagnostics.FlowDistance;
import org.hipparchus.analysis.solvers.BrentSolver;

/// A14: descent stays within a bound of the flow, which grows where the loss is not convex.
final class A14DescentStaysNearTheFlow {

  /// `½x²(1 − y)² − ½y² + ¼y⁴`: two wells at `y = ±1`, and between them a curved ridge, along which
  /// the flow reaches the saddle 0, where `λmin = −1`.
  private static final TwiceDifferentiableObjective SADDLE =
      Losses.inPlane(
          (x, y) -> {
            Var bowl = x.mul(y.neg().add(1)).square().mul(0.5);
            return bowl.sub(y.square().mul(0.5)).add(y.square().square().mul(0.25));
          });

  private static final double[] TIMES = {3, 4, 5, 6, 7};

  /// The distance of descent from the flow at the end of the time on the ridge.
  private static final double DISTANCE = 0.1;

  void run(Notebook notes) {
    double[][] a = {{3, 1, 0}, {1, 3, 1}, {0, 1, 2}};
    TwiceDifferentiableObjective quadratic = Losses.quadratic(a);
    Losses network = Losses.network(8, 1);
    Panel panel = Panel.wide("Distance of descent from the flow", "time", "‖θₖ − θ(t)‖");
    int colour = 0;
    for (Losses loss :
        List.of(
            new Losses("saddle", SADDLE, ridge(7)),
            new Losses("quadratic", quadratic, new double[] {1, -2, 3}),
            new Losses("network", network.objective(), network.start()))) {
      FollowedDescent descent = FollowedDescent.of(loss.objective(), loss.start(), 0.02, 350);
      notes.atMost(loss.name() + ": largest of distance over bound", descent.overBound(), 1);
      if (loss.objective() == quadratic) {
        double[] distance = descent.values(FlowDistance.Point::distance);
        // The flattest direction decays as t e^(−λt), λ = 1.2: at 7 to 0.005 of its maximum.
        notes.atMost(
            "quadratic: final distance over the largest",
            distance[distance.length - 1] / Series.max(distance),
            0.01);
      }
      // Points so few that dashes between them remain visible.
      descent.every(10).draw(panel, loss.name(), colour++);
    }
    double[] eta = new double[TIMES.length];
    double deviation = 0;
    for (int i = 0; i < eta.length; i++) {
      double[] start = ridge(TIMES[i]);
      eta[i] = step(start, TIMES[i]);
      deviation = Math.max(deviation, Math.abs(distance(start, TIMES[i], eta[i]) - DISTANCE));
    }
    // At the saddle λmin = −1; at T = 3 the path to it, x² = 2.25 e⁻⁶, adds some permille.
    notes.near("the saddle: d log η / dT, λₘᵢₙ", Series.rate(TIMES, eta), -1, 0.02);
    // The number of steps is an integer: of 100 one is 1 %.
    notes.near("the saddle: largest deviation of the final distance from 0.1", deviation, 0, 1e-3);
    Panel steps =
        Panel.wide("The step that the ridge requires", "time T on the ridge", "η for distance 0.1")
            .markedLine("found", TIMES, eta, 0);
    Pictures.logarithmic(steps.chart(), eta);
    notes.picture(
        "A14-distance",
        "Distance of descent from the flow, and its bounds (dashed).",
        panel.logY().roundTicks());
    notes.picture("A14-steps", "The required step falls exponentially with time.", steps);
  }

  /// The starting point with `x = 1.5` from which the flow is at `y = 0` at this time.
  private static double[] ridge(double time) {
    double y =
        new BrentSolver(1e-15)
            .solve(200, y0 -> Orbit.flow(SADDLE, new double[] {1.5, y0}, time).last()[1], -2, 0.5);
    return new double[] {1.5, y};
  }

  /// The step with which descent ends at the [#DISTANCE]. The distance is nearly proportional to η,
  /// so that rescaling η converges within a few runs.
  private static double step(double[] start, double time) {
    double eta = whole(time, DISTANCE * Math.exp(-time));
    for (int run = 0; run < 4; run++) {
      eta = whole(time, eta * DISTANCE / distance(start, time, eta));
    }
    return eta;
  }

  /// The distance of descent from the flow at this time.
  private static double distance(double[] start, double time, double eta) {
    int steps = (int) Math.round(time / eta);
    double[] descent = Orbit.descent(SADDLE, start, eta, steps).last();
    return Series.distance(descent, Orbit.flow(SADDLE, start, time).last());
  }

  /// The nearest step that divides this time into a whole number of steps.
  private static double whole(double time, double eta) {
    return time / Math.round(time / eta);
  }
}
