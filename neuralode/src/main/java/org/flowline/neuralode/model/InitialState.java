package org.flowline.neuralode.model;

/// The initial state of a model's trajectory as a function of the measured components and θ.
/// Components that are not measured start at 0, velocities are learned:
///
///     first order   (y, 0)        second order   (y, 0, v),   v = y·W + b
///
/// with `W` and `b` in θ. Linear in θ, hence without a second derivative.
///
/// @param measured the number of measured components, the first ones of a state
/// @param columns the number of positions; velocities follow them
/// @param dimension the number of components of a state
/// @param offset the offset in θ of `W`; `b` follows it
public record InitialState(int measured, int columns, int dimension, int offset) {

  /// Returns the initial state with `extra` components that start at 0.
  public static InitialState still(int measured, int extra) {
    return new InitialState(measured, measured + extra, measured + extra, 0);
  }

  /// Returns the initial state for a row of measured components.
  public double[] state(double[] theta, double[] y) {
    double[] state = tangent(theta, y);
    System.arraycopy(y, 0, state, 0, measured);
    return state;
  }

  /// Returns the derivative of the initial state in the direction `v` of θ.
  ///
  /// @throws IllegalArgumentException if `y` does not have one value for each measured component
  public double[] tangent(double[] v, double[] y) {
    if (y.length != measured) {
      throw new IllegalArgumentException(
          "initial state: " + y.length + " measured components; want " + measured);
    }
    double[] state = new double[dimension];
    int bias = offset + measured * columns;
    for (int j = columns; j < dimension; j++) {
      double velocity = v[bias + j - columns];
      for (int i = 0; i < measured; i++) {
        velocity += y[i] * v[offset + i * columns + j - columns];
      }
      state[j] = velocity;
    }
    return state;
  }

  /// Adds the gradient of `⟨stateBar, state⟩` with respect to θ to `thetaBar`.
  public void pullback(double[] y, double[] stateBar, double[] thetaBar) {
    int bias = offset + measured * columns;
    for (int j = columns; j < dimension; j++) {
      thetaBar[bias + j - columns] += stateBar[j];
      for (int i = 0; i < measured; i++) {
        thetaBar[offset + i * columns + j - columns] += y[i] * stateBar[j];
      }
    }
  }
}
