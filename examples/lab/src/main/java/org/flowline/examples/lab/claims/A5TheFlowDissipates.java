package org.flowline.examples.lab.claims;

import java.util.Arrays;
import java.util.List;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;

/// A5: along the flow the loss falls by `∫‖∇f‖² dt`; a solver keeps the balance to its order.
final class A5TheFlowDissipates {
  private static final Losses LOSS = Losses.network(8, 1);
  private static final GradientFlow FLOW = new GradientFlow(LOSS.objective());
  private static final int N = LOSS.start().length;
  private static final double TIME = 8;

  /// Numbers of steps of a run: steps so small that the leading term of the error dominates.
  private static final double[] STEPS = {80, 160, 320, 640};

  /// The methods; without Heun's, whose error of order 2 vanishes on quadratics and is small here.
  private static final List<Method> METHODS = List.of(Methods.EULER, Methods.MIDPOINT, Methods.RK4);

  private static final VectorField FIELD = VectorField.of(N + 1, A5TheFlowDissipates::dissipation);

  private static final double[] START = Arrays.copyOf(LOSS.start(), N + 1);

  void run(Notebook notes) {
    Orbit flow = Orbit.adaptive(FIELD, START, TIME, 1e-13);
    double[] loss = losses(flow);
    // Some hundred steps, each with an error of 1e-13 in every parameter.
    notes.near("∫‖∇f‖² dt + f(T) − f(0), flow", gap(flow), 0, 1e-10);
    notes.atMost(
        "largest rise of the loss in a step of the flow",
        Series.max(1, loss.length, k -> loss[k] - loss[k - 1]),
        0);
    Panel orders =
        Panel.wide("The balance closes at the solver's order", "step η", "error of the balance");
    double[] eta = Series.map(STEPS, n -> TIME / n);
    for (int m = 0; m < METHODS.size(); m++) {
      Method method = METHODS.get(m);
      double[] gaps = Series.map(STEPS, n -> Math.abs(gap(steps(method, (int) n))));
      // The next term of the expansion bends the line a little.
      notes.near(
          "slope of the error, " + method.name(), Series.power(eta, gaps), method.order(), 0.1);
      orders.markedLine(method.name(), eta, gaps, m);
    }
    int finest = (int) STEPS[STEPS.length - 1];
    Orbit descent = steps(Methods.EULER, finest);
    // The next term is η times as large, a few percent.
    notes.within(
        "error of descent / η, against its leading term",
        gap(descent) * finest / TIME,
        (squaredGradient(descent.y()[0]) - squaredGradient(descent.last())) / 4,
        0.05);
    Panel balance = Panel.wide("Loss decrease and dissipated energy", "time t", "energy");
    balance(balance, "flow", flow, 0);
    balance(balance, "descent", steps(Methods.EULER, (int) (TIME / 0.4)), 1);
    notes.picture(
        "A5-balance",
        "Descent with the long step η = 0.4 dissipates more energy than the loss decrease.",
        balance);
    notes.picture(
        "A5-orders",
        "Difference of loss decrease and dissipated energy at time 8, by step.",
        orders.logLog());
  }

  private static Orbit steps(Method method, int steps) {
    return Orbit.steps(FIELD, START, method, TIME / steps, steps);
  }

  private static double[] losses(Orbit orbit) {
    return orbit.map(y -> Arrays.copyOf(y, N)).losses(LOSS.objective());
  }

  /// Dissipated energy minus loss decrease.
  private static double gap(Orbit orbit) {
    double[] loss = losses(orbit);
    return orbit.last()[N] - (loss[0] - loss[loss.length - 1]);
  }

  /// The gradient flow, with the dissipated energy `e′ = ‖∇f(θ)‖²` as one more component.
  private static void dissipation(double t, double[] y, double[] dydt) {
    double[] rate = new double[N];
    FLOW.evaluate(t, Arrays.copyOf(y, N), rate);
    System.arraycopy(rate, 0, dydt, 0, N);
    dydt[N] = Arrays.stream(rate).map(x -> x * x).sum();
  }

  private static double squaredGradient(double[] y) {
    double[] rate = new double[N + 1];
    dissipation(0, y, rate);
    return rate[N];
  }

  private static void balance(Panel panel, String name, Orbit orbit, int colour) {
    double[] loss = losses(orbit);
    Orbit some = orbit.every(Math.max(1, loss.length / 24));
    panel.line(name + ": loss decrease", orbit.t(), Series.map(loss, f -> loss[0] - f), colour);
    panel.marks(name + ": dissipated", some.t(), some.component(N), colour);
  }
}
