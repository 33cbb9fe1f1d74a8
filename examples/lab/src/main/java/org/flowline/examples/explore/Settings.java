package org.flowline.examples.explore;

/// What the user chose: a bowl `½ xᵀA x`, where descent starts, its step and its method.
///
/// @param a first semi-axis of the level line ½; `A` has the eigenvalue `1/a²` along it
/// @param b second semi-axis
/// @param angle of the first semi-axis to the horizontal, in degrees
/// @param eta the step η
/// @param descent the method
/// @param x where descent starts
/// @param y where descent starts
public record Settings(
    double a, double b, double angle, double eta, Descent descent, double x, double y) {

  /// A start is within this distance of the minimum along both axes.
  static final double REACH = 2;

  /// @throws IllegalArgumentException if a number is out of its slider's range; the message names
  ///     the command line's option
  public Settings {
    Knob.A.require(a);
    Knob.B.require(b);
    Knob.ANGLE.require(angle);
    Knob.ETA.require(eta);
    x = Math.clamp(x, -REACH, REACH);
    y = Math.clamp(y, -REACH, REACH);
  }

  /// A bowl with a start that shows both directions.
  ///
  /// @throws IllegalArgumentException as the constructor does
  public static Settings of(double a, double b, double angle, double eta, Descent descent) {
    return new Settings(a, b, angle, eta, descent, 1.4, 1.2);
  }

  Settings withA(double a) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  Settings withB(double b) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  Settings withAngle(double angle) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  Settings withEta(double eta) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  Settings withDescent(Descent descent) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }

  /// Descent that starts here, or where the picture ends.
  Settings withStart(double x, double y) {
    return new Settings(a, b, angle, eta, descent, x, y);
  }
}
