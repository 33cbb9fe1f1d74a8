package org.flowline.examples.explore;

/// The user's choice: a bowl `½ xᵀA x`, the method, its step, and the starting point.
///
/// @param a the first semi-axis of the level line ½; `A` has the eigenvalue `1/a²` along it
/// @param b the second semi-axis
/// @param angle the angle of the first semi-axis to the horizontal, in degrees
/// @param eta the step η
/// @param descent the method
/// @param x the first coordinate of the starting point, clamped to the plot
/// @param y the second coordinate of the starting point, clamped to the plot
public record Settings(
    double a, double b, double angle, double eta, Descent descent, double x, double y) {

  /// The largest absolute coordinate of a starting point.
  static final double REACH = 2;

  /// @throws IllegalArgumentException if a number is out of its slider's range; the message names
  ///     the command-line option
  public Settings {
    Knob.A.require(a);
    Knob.B.require(b);
    Knob.ANGLE.require(angle);
    Knob.ETA.require(eta);
    x = Math.clamp(x, -REACH, REACH);
    y = Math.clamp(y, -REACH, REACH);
  }

  /// A bowl with a starting point that has components in both directions.
  ///
  /// @throws IllegalArgumentException as the constructor does
  public static Settings of(double a, double b, double angle, double eta, Descent descent) {
    return new Settings(a, b, angle, eta, descent, 1.4, 1.2);
  }

  Settings withDescent(Descent descent) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  Settings withStart(double x, double y) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }
}
