package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.stat.regression.SimpleRegression;
import org.knowm.xchart.XYChart;

/// A5: along the flow the loss falls by `∫‖∇f‖² dt`; a solver closes the balance at its order.
final class A5TheFlowDissipates implements Experiment {
  private static final Losses LOSS = Losses.network(Activation.TANH, 8, 20, 1);
  private static final int N = LOSS.start().length;
  private static final double TIME = 8;

  /// Steps for a run; halved each time, small enough for the leading term to stand alone.
  private static final int[] STEPS = {80, 160, 320, 640};

  /// Not Heun's method, whose error of order 2 is absent on quadratics and hence small here.
  private static final Method[] METHODS = {Methods.EULER, Methods.MIDPOINT, Methods.RK4};

  /// The gradient flow, and in one more component the energy it gives off, `e′ = ‖∇f(θ)‖²`.
  private record Dissipation(GradientFlow flow) implements VectorField {
    @Override
    public int dimension() {
      return N + 1;
    }

    @Override
    public void evaluate(double t, double[] y, double[] dydt) {
      double[] rate = new double[N];
      flow.evaluate(t, Arrays.copyOf(y, N), rate);
      System.arraycopy(rate, 0, dydt, 0, N);
      dydt[N] = squared(rate);
    }
  }

  @Override
  public Claim claim() {
    return new Claim(
        "A5",
        "The flow dissipates",
        "Along the gradient flow the loss is an energy that falls at the rate of the squared gradient,"
            + " so that what is lost equals what was given off. A solver keeps this balance up to an"
            + " error of its order; gradient descent up to a multiple of its step.",
        "df/dt = −‖∇f‖²   ⇒   f(θ₀) − f(θ(T)) = ∫₀ᵀ ‖∇f‖² dt\n"
            + "Euler:   η Σ ‖∇f(θₖ)‖² − (f(θ₀) − f(θₙ)) = ¼η (‖∇f(θ₀)‖² − ‖∇f(θₙ)‖²) + O(η²)",
        "Trains a small network along the flow with one more equation for the energy given off, and"
            + " compares it with what the loss has lost: to twelve digits, then by Euler, the midpoint"
            + " rule and the classical method of order 4 with ever smaller steps.",
        "The loss never rises along the flow, and the balance closes: to solver tolerance, or with"
            + " the powers 1, 2 and 4 of the step. Descent gives off more than it loses; to leading"
            + " order the excess depends on the gradients at both ends alone, since the curvature"
            + " along the way sums up to them: d‖∇f‖²/dt = −2 ∇fᵀ∇²f ∇f.",
        "Lyapunov (1892); Hairer, Nørsett & Wanner (1993), II.3");
  }

  @Override
  public Findings run() {
    Orbit flow = solve(Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-13, 1e-13)));
    double[] loss = losses(flow);
    double rise =
        IntStream.range(1, loss.length).mapToDouble(k -> loss[k] - loss[k - 1]).max().orElseThrow();
    List<Measurement> measured = new ArrayList<>();
    // Some hundred steps, each with an error of 1e-13 in every parameter.
    measured.add(Measurement.near("∫‖∇f‖² dt + f(T) − f(0), flow", gap(flow), 0, 1e-10));
    measured.add(Measurement.atMost("largest rise of the loss in a step of the flow", rise, 0));
    XYChart orders =
        Pictures.chart("The balance closes at the solver's order", "step η", "gap of the balance");
    for (int m = 0; m < METHODS.length; m++) {
      SimpleRegression line = new SimpleRegression();
      double[] eta = Arrays.stream(STEPS).mapToDouble(n -> TIME / n).toArray();
      double[] gaps = new double[STEPS.length];
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] = Math.abs(gap(solve(METHODS[m], STEPS[i])));
        line.addData(Math.log(eta[i]), Math.log(gaps[i]));
      }
      String name = METHODS[m].name();
      // The next term of the expansion bends the line a little.
      measured.add(
          Measurement.near("slope of the gap, " + name, line.getSlope(), METHODS[m].order(), 0.1));
      Pictures.markedLine(orders, name, eta, gaps, m);
    }
    Pictures.logarithmic(orders);
    int finest = STEPS[STEPS.length - 1];
    Orbit descent = solve(Methods.EULER, finest);
    // The rest is η times as large again, a few percent.
    measured.add(
        Measurement.within(
            "gap of descent / η, against its leading term",
            gap(descent) * finest / TIME,
            (squaredGradient(descent.y()[0]) - squaredGradient(descent.last())) / 4,
            0.05));
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A5-balance",
                "What the loss has lost equals what was given off along the flow; descent with the"
                    + " long step η = 0.4 gives off more than it loses.",
                balance(flow)),
            Picture.of(
                "A5-orders",
                "The gap between loss lost and energy given off after time 8, by step.",
                orders)));
  }

  private static Orbit solve(Method method, int steps) {
    return solve(Integrator.of(method, StepSize.Constant.of(TIME / steps, steps)));
  }

  private static Orbit solve(Integrator integrator) {
    double[] start = Arrays.copyOf(LOSS.start(), N + 1);
    return Orbit.of(new Dissipation(new GradientFlow(LOSS.objective())), start, TIME, integrator);
  }

  private static double[] losses(Orbit orbit) {
    double[] gradient = new double[N];
    return Arrays.stream(orbit.y())
        .mapToDouble(y -> LOSS.objective().gradient(0, Arrays.copyOf(y, N), gradient))
        .toArray();
  }

  /// Energy given off less loss lost.
  private static double gap(Orbit orbit) {
    double[] loss = losses(orbit);
    return orbit.last()[N] - (loss[0] - loss[loss.length - 1]);
  }

  private static double squaredGradient(double[] y) {
    double[] gradient = new double[N];
    LOSS.objective().gradient(0, Arrays.copyOf(y, N), gradient);
    return squared(gradient);
  }

  private static double squared(double[] v) {
    return Arrays.stream(v).map(x -> x * x).sum();
  }

  private static XYChart balance(Orbit flow) {
    XYChart chart = Pictures.chart("Loss lost and energy given off", "time t", "energy");
    Orbit[] orbits = {flow, solve(Methods.EULER, (int) (TIME / 0.4))};
    String[] names = {"flow", "descent"};
    for (int i = 0; i < orbits.length; i++) {
      double[] loss = losses(orbits[i]);
      double[] lost = Arrays.stream(loss).map(f -> loss[0] - f).toArray();
      double[] given = orbits[i].component(N);
      int skip = Math.max(1, given.length / 24);
      Pictures.line(chart, names[i] + ": lost", orbits[i].t(), lost, Pictures.colour(i));
      Pictures.points(
          chart,
          names[i] + ": given off",
          every(orbits[i].t(), skip),
          every(given, skip),
          Pictures.colour(i));
    }
    return chart;
  }

  private static double[] every(double[] values, int skip) {
    return IntStream.range(0, (values.length + skip - 1) / skip)
        .mapToDouble(k -> values[k * skip])
        .toArray();
  }
}
