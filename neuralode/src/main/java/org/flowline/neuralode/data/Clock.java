package org.flowline.neuralode.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import tools.jackson.core.io.NumberInput;

/// The notation of a file's times and their numeric values, independent of locale and time zone.
public enum Clock {
  /// Numbers in the user's unit.
  NUMBER,

  /// Dates, `2024-02-29`: days since 1970-01-01.
  DATE,

  /// Dates with a time of day, `2024-02-29T12:30:15.5` or with a space for the `T`: seconds since
  /// 1970-01-01T00:00 on a clock without daylight saving time.
  DATE_TIME,

  /// Dates with a time of day and an offset or a zone, `2024-02-29T12:30Z`, `…+05:30`,
  /// `…+01:00[Europe/Berlin]`: seconds since 1970-01-01T00:00Z.
  INSTANT;

  /// Returns the value of a decimal number, NaN and infinities included; empty for other text, such
  /// as Java's `1d` and `0x1p3`.
  static OptionalDouble number(String text) {
    try {
      return isDecimal(text)
          ? OptionalDouble.of(NumberInput.parseDouble(text, true))
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// Returns whether the text has only the characters of a decimal number.
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

  /// Returns the clock that reads this time, if any does.
  static Optional<Clock> of(String text) {
    return Arrays.stream(values()).filter(clock -> clock.read(text).isPresent()).findFirst();
  }

  /// Returns the number for this time; empty if it is not in this clock's notation.
  public OptionalDouble read(String text) {
    return switch (this) {
      case NUMBER -> number(text);
      case DATE -> iso(text, IsoTimes::day);
      case DATE_TIME -> iso(text, IsoTimes::local);
      case INSTANT -> iso(text, IsoTimes::instant);
    };
  }

  private static OptionalDouble iso(String text, ToDoubleFunction<String> time) {
    try {
      return IsoTimes.beginsWithDate(text)
          ? OptionalDouble.of(time.applyAsDouble(text))
          : OptionalDouble.empty();
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  /// Returns the time in this clock's notation, [#INSTANT] in UTC; times beyond the years of four
  /// digits as numbers.
  public String write(double time) {
    if (this == NUMBER || !(Math.abs(time) < (this == DATE ? 2.9e6 : 2.5e11))) {
      return Double.toString(time);
    }
    long whole = (long) Math.floor(time);
    long nanos = Math.round((time - whole) * 1e6) * 1000;
    return switch (this) {
      case NUMBER -> throw new AssertionError("written above");
      case DATE ->
          whole == time
              ? LocalDate.ofEpochDay(whole).toString()
              : LocalDateTime.ofEpochSecond(Math.round(time * 86_400), 0, ZoneOffset.UTC)
                  .toString();
      case DATE_TIME ->
          LocalDateTime.ofInstant(Instant.ofEpochSecond(whole, nanos), ZoneOffset.UTC).toString();
      case INSTANT ->
          OffsetDateTime.ofInstant(Instant.ofEpochSecond(whole, nanos), ZoneOffset.UTC).toString();
    };
  }
}
