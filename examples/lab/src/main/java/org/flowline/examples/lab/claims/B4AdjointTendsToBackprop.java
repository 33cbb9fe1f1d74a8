package org.flowline.examples.lab.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.autodiff.GradientCheck;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.LogLog;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.gradient.Backsolve;
import org.flowline.neuralode.gradient.DiscreteAdjoint;
import org.flowline.neuralode.gradient.GradientMethod;
import org.flowline.neuralode.loss.TrajectoryLoss;
import org.flowline.neuralode.nn.Activation;
import org.flowline.neuralode.nn.Mlp;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.method.Method;
import org.flowline.odesolvers.method.Methods;
import org.hipparchus.linear.ArrayRealVector;
import org.knowm.xchart.XYChart;

/// B4: the continuous adjoint tends to backpropagation's gradient at the solver's order.
final class B4AdjointTendsToBackprop implements Experiment {
  private static final int ROWS = 4;
  private static final int FEATURES = 2;
  private static final double TIME = 2;
  private static final int[] STEPS = {8, 16, 32, 64, 128};
  private static final Mlp MLP = Mlp.of(Activation.TANH, FEATURES, 8, FEATURES);
  private static final double[] START =
      new SplittableRandom(2).doubles(ROWS * FEATURES, -1, 1).toArray();
  private static final double[] THETA = MLP.initial(new SplittableRandom(4));

  /// `½‖y(t₁)‖²`
  private static final TrajectoryLoss LOSS =
      TrajectoryLoss.traced(2, START.length, y -> y.slice(0, 1, 2).square().sum().mul(0.5));

  @Override
  public Claim claim() {
    return new Claim(
        "B4",
        "The adjoint equation tends to backpropagation",
        "Backpropagation through a solver is the exact gradient of what was computed. The adjoint"
            + " differential equation, solved backwards by the same method, tends to the same"
            + " gradient with the method's order.",
        "‖∇L(adjoint, h) − ∇L(backprop, h)‖ = O(hᵖ)      midpoint rule: 0",
        "Takes the gradient of a loss of a Neural ODE's end state both ways, by five explicit methods"
            + " with ever smaller steps and by the implicit midpoint rule, and checks"
            + " backpropagation's against central differences of the computed loss.",
        "The slopes are the methods' orders, 1 to 4, but for Heun's method, which has 3: its"
            + " backpropagation is Heun's method on the adjoint equation, with states that are off by"
            + " −h²y″/2 at one stage and +h²y″/2 at the other, and its error h³ changes sign on the"
            + " way back, so that both cancel. The gap is there for any step, and only backpropagation's gradient"
            + " is that of the computed loss. The implicit midpoint rule"
            + " has no gap: it goes back the way it came and keeps ⟨a, ∂y⟩ as the equations do, so"
            + " that both gradients are one.",
        "Chen et al. (2018); Sanz-Serna (2016); Hager (2000)");
  }

  @Override
  public Findings run() {
    Method[] methods = {Methods.EULER, Methods.RALSTON, Methods.HEUN, Methods.HEUN3, Methods.RK4};
    double[] sizes = Arrays.stream(STEPS).mapToDouble(n -> TIME / n).toArray();
    List<Measurement> measured = new ArrayList<>();
    XYChart chart =
        Pictures.chart(
            "Continuous adjoint against backpropagation",
            "step h",
            "relative distance of the gradients");
    for (int m = 0; m < methods.length; m++) {
      Method method = methods[m];
      double[] distances = Arrays.stream(STEPS).mapToDouble(n -> distance(method, n)).toArray();
      double slope =
          LogLog.slope(
              Arrays.copyOfRange(sizes, 2, sizes.length),
              Arrays.copyOfRange(distances, 2, sizes.length));
      String what = "slope of the distance, " + method.name();
      // The slope over steps of 1/16 and less is off by the next term, a few times h.
      measured.add(Measurement.near(what, slope, order(method), 0.15));
      Pictures.markedLine(chart, method.name() + ", order " + method.order(), sizes, distances, m);
    }
    double[] midpoint =
        Arrays.stream(STEPS).mapToDouble(n -> distance(Methods.IMPLICIT_MIDPOINT, n)).toArray();
    Pictures.markedLine(chart, "implicit midpoint", sizes, midpoint, methods.length);
    Pictures.logarithmic(chart);
    // Rounding, and what Newton's iteration leaves, over 128 steps both ways.
    measured.add(
        Measurement.atMost(
            "largest distance, implicit midpoint",
            Arrays.stream(midpoint).max().orElseThrow(),
            1e-12));
    // Central differences, extrapolated, know twelve digits or so.
    measured.add(
        Measurement.atMost(
            "backpropagation against differences, RK4, 8 steps", differences(), 1e-10));
    return new Findings(
        measured,
        List.of(
            Picture.of(
                "B4-orders",
                "How far the continuous adjoint is from backpropagation's gradient, by method and"
                    + " step.",
                chart)));
  }

  /// The gap's order: that of both gradients, unless their errors cancel.
  ///
  /// With `Y = y0 + h f(y0)`, a step of Heun's from `y0` to `y1` goes back as
  ///
  ///     λ0 = λ1 + h/2 (f′(Y)ᵀ λ1 + f′(y0)ᵀ (λ1 + h f′(Y)ᵀ λ1))
  ///
  /// and the adjoint equation by Heun's method has `f′(y1)` and `f′(y1 − h f(y1))` in place of
  /// `f′(Y)` and `f′(y0)`. As `y1 − Y = h²y″/2` and `y1 − h f(y1) − y0 = −h²y″/2`, up to `h³`, what
  /// they differ by cancels in the sum, as in that for θ. The state solved back comes off by
  /// `C h³ + C (−h)³` and terms of `h⁴`. So all is of order 4 in a step.
  private static int order(Method method) {
    return method == Methods.HEUN ? 3 : method.order();
  }

  private static double distance(Method method, int steps) {
    double h = TIME / steps;
    Integrator forward = Integrator.of(method, StepSize.Constant.of(h, steps));
    Integrator backward = Integrator.of(method, StepSize.Constant.of(-h, steps));
    double[] discrete = gradient(new DiscreteAdjoint(forward));
    // Drift is what is measured here, not a reason to warn.
    double[] continuous =
        gradient(new Backsolve(forward, backward).withWarning(Double.POSITIVE_INFINITY));
    return relative(continuous, discrete);
  }

  private static double relative(double[] a, double[] b) {
    ArrayRealVector wanted = new ArrayRealVector(b, false);
    return wanted.getDistance(new ArrayRealVector(a, false)) / wanted.getNorm();
  }

  private static NeuralField field(double[] theta) {
    NeuralField field = NeuralField.of(MLP, ROWS, FEATURES);
    field.bind(theta);
    return field;
  }

  private static double[] gradient(GradientMethod method) {
    return method.gradient(field(THETA), START, new double[] {0, TIME}, LOSS).theta();
  }

  /// Between backpropagation's gradient and differences of the computed loss.
  private static double differences() {
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(TIME / 8, 8));
    NeuralField field = field(THETA);
    double[] differences =
        GradientCheck.differences(
            theta -> {
              field.bind(theta);
              double[] end = solver.solve(field, START, 0, TIME).orThrow().last();
              double norm = new ArrayRealVector(end, false).getNorm();
              return norm * norm / 2;
            },
            THETA);
    return relative(gradient(new DiscreteAdjoint(solver)), differences);
  }
}
