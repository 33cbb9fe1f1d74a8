package org.flowline.examples.pictures;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.stream.Collectors;

/// Formats numbers of any size, independent of the locale.
public final class Numbers {
  private static final MathContext FOUR = new MathContext(4, RoundingMode.HALF_UP);

  /// The range of numbers without a power of ten.
  private static final double SMALL = 1e-4;

  private static final double LARGE = 1e7;

  private Numbers() {}

  /// Formats with four digits: `2.622`, `1235000`, `3.211e-10`, `1.234e+150`; a dash if not finite.
  public static String significant(double number) {
    if (!Double.isFinite(number)) {
      return "—";
    }
    if (number == 0) {
      return "0";
    }
    BigDecimal rounded = BigDecimal.valueOf(number).round(FOUR);
    double size = Math.abs(rounded.doubleValue());
    return size >= SMALL && size < LARGE
        ? rounded
            .setScale(Math.max(0, 3 - exponent(rounded)), RoundingMode.UNNECESSARY)
            .toPlainString()
        : String.format(Locale.ROOT, "%.3e", number);
  }

  /// Formats like [#significant] without trailing zeros: `2.1` for `2.100`.
  public static String brief(double number) {
    String written = significant(number);
    return written.contains(".") ? written.replaceFirst("\\.?0+(e|$)", "$1") : written;
  }

  /// The power of ten of a number's first digit.
  static int exponent(BigDecimal number) {
    return number.precision() - number.scale() - 1;
  }

  /// Formats an exponent: `⁻³`.
  static String raised(int exponent) {
    return Integer.toString(exponent)
        .chars()
        .mapToObj(c -> c == '-' ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".substring(c - '0', c - '0' + 1))
        .collect(Collectors.joining());
  }
}
