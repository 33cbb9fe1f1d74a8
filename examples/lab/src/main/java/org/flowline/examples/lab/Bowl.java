package org.flowline.examples.lab;

import org.flowline.neuralode.Objective;

/// The quadratic bowl `½ xᵀA x` in the plane. Its level line ½ is an ellipse with semi-axes `a` and
/// `b`, the first at an angle to the horizontal; `A` has the eigenvalues `1/a²` and `1/b²`.
///
/// @param xx `A₁₁`
/// @param xy `A₁₂`
/// @param yy `A₂₂`
/// @param smallest the smaller eigenvalue of `A`
/// @param largest the larger eigenvalue of `A`
public record Bowl(double xx, double xy, double yy, double smallest, double largest)
    implements Objective {

  /// The bowl with these semi-axes, the first at this angle in radians.
  public static Bowl of(double a, double b, double angle) {
    double first = 1 / (a * a);
    double second = 1 / (b * b);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    return new Bowl(
        first * c * c + second * s * s,
        (first - second) * c * s,
        first * s * s + second * c * c,
        Math.min(first, second),
        Math.max(first, second));
  }

  @Override
  public int dimension() {
    return 2;
  }

  @Override
  public double gradient(double tau, double[] x, double[] gradient) {
    gradient[0] = xx * x[0] + xy * x[1];
    gradient[1] = xy * x[0] + yy * x[1];
    return (xx * x[0] * x[0] + 2 * xy * x[0] * x[1] + yy * x[1] * x[1]) / 2;
  }
}
