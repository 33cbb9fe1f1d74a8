package org.flowline.odesolvers;

/// Fields as a method wants them: with noise for stochastic methods, as they are for all others.
final class Noise {

  private Noise() {}

  /// Diagonal noise `0.1 y_i dW_i` on times from −1000 to 1000.
  static VectorField fitting(Method method, VectorField field) {
    return with(method, field, 0.1);
  }

  /// Noise whose product is zero.
  static VectorField none(Method method, VectorField field) {
    return with(method, field, 0);
  }

  private static VectorField with(Method method, VectorField field, double sigma) {
    if (!(method instanceof Stochastic)) {
      return field;
    }
    return StochasticField.of(
        field,
        BrownianPath.of(7, field.dimension(), -1000, 1000),
        StochasticField.Noise.DIAGONAL,
        (t, y, dw, out) -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = sigma == 0 ? 0 : sigma * y[i] * dw[i];
          }
        });
  }
}
