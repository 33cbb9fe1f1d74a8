package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.io.NumberInput;

/// How a file writes its times, and what number each of them is. Never asks where it is run.
public enum Clock {
  /// Numbers, in the user's unit.
  NUMBER,

  /// Dates, `2024-02-29`: days since 1970-01-01.
  DATE,

  /// Dates with a time of day, `2024-02-29T12:30:15.5`, and a space may stand for the `T`: seconds
  /// since 1970-01-01T00:00 on a clock that is never changed.
  DATE_TIME,

  /// The same with an offset or a zone, `2024-02-29T12:30Z`, `…+05:30`,
  /// `…+01:00[Europe/Berlin]`: seconds since 1970-01-01T00:00Z.
  INSTANT;

  /// The number that this is, perhaps not finite; none if it is no number. Java's own `1d` and
  /// `0x1p3` are none here.
  static OptionalDouble number(String text) {
    try {
      return isDecimal(text)
          ? OptionalDouble.of(NumberInput.parseDouble(text, true))
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// Whether it has the characters of one.
  private static boolean isDecimal(String text) {
    int start = !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    if (start == text.length() || text.charAt(start) > '9') {
      return text.startsWith("NaN", start) && text.length() == start + 3
          || text.startsWith("Infinity", start) && text.length() == start + 8;
    }
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && (i == start || "+-eE".indexOf(c) < 0)) {
        return false;
      }
    }
    return true;
  }

  /// The clock that reads this time, if any does.
  static Optional<Clock> of(String text) {
    for (Clock clock : values()) {
      if (clock.read(text).isPresent()) {
        return Optional.of(clock);
      }
    }
    return Optional.empty();
  }

  /// The number for this time; none if it is not written as this clock writes.
  public OptionalDouble read(String text) {
    if (this == NUMBER) {
      return number(text);
    }
    if (!IsoTimes.beginsWithDate(text)) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(
          switch (this) {
            case NUMBER -> throw new AssertionError("read above");
            case DATE -> IsoTimes.day(text);
            case DATE_TIME -> IsoTimes.local(text);
            case INSTANT -> IsoTimes.instant(text);
          });
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  /// The time as this clock writes it; [#INSTANT] in UTC, and days and seconds beyond the years
  /// that four digits write as numbers.
  public String write(double time) {
    if (this == NUMBER || !(Math.abs(time) < 2.5e11)) {
      return Double.toString(time);
    }
    BigDecimal whole = new BigDecimal(time).setScale(0, RoundingMode.FLOOR);
    long nanos = Math.round((time - whole.longValueExact()) * 1e6) * 1000;
    Instant instant = Instant.ofEpochSecond(whole.longValueExact(), nanos);
    return switch (this) {
      case NUMBER -> throw new AssertionError("written above");
      case DATE -> date(time);
      case DATE_TIME -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
      case INSTANT -> OffsetDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
    };
  }

  /// A time within a day is written with it.
  private static String date(double days) {
    if (Math.abs(days) > 2.9e6) {
      return Double.toString(days);
    }
    return days == Math.rint(days)
        ? LocalDate.ofEpochDay((long) days).toString()
        : LocalDateTime.ofEpochSecond(Math.round(days * 86_400), 0, ZoneOffset.UTC).toString();
  }
}
