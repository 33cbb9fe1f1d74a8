package org.flowline.examples.lab.claims;

import java.util.List;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// A2: the error of descent against the flow is `½η²‖∇²f ∇f‖` in one step and `O(η)` in a run.
final class A2DescentErrs {
  private static final Losses LOSS = Losses.network(8, 1);
  private static final double TIME = 2;

  /// Numbers of steps of a run: steps so small that the leading term of the error dominates.
  private static final double[] STEPS = {20, 40, 80, 160, 320};

  void run(Notebook notes) {
    double[] eta = Series.map(STEPS, n -> TIME / n);
    double[] local = Series.map(eta, h -> distance(Methods.EULER, h, 1));
    double finest = eta[eta.length - 1];
    double constant = local[eta.length - 1] / (finest * finest);
    // The next term of the expansion is η times as large, a few percent here.
    notes.within("‖θ₁ − θ(η)‖ / η² at the finest step", constant, halfCurvature(), 0.05);
    notes.near("slope of the error of one step, descent", Series.power(eta, local), 2, 0.05);
    Panel panel =
        Panel.wide("Distance between descent and flow", "step η", "distance ‖θ − θ(t)‖")
            .markedLine("EULER, one step", eta, local, 0);
    int index = 1;
    for (Method method : List.of(Methods.EULER, Methods.HEUN, Methods.RK4)) {
      double[] global = Series.map(STEPS, n -> distance(method, TIME / n, (int) n));
      String name = method.name() + ", time " + (int) TIME;
      notes.near("slope of " + name, Series.power(eta, global), method.order(), 0.1);
      panel.markedLine(name, eta, global, index++);
    }
    notes.picture(
        "A2-orders",
        "The error of one step of descent is O(η²), the error of a run O(ηᵖ) at order p.",
        panel.logLog());
  }

  /// `½‖∇²f ∇f‖` at the starting point.
  private static double halfCurvature() {
    double[] gradient = new double[LOSS.start().length];
    double[] product = new double[gradient.length];
    LOSS.objective().gradient(0, LOSS.start(), gradient);
    LOSS.objective().hessian(0, LOSS.start()).times(gradient, product);
    return Series.norm(product) / 2;
  }

  private static double distance(Method method, double h, int steps) {
    GradientFlow flow = new GradientFlow(LOSS.objective());
    double[] last = Orbit.steps(flow, LOSS.start(), method, h, steps).last();
    return Series.distance(last, LOSS.flow(h * steps).last());
  }
}
