package org.flowline.examples.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// A measured number and its expected value or bound.
///
/// @param what the number's name, and its unit if it has one
/// @param measured the number
/// @param relation the comparison
/// @param expected the expected value, or the bound
/// @param tolerance the absolute violation that is still accepted
public record Measurement(
    String what, double measured, Relation relation, double expected, double tolerance) {

  /// A comparison of a measured number with its expected value.
  public enum Relation {
    @JsonProperty("=")
    EQUAL("="),
    @JsonProperty("<=")
    AT_MOST("≤"),
    @JsonProperty(">=")
    AT_LEAST("≥");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }
  }

  /// Returns whether the number is as expected; NaN never is.
  @JsonProperty
  public boolean pass() {
    return switch (relation) {
      case EQUAL -> Math.abs(measured - expected) <= tolerance;
      case AT_MOST -> measured <= expected + tolerance;
      case AT_LEAST -> measured >= expected - tolerance;
    };
  }

  /// Returns the expectation, such as `= 2 ± 0.02` or `≤ 1e-12`.
  public String wanted() {
    String bound = relation.sign + " " + number(expected);
    return tolerance == 0 ? bound : bound + " ± " + number(tolerance, 2);
  }

  /// Formats a number with up to five digits.
  public static String number(double value) {
    return number(value, 5);
  }

  private static String number(double value, int digits) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return String.format(Locale.ROOT, "%d", (long) value);
    }
    double size = Math.abs(value);
    if (Double.isFinite(value) && size >= 1e-4 && size < 1e6) {
      return new BigDecimal(value)
          .round(new MathContext(digits))
          .stripTrailingZeros()
          .toPlainString();
    }
    return String.format(Locale.ROOT, "%.3g", value).replaceFirst("\\.?0+e", "e");
  }
}
