package org.flowline.odesolvers;

import java.util.List;
import java.util.function.DoubleFunction;

/// A field with a solution in closed form, away from zero, on `[t0, t1]`.
record Problem(
    String name, VectorField field, double t0, double t1, DoubleFunction<double[]> exact) {

  static final Problem LINEAR =
      new Problem(
          "y' = A y",
          VectorField.of(
              2,
              (t, y, dydt) -> {
                dydt[0] = -0.2 * y[0] - y[1];
                dydt[1] = y[0] - 0.2 * y[1];
              }),
          0,
          2,
          t -> new double[] {Math.exp(-0.2 * t) * Math.cos(t), Math.exp(-0.2 * t) * Math.sin(t)});

  static final Problem NON_AUTONOMOUS =
      new Problem(
          "y' = y cos t",
          VectorField.of(1, (t, y, dydt) -> dydt[0] = y[0] * Math.cos(t)),
          0.5,
          3,
          t -> new double[] {Math.exp(Math.sin(t))});

  static final Problem NON_LINEAR =
      new Problem(
          "y' = 2 y (1 − y)",
          VectorField.of(1, (t, y, dydt) -> dydt[0] = 2 * y[0] * (1 - y[0])),
          0,
          2,
          t -> new double[] {1 / (1 + 4 * Math.exp(-2 * t))});

  static final Problem RICCATI =
      new Problem(
          "y' = −2 t y²",
          VectorField.of(1, (t, y, dydt) -> dydt[0] = -2 * t * y[0] * y[0]),
          -1,
          1.5,
          t -> new double[] {1 / (1 + t * t)});

  static List<Problem> all() {
    return List.of(LINEAR, NON_AUTONOMOUS, NON_LINEAR, RICCATI);
  }

  /// The same solution passed through from `t1` to `t0`.
  Problem backward() {
    return new Problem(name + " backward", field, t1, t0, exact);
  }

  double[] start() {
    return exact.apply(t0);
  }

  double[] end() {
    return exact.apply(t1);
  }

  static double distance(double[] x, double[] y) {
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }

  @Override
  public String toString() {
    return name;
  }
}
