package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.GradientFlow;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.Step;
import org.flowline.odesolvers.StepObserver;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.ButcherTableau;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.flowline.odesolvers.method.Stabilised;
import org.flowline.odesolvers.method.Stability;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.complex.Complex;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// A9: every solver of the gradient flow is an optimiser with a step limit of its own.
final class A9SolversAreOptimisers {
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

  void run(Notebook notes) {
    for (int i = 0; i < TEXTBOOK.length; i++) {
      Method method = TEXTBOOK_METHODS.get(i);
      // Given in five digits.
      notes.near(
          "η* λₘₐₓ of " + method.name() + ", value in textbooks", limit(method), TEXTBOOK[i], 5e-5);
    }
    List<ButcherTableau> explicit =
        Methods.all().stream()
            .flatMap(method -> method instanceof ButcherTableau t ? Stream.of(t) : Stream.empty())
            .filter(ButcherTableau::explicit)
            .toList();
    String all = "relative distance from the limit of the coefficients, ";
    // Rounding of four steps, at the slope of |R| where it is 1.
    notes.near(
        all + explicit.size() + " Runge–Kutta methods",
        Series.max(Series.of(explicit, t -> Math.abs(limit(t) / Stability.realLimit(t) - 1))),
        0,
        LIMIT_ERROR);
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
        "Left, growth of the steepest direction. Right, the largest stable step and its limit.",
        factors(),
        limits(stages, limits));
    notes.picture(
        "A9-adaptive",
        "Steps of Dormand and Prince's method in Rosenbrock's valley, and their stability limit.",
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

  /// Descent in Rosenbrock's valley, by adaptive steps, with all attempts.
  ///
  /// @param accepted the accepted steps
  /// @param rejected the rejected steps
  /// @param lossRatio the final loss over the loss of the flow at the same time
  private record Valley(List<Trial> accepted, List<Trial> rejected, double lossRatio) {
    private static final double TIME = 1.5;

    /// A step: its number among all attempts, its length, and its stability limit.
    record Trial(int number, double eta, double limit) {}

    static Valley descended() {
      Losses loss = Losses.rosenbrock();
      List<Trial> accepted = new ArrayList<>();
      List<Trial> rejected = new ArrayList<>();
      double reach = Stability.realLimit(Methods.DOPRI5);
      StepObserver observer =
          new StepObserver() {
            @Override
            public void accepted(Step step) {
              accepted.add(trial(step));
            }

            @Override
            public void rejected(Step step) {
              rejected.add(trial(step));
            }

            private Trial trial(Step step) {
              int number = accepted.size() + rejected.size() + 1;
              return new Trial(number, step.h(), reach / sharpness(loss, step.y0()));
            }
          };
      double[] end =
          Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-4, 1e-4).withGains(0, 1))
              .withObserver(observer)
              .solve(new GradientFlow(loss.objective()), loss.start(), 0, TIME)
              .orThrow()
              .last();
      double ofFlow = loss.objective().loss(0, loss.flow(TIME).last());
      return new Valley(accepted, rejected, loss.objective().loss(0, end) / ofFlow);
    }

    /// The largest eigenvalue of the Hessian, formed column by column.
    private static double sharpness(Losses loss, double[] theta) {
      var hessian = loss.objective().hessian(0, theta);
      double[][] columns = new double[2][2];
      hessian.times(new double[] {1, 0}, columns[0]);
      hessian.times(new double[] {0, 1}, columns[1]);
      return new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(columns))
          .getEigenvalue(0);
    }

    void measure(Notebook notes) {
      int half = accepted.size() / 2;
      double mean = 0;
      for (int i = half; i < accepted.size() - 1; i++) { // the last one is cut off at the end time
        mean += accepted.get(i).eta() / accepted.get(i).limit() / (accepted.size() - 1 - half);
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
      panel.line("β/λₘₐₓ(θ)", number, Series.of(accepted, Trial::limit), Panel.DARK);
      panel.marks(
          "rejected", Series.of(rejected, Trial::number), Series.of(rejected, Trial::eta), 1);
      panel.last().setMarker(SeriesMarkers.CROSS);
      Pictures.logarithmicYAround(panel.chart());
      return panel;
    }
  }
}
