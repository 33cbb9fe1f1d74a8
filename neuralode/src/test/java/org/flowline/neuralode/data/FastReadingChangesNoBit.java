package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Numbers and times are read with the values of `Double.parseDouble`, `BigDecimal` and
/// `java.time`, and refused where these refuse them.
class FastReadingChangesNoBit {
  private static final Pattern DECIMAL = Pattern.compile("[-+]?(NaN|Infinity|[0-9.][-+0-9.eE]*)");
  private static final Pattern BEGIN = Pattern.compile("\\d{4}-\\d\\d-\\d\\d(.*)", Pattern.DOTALL);

  private static OptionalDouble slowNumber(String text) {
    try {
      return DECIMAL.matcher(text).matches()
          ? OptionalDouble.of(Double.parseDouble(text))
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  @Property(tries = 20_000)
  void ofScraps(@ForAll @From("numerals") String text) {
    assertEquals(slowNumber(text), Clock.number(text), text);
  }

  @Provide
  Arbitrary<String> numerals() {
    return Arbitraries.of(
            "1",
            "0",
            "7",
            "9",
            "12345678901234567890",
            "000",
            ".",
            "-",
            "+",
            "e",
            "E",
            "e-3",
            "E308",
            "e-324",
            "NaN",
            "Infinity",
            "d",
            "f",
            "x",
            "0x1p3",
            "_",
            " ",
            "٣",
            "i")
        .list()
        .ofMaxSize(5)
        .map(scraps -> String.join("", scraps));
  }

  @Property(tries = 20_000)
  void ofNumbers(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    String text = Double.toString(value);
    assertEquals(OptionalDouble.of(value), Clock.number(text), text);
    if (Double.isFinite(value)) {
      // Half-way to the next number, and a digit more: the hardest cases of rounding.
      BigDecimal half =
          new BigDecimal(value).add(new BigDecimal(Math.ulp(value)).divide(BigDecimal.TWO));
      for (String hard : List.of(half.toString(), half + "1", new BigDecimal(value).toString())) {
        assertEquals(slowNumber(hard), Clock.number(hard), hard);
      }
    }
  }

  private static OptionalDouble slow(String text, ToDoubleFunction<String> read) {
    if (!BEGIN.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    boolean space = text.length() > 10 && text.charAt(10) == ' ';
    String iso = space ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    try {
      return OptionalDouble.of(read.applyAsDouble(iso));
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond() + instant.getNano() / 1e9;
  }

  private static void agrees(String text) {
    assertEquals(
        slow(text, iso -> seconds(LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC))),
        Clock.DATE_TIME.read(text),
        text);
    assertEquals(
        slow(text, iso -> seconds(ZonedDateTime.parse(iso).toInstant())),
        Clock.INSTANT.read(text),
        text);
    assertEquals(slow(text, _ -> LocalDate.parse(text).toEpochDay()), Clock.DATE.read(text), text);
  }

  @Property(tries = 20_000)
  void ofTimesThatExist(@ForAll @From("instants") Instant instant) {
    String text = instant.toString();
    assertTrue(Clock.INSTANT.read(text).isPresent(), text);
    agrees(text);
    agrees(text.replace('T', ' '));
    agrees(text.substring(0, text.length() - 1));
    agrees(text.substring(0, 10));
    agrees(text.substring(0, 16));
    agrees(text.substring(0, 16) + "+05:30");
    int which = Math.floorMod(instant.getEpochSecond(), text.length());
    agrees(text.substring(0, which) + text.substring(which + 1));
  }

  @Provide
  Arbitrary<Instant> instants() {
    Arbitrary<Integer> nanos =
        Arbitraries.oneOf(
            Arbitraries.just(0),
            Arbitraries.integers().between(0, 999).map(millis -> millis * 1_000_000),
            Arbitraries.integers().between(0, 999_999_999));
    return Arbitraries.longs()
        .between(
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond())
        .flatMap(second -> nanos.map(nano -> Instant.ofEpochSecond(second, nano)));
  }

  @Property(tries = 20_000)
  void ofTimesThatMayNotExist(@ForAll @From("timeScraps") String text) {
    agrees(text);
  }

  @Provide
  Arbitrary<String> timeScraps() {
    Arbitrary<String> day = Arbitraries.of("2023-02-29", "2024-02-29", "0000-00-00", "1999-12-31");
    Arbitrary<String> more =
        Arbitraries.of(
            "T", " ", "12", "23", "24", "59", "60", ":", ":", ":", ".", "5", "Z", "٣", "-", "+");
    return day.flatMap(
        date ->
            more.list()
                .ofMaxSize(9)
                .map(parts -> date + parts.stream().collect(Collectors.joining())));
  }

  @Example
  void ofOnesAtTheBorders() {
    for (String time :
        List.of("T24:00", "T23:59:60", "T00:00:00.1234567891", "T00:00:00.", "T0:00", "T00:00:")) {
      agrees("2024-02-29" + time);
      agrees("2024-02-29" + time + "Z");
    }
  }
}
