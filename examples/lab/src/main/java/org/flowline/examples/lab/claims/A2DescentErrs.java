package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.nn.Activation;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.stat.regression.SimpleRegression;
import org.knowm.xchart.XYChart;

/// A2: one step of descent misses the flow by `½η²‖∇²f ∇f‖`, a whole run by `O(η)`.
final class A2DescentErrs implements Experiment {
  private static final Losses LOSS = Losses.network(Activation.TANH, 8, 20, 1);
  private static final double TIME = 2;

  /// Steps for a run; halved each time, small enough for the leading term to stand alone.
  private static final int[] STEPS = {20, 40, 80, 160, 320};

  @Override
  public Claim claim() {
    return new Claim(
        "A2",
        "How far descent is from the flow",
        "A step of gradient descent misses the gradient flow by ½η²‖∇²f ∇f‖ to leading order, and a"
            + " run over a fixed time by a multiple of η. Runge–Kutta methods of order p miss by ηᵖ.",
        "‖θ₁ − θ(η)‖ = ½η²‖∇²f ∇f‖ + O(η³)      ‖θₙ − θ(nη)‖ = O(η)",
        "Trains a small network with ever smaller steps, by Euler, Heun and the classical method of"
            + " order 4, and measures the distance to the flow, solved to twelve digits. The"
            + " constant comes from a Hessian–vector product.",
        "Lines of slope 2 for one step and 1 for the run; with methods of order 2 and 4 the run"
            + " falls with the powers 2 and 4. The price of a step grows with its evaluations of the"
            + " gradient: 1, 2 and 4.",
        "Hairer, Nørsett & Wanner (1993), II.3");
  }

  @Override
  public Findings run() {
    List<Double> eta = Arrays.stream(STEPS).mapToObj(n -> TIME / n).toList();
    List<Double> local = new ArrayList<>();
    for (double h : eta) {
      local.add(distance(Methods.EULER, h, 1));
    }
    double finest = eta.getLast();
    double constant = local.getLast() / (finest * finest);
    List<Measurement> measured = new ArrayList<>();
    // The next term of the expansion is η times as large, a few percent here.
    measured.add(
        Measurement.within("‖θ₁ − θ(η)‖ / η² at the finest step", constant, halfCurvature(), 0.05));
    measured.add(
        Measurement.near("slope of one step's error, descent", slope(eta, local), 2, 0.05));
    XYChart chart =
        Pictures.chart("Distance between descent and flow", "step η", "distance ‖θ − θ(t)‖");
    Pictures.markedLine(chart, "one step of Euler", array(eta), array(local), 0);
    Method[] methods = {Methods.EULER, Methods.HEUN, Methods.RK4};
    for (int m = 0; m < methods.length; m++) {
      List<Double> global = new ArrayList<>();
      for (int n : STEPS) {
        global.add(distance(methods[m], TIME / n, n));
      }
      String name = methods[m].name() + ", time " + (int) TIME;
      int order = methods[m].order();
      measured.add(Measurement.near("slope of " + name, slope(eta, global), order, 0.1));
      Pictures.markedLine(chart, name, array(eta), array(global), m + 1);
    }
    Pictures.logarithmic(chart);
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A2-orders",
                "One step of descent errs with η², a run with η; better methods with η² and η⁴.",
                chart)));
  }

  /// `½‖∇²f ∇f‖` at the start.
  private static double halfCurvature() {
    double[] gradient = new double[LOSS.start().length];
    double[] product = new double[gradient.length];
    LOSS.objective().gradient(0, LOSS.start(), gradient);
    LOSS.objective().hessian(0, LOSS.start()).times(gradient, product);
    return new ArrayRealVector(product).getNorm() / 2;
  }

  private static double distance(Method method, double h, int steps) {
    Integrator integrator = Integrator.of(method, StepSize.Constant.of(h, steps));
    double[] came =
        Orbit.of(new GradientFlow(LOSS.objective()), LOSS.start(), h * steps, integrator).last();
    double[] flow = Orbit.flow(LOSS.objective(), LOSS.start(), h * steps).last();
    return new ArrayRealVector(came).getDistance(new ArrayRealVector(flow));
  }

  /// Of log error against log step, by least squares.
  private static double slope(List<Double> eta, List<Double> error) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < eta.size(); i++) {
      line.addData(Math.log(eta.get(i)), Math.log(error.get(i)));
    }
    return line.getSlope();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
