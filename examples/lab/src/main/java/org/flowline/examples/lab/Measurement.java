package org.flowline.examples.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// A number beside what it should be.
///
/// @param what the number's name, and its unit if it has one
/// @param measured the number
/// @param relation how it is compared
/// @param expected what it should be, or a bound
/// @param tolerance how far it may be on the wrong side, absolute
public record Measurement(
    String what, double measured, Relation relation, double expected, double tolerance) {

  /// How a number is compared with what is expected.
  public enum Relation {
    EQUAL("=", "="),
    AT_MOST("≤", "<="),
    AT_LEAST("≥", ">=");

    private final String sign;
    private final String typed;

    Relation(String sign, String typed) {
      this.sign = sign;
      this.typed = typed;
    }

    /// `=`, `≤` or `≥`.
    public String sign() {
      return sign;
    }

    /// `=`, `<=` or `>=`, for programs.
    @JsonValue
    public String typed() {
      return typed;
    }
  }

  /// `|measured − expected| ≤ tolerance`
  public static Measurement near(String what, double measured, double expected, double tolerance) {
    return new Measurement(what, measured, Relation.EQUAL, expected, tolerance);
  }

  /// `|measured − expected| ≤ fraction · |expected|`
  public static Measurement within(String what, double measured, double expected, double fraction) {
    return near(what, measured, expected, fraction * Math.abs(expected));
  }

  /// `measured ≤ bound`
  public static Measurement atMost(String what, double measured, double bound) {
    return new Measurement(what, measured, Relation.AT_MOST, bound, 0);
  }

  /// `measured ≥ bound`
  public static Measurement atLeast(String what, double measured, double bound) {
    return new Measurement(what, measured, Relation.AT_LEAST, bound, 0);
  }

  /// Two results are the same to the last bit.
  ///
  /// @throws IllegalArgumentException if they have different lengths, or are empty
  public static Measurement identical(String what, double[] came, double[] wanted) {
    if (came.length != wanted.length || came.length == 0) {
      throw new IllegalArgumentException(
          "%s: %d numbers beside %d; want as many, and some"
              .formatted(what, came.length, wanted.length));
    }
    int different = 0;
    for (int i = 0; i < came.length; i++) {
      if (Double.doubleToRawLongBits(came[i]) != Double.doubleToRawLongBits(wanted[i])) {
        different++;
      }
    }
    return near(what + ": numbers of " + came.length + " that differ", different, 0, 0);
  }

  /// Whether it is as expected; NaN never is.
  @JsonProperty
  public boolean pass() {
    return switch (relation) {
      case EQUAL -> Math.abs(measured - expected) <= tolerance;
      case AT_MOST -> measured <= expected + tolerance;
      case AT_LEAST -> measured >= expected - tolerance;
    };
  }

  /// What was expected, such as `= 2 ± 0.02` or `≤ 1e-12`.
  public String wanted() {
    String bound = relation.sign() + " " + number(expected);
    return tolerance == 0 ? bound : bound + " ± " + number(tolerance, 2);
  }

  /// A number in up to five digits.
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
