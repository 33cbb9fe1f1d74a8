package org.flowline.neuralode;

import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/// Derivatives from values only, as an oracle:
///
///     f'(x) ≈ [8(f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))] / 12h
///
/// With `h = ε^(1/5)` the error is about `ε^(4/5) ≈ 3e-13` times the size of `f` and its fifth
/// derivative.
final class Differences {
  private static final double H = Math.pow(Math.ulp(1.0), 0.2);

  private Differences() {}

  static double derivative(DoubleUnaryOperator f, double x) {
    double near = f.applyAsDouble(x + H) - f.applyAsDouble(x - H);
    double far = f.applyAsDouble(x + 2 * H) - f.applyAsDouble(x - 2 * H);
    return (8 * near - far) / (12 * H);
  }

  /// The derivative at 0 of a function with many values.
  static double[] derivative(DoubleFunction<double[]> f) {
    double[] sum = new double[f.apply(0).length];
    double[] weights = {1, -8, 0, 8, -1};
    for (int i = -2; i <= 2; i++) {
      StepCotangents.addScaled(sum, weights[i + 2] / (12 * H), f.apply(i * H), 0);
    }
    return sum;
  }

  static double[] gradient(ToDoubleFunction<double[]> f, double[] x) {
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int component = i;
      gradient[i] =
          derivative(
              value -> {
                double[] moved = x.clone();
                moved[component] = value;
                return f.applyAsDouble(moved);
              },
              x[i]);
    }
    return gradient;
  }

  /// `max |xᵢ − yᵢ| / max |yᵢ|`; NaN where there is a NaN or `y` is 0.
  static double relative(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " numbers, want " + y.length);
    }
    double error = 0;
    double scale = 0;
    for (int i = 0; i < x.length; i++) {
      error = Math.max(error, Math.abs(x[i] - y[i]));
      scale = Math.max(scale, Math.abs(y[i]));
    }
    return error / scale;
  }
}
