package org.flowline.examples.cli.report;

import java.util.Locale;

/// Formats texts that are the same in every locale.
public final class Text {
  private Text() {}

  /// Formats as [String#format(Locale, String, Object...)] with the locale `ROOT`.
  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
