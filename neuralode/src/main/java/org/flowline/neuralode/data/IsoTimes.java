package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// Numeric values of ISO 8601 dates and times. The common layouts `2024-02-29`,
/// `2024-02-29T12:30:15.5` and `2024-02-29T12:30:15.5Z` are read digit by digit, several times
/// faster than `java.time`, which reads all others.
final class IsoTimes {
  private static final int DATE = 10;
  private static final int MINUTES = 16;
  private static final int SECONDS = 19;
  private static final int NANOS = 29;
  private static final double NANOS_PER_SECOND = 1e9;

  private IsoTimes() {}

  /// Returns whether the text begins like `2024-02-29`.
  static boolean beginsWithDate(String text) {
    return text.length() >= DATE
        && digits(text, 0, 4) >= 0
        && text.charAt(4) == '-'
        && digits(text, 5, 7) >= 0
        && text.charAt(7) == '-'
        && digits(text, 8, DATE) >= 0;
  }

  /// Returns the days since 1970-01-01.
  ///
  /// @throws DateTimeException if the text is not a date
  static double day(String text) {
    return text.length() == DATE ? date(text) : LocalDate.parse(text).toEpochDay();
  }

  /// Returns the seconds since 1970-01-01T00:00.
  ///
  /// @throws DateTimeException if the text is not a date with a time
  static double local(String text) {
    double common = common(text, text.length());
    return Double.isNaN(common)
        ? seconds(LocalDateTime.parse(withT(text)).atZone(ZoneOffset.UTC))
        : common;
  }

  /// Returns the seconds since 1970-01-01T00:00Z.
  ///
  /// @throws DateTimeException if the text is not a date with a time and a zone
  static double instant(String text) {
    double common = text.endsWith("Z") ? common(text, text.length() - 1) : Double.NaN;
    return Double.isNaN(common) ? seconds(ZonedDateTime.parse(withT(text))) : common;
  }

  /// Returns the days or seconds since 1970, not rounded.
  ///
  /// @throws DateTimeException if the text is not in this notation
  static BigDecimal exact(Clock.Notation notation, String text) {
    if (notation == Clock.Notation.DATE) {
      return BigDecimal.valueOf((long) day(text));
    }
    ZonedDateTime time =
        notation == Clock.Notation.INSTANT
            ? ZonedDateTime.parse(withT(text))
            : LocalDateTime.parse(withT(text)).atZone(ZoneOffset.UTC);
    return BigDecimal.valueOf(time.toEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
  }

  private static String withT(String text) {
    return text.length() > DATE && text.charAt(DATE) == ' '
        ? text.substring(0, DATE) + 'T' + text.substring(DATE + 1)
        : text;
  }

  private static double seconds(ZonedDateTime time) {
    return time.toEpochSecond() + time.getNano() / NANOS_PER_SECOND;
  }

  private static long date(String text) {
    return LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, DATE)).toEpochDay();
  }

  /// Returns the seconds of a date with a time of day in a common layout; NaN for another layout or
  /// a time that does not exist.
  private static double common(String text, int end) {
    boolean isCommon =
        end >= MINUTES
            && "T ".indexOf(text.charAt(DATE)) >= 0
            && text.charAt(13) == ':'
            && (end == MINUTES || end >= SECONDS && text.charAt(MINUTES) == ':')
            && (end <= SECONDS || text.charAt(SECONDS) == '.' && end > SECONDS + 1 && end <= NANOS);
    if (!isCommon) {
      return Double.NaN;
    }
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, MINUTES);
    int second = end > MINUTES ? digits(text, 17, SECONDS) : 0;
    int nano = end > SECONDS ? digits(text, SECONDS + 1, end) : 0;
    for (int i = end; i < NANOS && nano > 0; i++) {
      nano *= 10;
    }
    if (Math.min(Math.min(hour, minute), Math.min(second, nano)) < 0
        || hour > 23
        || minute > 59
        || second > 59) {
      return Double.NaN;
    }
    return date(text) * 86_400 + hour * 3600 + minute * 60 + second + nano / NANOS_PER_SECOND;
  }

  /// Returns the number that these ASCII digits form, or −1 if one of them is not a digit.
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
