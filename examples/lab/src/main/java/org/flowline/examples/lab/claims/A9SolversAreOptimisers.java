package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.complex.Complex;
import org.knowm.xchart.XYChart;

/// A9: every solver of the gradient flow is an optimiser with a limit of its own on the step.
final class A9SolversAreOptimisers implements Experiment {
  private static final double ANGLE = 0.4;
  private static final Bowl BOWL = Bowl.of(1, 0.5, ANGLE);
  private static final double STEEPEST = BOWL.largest();

  /// What textbooks say of methods with as many stages as order: where the exponential series, cut
  /// after that power, leaves [−1, 1].
  private static final double[] TEXTBOOK = {2, 2, 2.5127, 2.7853};

  private static final List<Method> TEXTBOOK_METHODS =
      List.of(Methods.EULER, Methods.HEUN, Methods.HEUN3, Methods.RK4);

  /// What the search for a limit may be off by, relative.
  private static final double LIMIT_ERROR = 1e-12;

  @Override
  public Claim claim() {
    return new Claim(
        "A9",
        "Solvers are optimisers",
        "Any solver on the gradient flow descends, and converges on a quadratic up to a step that its"
            + " coefficients alone decide: the real stability limit over the largest eigenvalue."
            + " Of stabilised methods with s stages it grows like s². A solver that adapts its step"
            + " adapts the learning rate.",
        "η* = β/λₘₐₓ,   |R(−z)| ≤ 1 for 0 ≤ z ≤ β;   β = 2, 2, 2.513, 2.785 for order 1 … 4,"
            + "   ≈ 0.65 s² stabilised",
        "Descends a bowl along its steepest direction with every explicit method and searches the step"
            + " from which it grows; compares that with the limit computed from the method's"
            + " coefficients. Then lets Dormand and Prince's method choose its steps, by the error"
            + " alone, in Rosenbrock's valley.",
        "Equal to many digits; stabilised methods reach a little beyond the β up to which they damp,"
            + " with odd s more. Per gradient, Runge–Kutta methods reach less far than Euler, 2, 1,"
            + " 0.84 and 0.70, stabilised ones farther with every stage, which is how momentum speeds"
            + " descent up. The adaptive solver takes small steps where the valley is steep and"
            + " grows them as it flattens, up to its stability limit over the sharpness; there it"
            + " probes, is refused, and stays, without knowing any eigenvalue.",
        "Hairer & Wanner (1996), IV.2; Sommeijer, Shampine & Verwer (1998)");
  }

