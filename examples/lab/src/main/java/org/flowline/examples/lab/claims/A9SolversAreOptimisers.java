package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.complex.Complex;

/// A9: every solver of the gradient flow is an optimiser with a step limit of its own. The part
/// with
/// adaptive steps is [Valley].
record A9SolversAreOptimisers(Claim claim) implements Experiment {
  private static final double ANGLE = 0.4;
  private static final Bowl BOWL = Bowl.of(1, 0.5, ANGLE);
  private static final double STEEPEST = BOWL.largest();

  /// The limits in textbooks for as many stages as order: the point where the truncated exponential
  /// series leaves [−1, 1].
  private static final double[] TEXTBOOK = {2, 2, 2.5127, 2.7853};

  private static final List<Method> TEXTBOOK_METHODS =
      List.of(Methods.EULER, Methods.HEUN, Methods.HEUN3, Methods.RK4);

  /// The relative error of the root search.
  private static final double LIMIT_ERROR = 1e-12;

  @Override
  public void run(Notebook notes) {
    for (int i = 0; i < TEXTBOOK.length; i++) {
      Method method = TEXTBOOK_METHODS.get(i);
      // Given in five digits.
      notes.near(
          "η* λₘₐₓ of " + method.name() + ", value in textbooks", limit(method), TEXTBOOK[i], 5e-5);
    }
    double worst = 0;
    int count = 0;
    for (Method method : Methods.all()) {
      if (method instanceof ButcherTableau tableau && tableau.explicit()) {
        count++;
        worst = Math.max(worst, Math.abs(limit(tableau) / Stability.realLimit(tableau) - 1));
      }
    }
    String all = "relative distance from the limit of the coefficients, ";
    // Rounding of four steps, at the slope of |R| where it is 1.
    notes.near(all + count + " Runge–Kutta methods", worst, 0, LIMIT_ERROR);
    double[] stages = {2, 3, 4, 6, 8, 12, 16, 24};
    double[] limits = Series.map(stages, s -> limit(Stabilised.rkc((int) s)));
    double stabilised = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < stages.length; i++) {
      Stabilised method = Stabilised.rkc((int) stages[i]);
      double polynomial = limit(z -> Stability.function(method, new Complex(-z, 0)).norm());
      stabilised = Math.max(stabilised, Math.abs(limits[i] / polynomial - 1));
      least = Math.min(least, limits[i] / method.realLimit());
    }
    notes.near(all + "stabilised", stabilised, 0, LIMIT_ERROR);
    notes.atLeast("stabilised: smallest η* λₘₐₓ over β", least, 1);
    // Sommeijer, Shampine & Verwer's constant; the next term is 1/s² as large.
    notes.within(
        "η* λₘₐₓ / (s² − 1), s = 24",
        limits[stages.length - 1] / (24 * 24 - 1),
        2.0 / 3 * (1 - 2.0 / 15 * 2 / 13),
        2e-2);
    Valley valley = Valley.descended();
    valley.measure(notes);
    notes.picture(
        "A9-limits",
        "Left, the growth factor of the steepest direction per step: stable below 1. Right, the"
            + " largest stable step, measured (points) and from the coefficients (lines).",
        factors(),
        limits(stages, limits));
    notes.picture(
        "A9-adaptive",
        "The steps of Dormand and Prince's method in Rosenbrock's valley as a learning rate:"
            + " accepted, rejected, and the longest stable step.",
        valley.panel());
  }

  /// The growth per step of the bowl's steepest direction, for `η = z/λₘₐₓ`.
  private static double growth(Method method, double z) {
    int steps = 4;
    double[] start = {-Math.sin(ANGLE), Math.cos(ANGLE)};
    double[] end = Orbit.steps(new GradientFlow(BOWL), start, method, z / STEEPEST, steps).last();
    return Math.pow(Math.hypot(end[0], end[1]), 1.0 / steps);
  }

  private static double limit(Method method) {
    return limit(z -> growth(method, z));
  }

  /// The smallest `z`, searched upwards, at which the steepest direction no longer decays.
  private static double limit(DoubleUnaryOperator growth) {
    double z = 0.5;
    while (growth.applyAsDouble(1.01 * z) <= 1) {
      z *= 1.01;
    }
    return new BrentSolver(1e-13, 1e-13).solve(200, x -> growth.applyAsDouble(x) - 1, z, 1.01 * z);
  }

  private static Panel factors() {
    Panel panel =
        Panel.half("Four methods and a stabilised one", "step ηλₘₐₓ", "growth factor of a step");
    List<Method> shown = new ArrayList<>(TEXTBOOK_METHODS);
    shown.add(Stabilised.rkc(4));
    double[] z = Series.map(Series.range(1, 240), i -> i / 20.0);
    for (int m = 0; m < shown.size(); m++) {
      Method method = shown.get(m);
      panel.line(method.name(), z, x -> growth(method, x), m);
    }
    return panel.line("limit", new double[] {0, 12}, _ -> 1, Panel.DARK).y(0, 1.5).roundTicks();
  }

  private static Panel limits(double[] stages, double[] limits) {
    double[] measured = Series.of(TEXTBOOK_METHODS, A9SolversAreOptimisers::limit);
    return Panel.half("Longer steps for more gradients", "gradients per step s", "limit η* λₘₐₓ")
        .line("stabilised, β", stages, s -> Stabilised.rkc((int) s).realLimit(), 0)
        .marks("stabilised", stages, limits, 0)
        .line("s steps of Euler", stages, s -> 2 * s, 1)
        .markedLine("order s", new double[] {1, 2, 3, 4}, measured, 2)
        .logLog();
  }
}
