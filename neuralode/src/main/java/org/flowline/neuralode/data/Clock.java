package org.flowline.neuralode.data;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tools.jackson.core.io.NumberInput;

/// The notation of a file's times and their numeric values, independent of locale and time zone.
///
/// @param notation the notation
/// @param origin the time with the value 0, exactly; 0 for the notation's own origin
public record Clock(Notation notation, BigDecimal origin) {

  /// The ways to write times.
  public enum Notation {
    /// Numbers in the user's unit.
    NUMBER,

    /// Dates, `2024-02-29`: days since 1970-01-01.
    DATE,

    /// Dates with a time of day, `2024-02-29T12:30:15.5` or with a space for the `T`: seconds since
    /// 1970-01-01T00:00 on a clock without daylight saving time.
    DATE_TIME,

    /// Dates with a time of day and an offset or a zone, `2024-02-29T12:30Z`, `…+05:30`,
    /// `…+01:00[Europe/Berlin]`: seconds since 1970-01-01T00:00Z.
    INSTANT
  }

  /// [Notation#NUMBER] from 0.
  public static final Clock NUMBER = new Clock(Notation.NUMBER, BigDecimal.ZERO);

  /// [Notation#DATE] from 1970.
  public static final Clock DATE = new Clock(Notation.DATE, BigDecimal.ZERO);

  /// [Notation#DATE_TIME] from 1970.
  public static final Clock DATE_TIME = new Clock(Notation.DATE_TIME, BigDecimal.ZERO);

  /// [Notation#INSTANT] from 1970.
  public static final Clock INSTANT = new Clock(Notation.INSTANT, BigDecimal.ZERO);

  private static final String FROM = " from ";

  /// The most characters and the largest exponent of a number that is read exactly.
  private static final int LONGEST = 400;

  /// Removes trailing zeros of the origin.
  public Clock {
    origin = origin.stripTrailingZeros();
  }

  /// Reads the text of [#toString].
  ///
  /// @throws IllegalArgumentException if the text is different
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Clock parse(String text) {
    String[] words = (text.contains(FROM) ? text : text + FROM + 0).split(FROM, 2);
    Optional<BigDecimal> origin = exactNumber(words[1]);
    return Stream.of(Notation.values())
        .filter(notation -> notation.name().equals(words[0]) && origin.isPresent())
        .map(notation -> new Clock(notation, origin.orElseThrow()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "variables.clock: %s; want one of %s, or one of them from a number"
                        .formatted(DataException.quoted(text), List.of(Notation.values()))));
  }

  /// Returns `NUMBER`, or with an origin `NUMBER from 1700000000000000000`.
  @Override
  @JsonValue
  public String toString() {
    return notation + (isShifted() ? FROM + origin.toPlainString() : "");
  }

  /// Returns whether times count from another origin than their notation's.
  public boolean isShifted() {
    return origin.signum() != 0;
  }

  /// Returns a clock with the same notation from another origin.
  Clock from(BigDecimal origin) {
    return new Clock(notation, origin);
  }

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
    return Stream.of(NUMBER, DATE, DATE_TIME, INSTANT)
        .filter(clock -> clock.read(text).isPresent())
        .findFirst();
  }

  /// Returns the number for this time; empty if it is not in this clock's notation.
  public OptionalDouble read(String text) {
    if (isShifted()) {
      return exact(text)
          .map(time -> OptionalDouble.of(time.subtract(origin).doubleValue()))
          .orElseGet(OptionalDouble::empty);
    }
    return switch (notation) {
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

  /// Returns the time from the notation's own origin, not rounded; empty if it is not in this
  /// notation, or so long that a number cannot be subtracted in reasonable time.
  Optional<BigDecimal> exact(String text) {
    if (notation == Notation.NUMBER) {
      return exactNumber(text);
    }
    try {
      return IsoTimes.beginsWithDate(text)
          ? Optional.of(IsoTimes.exact(notation, text))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> exactNumber(String text) {
    if (text.length() > LONGEST || !Double.isFinite(number(text).orElse(Double.NaN))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text)).filter(it -> Math.abs((long) it.scale()) <= LONGEST);
    } catch (NumberFormatException e) { // an exponent beyond int, as in 1e-9999999999
      return Optional.empty();
    }
  }

  /// Returns the time in this clock's notation, [Notation#INSTANT] in UTC; times beyond the years
  /// of four digits as numbers.
  public String write(double time) {
    if (!isShifted()) {
      return plain(time);
    }
    if (!Double.isFinite(time)) {
      return Double.toString(time);
    }
    BigDecimal exact = origin.add(BigDecimal.valueOf(time)).stripTrailingZeros();
    if (notation == Notation.NUMBER || notation == Notation.DATE) {
      return exact.setScale(Math.max(0, exact.scale())).toPlainString();
    }
    BigDecimal nanos = exact.setScale(9, RoundingMode.HALF_EVEN);
    BigDecimal whole = nanos.setScale(0, RoundingMode.FLOOR);
    return Math.abs(exact.doubleValue()) < 2.5e11
        ? moment(whole.longValue(), nanos.subtract(whole).movePointRight(9).longValue())
        : exact.toString();
  }

  /// Returns the time from the notation's own origin in this notation.
  private String plain(double time) {
    boolean date = notation == Notation.DATE;
    if (notation == Notation.NUMBER || !(Math.abs(time) < (date ? 2.9e6 : 2.5e11))) {
      return Double.toString(time);
    }
    long whole = (long) Math.floor(time);
    if (date) {
      return whole == time
          ? LocalDate.ofEpochDay(whole).toString()
          : LocalDateTime.ofEpochSecond(Math.round(time * 86_400), 0, ZoneOffset.UTC).toString();
    }
    return moment(whole, Math.round((time - whole) * 1e6) * 1000);
  }

  private String moment(long seconds, long nanos) {
    Instant moment = Instant.ofEpochSecond(seconds, nanos);
    return notation == Notation.INSTANT
        ? OffsetDateTime.ofInstant(moment, ZoneOffset.UTC).toString()
        : LocalDateTime.ofInstant(moment, ZoneOffset.UTC).toString();
  }
}
