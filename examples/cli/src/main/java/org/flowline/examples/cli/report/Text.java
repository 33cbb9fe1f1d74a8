package org.flowline.examples.cli.report;

import java.util.Locale;

/// Formats texts that are the same in every locale.
public final class Text {
  private Text() {}

  /// Formats as [String#format(Locale, String, Object...)] with the locale `ROOT`.
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// Formats a number, without a fraction if it is whole and moderate.
  public static String number(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e9;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }
}