  @Override
  public Findings run() {
    List<Measurement> measured = new ArrayList<>();
    for (int i = 0; i < TEXTBOOK.length; i++) {
      Method method = TEXTBOOK_METHODS.get(i);
      // Given in five digits.
      measured.add(
          Measurement.near(
              "η* λₘₐₓ of " + method.name() + ", as textbooks say",
              limit(method),
              TEXTBOOK[i],
              5e-5));
    }
    double worst = 0;
    List<Method> methods = new ArrayList<>();
    for (Method method : Methods.all()) {
      if (method instanceof ButcherTableau tableau && tableau.explicit()) {
        methods.add(tableau);
        worst = Math.max(worst, Math.abs(limit(tableau) / Stability.realLimit(tableau) - 1));
      }
    }
    String all = "distance from the coefficients' limit, relative, ";
    // Rounding of four steps, at the slope of |R| where it is 1.
    measured.add(
        Measurement.near(all + methods.size() + " Runge–Kutta methods", worst, 0, LIMIT_ERROR));
    double[] stages = IntStream.of(2, 3, 4, 6, 8, 12, 16, 24).asDoubleStream().toArray();
    double[] limits = new double[stages.length];
    double stabilised = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < stages.length; i++) {
      Stabilised method = Stabilised.rkc((int) stages[i]);
      limits[i] = limit(method);
      double polynomial = limit(z -> Stability.function(method, new Complex(-z, 0)).norm());
      stabilised = Math.max(stabilised, Math.abs(limits[i] / polynomial - 1));
      least = Math.min(least, limits[i] / method.realLimit());
    }
    measured.add(Measurement.near(all + "stabilised", stabilised, 0, LIMIT_ERROR));
    measured.add(Measurement.atLeast("stabilised: least η* λₘₐₓ over β", least, 1));
    int most = stages.length - 1;
    // Sommeijer, Shampine & Verwer's constant; the next term is 1/s² as large.
    measured.add(
        Measurement.within(
            "η* λₘₐₓ / (s² − 1), s = 24",
            limits[most] / (24 * 24 - 1),
            2.0 / 3 * (1 - 2.0 / 15 * 2 / 13),
            2e-2));
    Valley valley = Valley.descended();
    measured.addAll(valley.measured());
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "A9-limits",
                "Left, how far a step shrinks the steepest direction: stable below 1. Right, the"
                    + " largest stable step, measured (points) and from the coefficients (lines).",
                factors(),
                limits(stages, limits)),
            Picture.of(
                "A9-adaptive",
                "The steps of Dormand and Prince's method in Rosenbrock's valley as a learning rate:"
                    + " accepted, rejected, and the longest stable step.",
                valley.picture())));
  }

  /// The growth in a step of the bowl's steepest direction, for `η = z/λₘₐₓ`.
  private static double growth(Method method, double z) {
    int steps = 4;
    double[] start = {-Math.sin(ANGLE), Math.cos(ANGLE)};
    double eta = z / STEEPEST;
    double[] end =
        Orbit.of(
                new GradientFlow(BOWL),
                start,
                eta * steps,
                Integrator.of(method, StepSize.Constant.of(eta, steps)))
            .last();
    return Math.pow(Math.hypot(end[0], end[1]), 1.0 / steps);
  }

  private static double limit(Method method) {
    return limit(z -> growth(method, z));
  }

  /// The smallest `z` at which the steepest direction no longer shrinks, looked for upwards.
  private static double limit(DoubleUnaryOperator growth) {
    double z = 0.5;
    while (growth.applyAsDouble(1.01 * z) <= 1) {
      z *= 1.01;
    }
    return new BrentSolver(1e-13, 1e-13).solve(200, x -> growth.applyAsDouble(x) - 1, z, 1.01 * z);
  }

  private static XYChart factors() {
    XYChart chart =
        Pictures.panel("Four methods and a stabilised one", "step, ηλₘₐₓ", "factor of a step");
    List<Method> shown = new ArrayList<>(TEXTBOOK_METHODS);
    shown.add(Stabilised.rkc(4));
    double[] z = IntStream.rangeClosed(1, 240).mapToDouble(i -> i / 20.0).toArray();
    for (int m = 0; m < shown.size(); m++) {
      Method method = shown.get(m);
      double[] factor = Arrays.stream(z).map(x -> growth(method, x)).toArray();
      Pictures.line(chart, method.name(), z, factor, Pictures.colour(m));
    }
    Pictures.line(chart, "limit", new double[] {0, 12}, new double[] {1, 1}, Pictures.colour(6));
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.5);
    Pictures.roundTicks(chart);
    return chart;
  }

  private static XYChart limits(double[] stages, double[] limits) {
    XYChart chart =
        Pictures.panel("Gradients buy length", "gradients in a step, s", "limit, η* λₘₐₓ");
    double[] theory = Arrays.stream(stages).map(s -> Stabilised.rkc((int) s).realLimit()).toArray();
    Pictures.line(chart, "stabilised, β", stages, theory, Pictures.colour(0));
    Pictures.points(chart, "stabilised", stages, limits, Pictures.colour(0));
    double[] euler = Arrays.stream(stages).map(s -> 2 * s).toArray();
    Pictures.line(chart, "s steps of Euler", stages, euler, Pictures.colour(1));
    double[] s = {1, 2, 3, 4};
    double[] measured =
        TEXTBOOK_METHODS.stream().mapToDouble(A9SolversAreOptimisers::limit).toArray();
    Pictures.markedLine(chart, "order = s", s, measured, 2);
    Pictures.logarithmic(chart);
    return chart;
  }
}
