package org.flowline.neuralode.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// Numbers of ISO-8601 dates and times. The usual layouts, `2024-02-29`, `2024-02-29T12:30:15.5`
/// and `2024-02-29T12:30:15.5Z`, are read digit by digit, several times as fast as by `java.time`,
/// which reads the others.
final class IsoTimes {
  private static final int DATE = 10;
  private static final int MINUTES = 16;
  private static final int SECONDS = 19;
  private static final int MOST_DIGITS = 9;
  private static final double NANOS = 1e9;

  private IsoTimes() {}

  /// Whether the text begins like `2024-02-29`.
  static boolean beginsWithDate(String text) {
    return text.length() >= DATE
        && digits(text, 0, 4) >= 0
        && text.charAt(4) == '-'
        && digits(text, 5, 7) >= 0
        && text.charAt(7) == '-'
        && digits(text, 8, DATE) >= 0;
  }

  /// Days since 1970-01-01.
  ///
  /// @throws DateTimeException if it is no date
  static double day(String text) {
    return text.length() == DATE ? date(text) : LocalDate.parse(text).toEpochDay();
  }

  /// Seconds since 1970-01-01T00:00.
  ///
  /// @throws DateTimeException if it is no date with a time
  static double local(String text) {
    double usual = usual(text, text.length());
    return Double.isNaN(usual)
        ? seconds(LocalDateTime.parse(withT(text)).atZone(ZoneOffset.UTC))
        : usual;
  }

  /// Seconds since 1970-01-01T00:00Z.
  ///
  /// @throws DateTimeException if it is no date with a time and a zone
  static double instant(String text) {
    double usual = text.endsWith("Z") ? usual(text, text.length() - 1) : Double.NaN;
    return Double.isNaN(usual) ? seconds(ZonedDateTime.parse(withT(text))) : usual;
  }

  private static String withT(String text) {
    return text.length() > DATE && text.charAt(DATE) == ' '
        ? text.substring(0, DATE) + 'T' + text.substring(DATE + 1)
        : text;
  }

  private static double seconds(ZonedDateTime time) {
    return time.toEpochSecond() + time.getNano() / NANOS;
  }

  private static long date(String text) {
    return LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, DATE)).toEpochDay();
  }

  /// A date with a time of day, of the usual layout; NaN if it has another or there is no such
  /// time.
  private static double usual(String text, int end) {
    if (end < MINUTES || "T ".indexOf(text.charAt(DATE)) < 0 || text.charAt(13) != ':') {
      return Double.NaN;
    }
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, MINUTES);
    int second = 0;
    int nano = 0;
    if (end > MINUTES) {
      second = end < SECONDS || text.charAt(MINUTES) != ':' ? -1 : digits(text, 17, SECONDS);
    }
    if (end > SECONDS) {
      int count = end - SECONDS - 1;
      boolean isFraction = text.charAt(SECONDS) == '.' && count > 0 && count <= MOST_DIGITS;
      nano = isFraction ? digits(text, SECONDS + 1, end) : -1;
      for (int i = count; i < MOST_DIGITS && nano > 0; i++) {
        nano *= 10;
      }
    }
    boolean exists = 0 <= hour && hour < 24 && 0 <= minute && minute < 60 && second < 60;
    if (!exists || second < 0 || nano < 0) {
      return Double.NaN;
    }
    return date(text) * 86_400 + hour * 3600 + minute * 60 + second + nano / NANOS;
  }

  /// The number that these digits are, -1 if one of them is none.
  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
