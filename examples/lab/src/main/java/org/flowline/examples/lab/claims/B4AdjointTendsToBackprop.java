package org.flowline.examples.lab.claims;

import java.util.SplittableRandom;
import org.flowline.autodiff.GradientCheck;
import org.flowline.examples.lab.Notebook;
import org.flowline.examples.lab.Panel;
import org.flowline.examples.lab.Series;
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

/// B4: the continuous adjoint tends to backpropagation's gradient at the solver's order.
final class B4AdjointTendsToBackprop {
  private static final int ROWS = 4;
  private static final int FEATURES = 2;
  private static final double TIME = 2;
  private static final double[] STEPS = {8, 16, 32, 64, 128};
  private static final Mlp MLP = Mlp.of(Activation.TANH, FEATURES, 8, FEATURES);
  private static final double[] START =
      new SplittableRandom(2).doubles(ROWS * FEATURES, -1, 1).toArray();
  private static final double[] THETA = MLP.initial(new SplittableRandom(4));

  /// `½‖y(t₁)‖²`
  private static final TrajectoryLoss LOSS =
      TrajectoryLoss.traced(2, START.length, y -> y.slice(0, 1, 2).square().sum().mul(0.5));

  void run(Notebook notes) {
    Method[] methods = {Methods.EULER, Methods.RALSTON, Methods.HEUN, Methods.HEUN3, Methods.RK4};
    double[] sizes = Series.map(STEPS, n -> TIME / n);
    Panel panel =
        Panel.wide(
            "Continuous adjoint against backpropagation",
            "step h",
            "relative distance of the gradients");
    for (int m = 0; m < methods.length; m++) {
      Method method = methods[m];
      double[] distances = distances(method);
      // The slope over steps of 1/16 and less is off by the next term, a few times h.
      double slope = Series.power(sizes, distances, sizes.length - 2);
      notes.near("slope of the distance, " + method.name(), slope, order(method), 0.15);
      panel.markedLine(method.name() + ", order " + method.order(), sizes, distances, m);
    }
    double[] midpoint = distances(Methods.IMPLICIT_MIDPOINT);
    // Rounding, and the residual of Newton's iteration, over 128 steps both ways.
    notes.atMost("largest distance, implicit midpoint", Series.max(midpoint), 1e-12);
    // Extrapolated central differences are good to twelve digits or so.
    notes.atMost("backpropagation against differences, RK4, 8 steps", differences(), 1e-10);
    notes.picture(
        "B4-orders",
        "Distance of the continuous adjoint from backpropagation's gradient, by method and step.",
        panel.markedLine("implicit midpoint", sizes, midpoint, methods.length).logLog());
  }

  /// The order of the gap: the order of both gradients, unless their errors cancel.
  ///
  /// With `Y = y0 + h f(y0)`, a step of Heun's method from `y0` to `y1` backpropagates as
  ///
  ///     λ0 = λ1 + h/2 (f′(Y)ᵀ λ1 + f′(y0)ᵀ (λ1 + h f′(Y)ᵀ λ1))
  ///
  /// and Heun's method on the adjoint equation has `f′(y1)` and `f′(y1 − h f(y1))` in place of
  /// `f′(Y)` and `f′(y0)`. Since `y1 − Y = h²y″/2` and `y1 − h f(y1) − y0 = −h²y″/2`, up to `h³`,
  /// the differences cancel in the sum, and likewise in that for θ. The error of the state solved
  /// backwards is `C h³ + C (−h)³` plus terms of `h⁴`. The gap is thus of order 4 in a step.
  private static int order(Method method) {
    return method == Methods.HEUN ? 3 : method.order();
  }

  private static double[] distances(Method method) {
    return Series.map(STEPS, n -> distance(method, (int) n));
  }

  private static double distance(Method method, int steps) {
    double h = TIME / steps;
    Integrator forward = Integrator.of(method, StepSize.Constant.of(h, steps));
    Integrator backward = Integrator.of(method, StepSize.Constant.of(-h, steps));
    // Drift is what is measured here, not a reason to warn.
    GradientMethod continuous =
        new Backsolve(forward, backward).withWarning(Double.POSITIVE_INFINITY);
    return Series.relativeDistance(gradient(continuous), gradient(new DiscreteAdjoint(forward)));
  }

  private static NeuralField field(double[] theta) {
    NeuralField field = NeuralField.of(MLP, ROWS, FEATURES);
    field.bind(theta);
    return field;
  }

  private static double[] gradient(GradientMethod method) {
    return method.gradient(field(THETA), START, new double[] {0, TIME}, LOSS).theta();
  }

  /// The relative distance of backpropagation's gradient from differences of the computed loss.
  private static double differences() {
    Integrator solver = Integrator.of(Methods.RK4, StepSize.Constant.of(TIME / 8, 8));
    NeuralField field = field(THETA);
    double[] differences =
        GradientCheck.differences(
            theta -> {
              field.bind(theta);
              double norm = Series.norm(solver.solve(field, START, 0, TIME).orThrow().last());
              return norm * norm / 2;
            },
            THETA);
    return Series.relativeDistance(gradient(new DiscreteAdjoint(solver)), differences);
  }
}
