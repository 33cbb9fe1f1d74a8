package org.flowline.examples.lab;

import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.GradientFlow;
import org.flowline.neuralode.Objective;
import org.flowline.odesolvers.Integrator;
import org.flowline.odesolvers.StepSize;
import org.flowline.odesolvers.Trajectory;
import org.flowline.odesolvers.field.VectorField;
import org.flowline.odesolvers.method.Methods;

/// The states that a solve went through: `y_0 … y_N` at the ends of its steps.
///
/// @param t the times
/// @param y the states
public record Orbit(double[] t, double[][] y) {

  /// Solves and keeps what it went through.
  ///
  /// @throws org.flowline.odesolvers.SolveException if the solve fails
  public static Orbit of(VectorField field, double[] y0, double t1, Integrator integrator) {
    Trajectory steps = new Trajectory();
    integrator.withObserver(steps).solve(field, y0, 0, t1).orThrow();
    return of(steps);
  }

  /// Solves and keeps what it went through, up to the end or to where it fails, as descent does
  /// that grows out of all numbers.
  public static Orbit asFarAsItGoes(
      VectorField field, double[] y0, double t1, Integrator integrator) {
    Trajectory steps = new Trajectory();
    integrator.withObserver(steps).solve(field, y0, 0, t1);
    return steps.steps() == 0
        ? new Orbit(new double[] {0}, new double[][] {y0.clone()})
        : of(steps);
  }

  private static Orbit of(Trajectory steps) {
    int n = steps.steps();
    double[] t = new double[n + 1];
    double[][] y = new double[n + 1][steps.dimension()];
    for (int i = 0; i < n; i++) {
      t[i] = steps.t(i);
      steps.copyState(i, y[i]);
    }
    t[n] = steps.end();
    steps.copyLastState(y[n]);
    return new Orbit(t, y);
  }

  /// Gradient descent: Euler on the gradient flow.
  public static Orbit descent(Objective objective, double[] start, double eta, int steps) {
    return of(
        new GradientFlow(objective),
        start,
        eta * steps,
        Integrator.of(Methods.EULER, StepSize.Constant.of(eta, steps)));
  }

  /// The gradient flow up to time `t1`, to about twelve digits.
  public static Orbit flow(Objective objective, double[] start, double t1) {
    return of(
        new GradientFlow(objective),
        start,
        t1,
        Integrator.of(Methods.DOPRI5, StepSize.Adaptive.of(1e-13, 1e-13)));
  }

  /// Arrays one after the other.
  public static double[] flat(List<double[]> rows) {
    return rows.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  public double[] last() {
    return y[y.length - 1];
  }

  /// One component over the steps.
  public double[] component(int i) {
    double[] values = new double[y.length];
    for (int k = 0; k < y.length; k++) {
      values[k] = y[k][i];
    }
    return values;
  }

  /// The loss over the steps.
  public double[] losses(Objective objective) {
    double[] values = new double[y.length];
    double[] gradient = new double[objective.dimension()];
    for (int k = 0; k < y.length; k++) {
      values[k] = objective.gradient(t[k], y[k], gradient);
    }
    return values;
  }
}
