package org.flowline.examples.pictures;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.knowm.xchart.XYChart;

/// How numbers stand along an axis:
///
///     drawn = (value − offset) / unit
///
/// The offset is a round number, not 0 where numbers are so large beside what they differ by that
/// labels of them would be long, and then part of the axis' name; labels say what is above it. The
/// unit, a power of ten, is not seen: XChart, which rounds ticks to ten decimals, gets numbers of a
/// usual size.
///
/// @param offset what all labels leave out
/// @param unit of what is drawn
/// @param low the end of the axis, as a value
/// @param high the other end, as a value
/// @param exponent of the labels' power of ten; 0 where they have none
public record Scale(double offset, double unit, double low, double high, int exponent) {
  /// Numbers from here on, and below, are written with powers of ten.
  private static final double LARGE = 1e7;

  private static final double SMALL = 1e-3;

  /// So many digits may a label have, and so many before a power of ten.
  private static final int DIGITS = 7;

  private static final int DIGITS_OF_POWER = 4;

  /// The offset may be so many times the axis' length below it.
  private static final BigDecimal BELOW = BigDecimal.TEN;

  /// What a letter of a label takes, in pixels, nearly, and what is free beside the plot.
  private static final double LETTER = 8.5;

  private static final double BESIDE = 12;

  /// The space of an axis' labels beside the plot and of its legend.
  private static final double PLOT = 100;

  /// The axis from `low` to `high`.
  public static Scale of(double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return of(0, 1); // where nothing is to be seen
    }
    double largest = Math.max(Math.abs(low), Math.abs(high));
    if (!(high > low) || !Double.isFinite(high - low)) {
      return new Scale(0, 1, low, high, power(largest, 0));
    }
    int place = exponent(high - low);
    double unit = place >= 0 && place < 6 ? 1 : Math.pow(10, Math.max(place, -300));
    int digits = exponent(largest) - place + 2;
    int enough = power(largest, place) == 0 ? DIGITS : DIGITS_OF_POWER;
    double offset = digits > enough ? round(low, high).doubleValue() : 0;
    double above = Math.max(Math.abs(low - offset), Math.abs(high - offset));
    return new Scale(offset, unit, low, high, power(above, place));
  }

  /// The same without offset and unit, for what is drawn already.
  static Scale plain(double low, double high) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    int place = high > low ? exponent(high - low) : 0;
    return new Scale(0, 1, low, high, power(largest, place));
  }

  private static int exponent(double value) {
    return value == 0 ? 0 : Numbers.exponent(BigDecimal.valueOf(value));
  }

  /// Of the labels up to a number, the first digit of whose differences is at a place.
  private static int power(double largest, int place) {
    boolean usual = largest == 0 || (largest >= SMALL && largest < LARGE && place > -6);
    return usual ? 0 : exponent(largest);
  }

  /// The roundest number on the axis or not far below it.
  private static BigDecimal round(double low, double high) {
    BigDecimal least = new BigDecimal(low);
    BigDecimal most = new BigDecimal(high);
    BigDecimal from = least.subtract(most.subtract(least).multiply(BELOW));
    int place = exponent(Math.max(Math.abs(low), Math.abs(high))) + 1;
    while (true) {
      BigDecimal round = most.setScale(-place, RoundingMode.FLOOR);
      if (round.compareTo(from) >= 0) {
        return round;
      }
      place--;
    }
  }

  /// Where a value stands.
  public double drawn(double value) {
    return (value - offset) / unit;
  }

  /// Where values stand.
  public double[] drawn(double[] values) {
    return Arrays.stream(values).map(this::drawn).toArray();
  }

  /// A name with the offset, if there is one.
  public String title(String name) {
    if (offset == 0) {
      return name;
    }
    BigDecimal size = BigDecimal.valueOf(Math.abs(offset)).stripTrailingZeros();
    boolean plain = Numbers.exponent(size) < 15 && size.scale() < 10;
    String written =
        plain
            ? String.format(Locale.ROOT, "%,." + Math.max(0, size.scale()) + "f", size)
            : withPower(size, Numbers.exponent(size));
    return name + (offset > 0 ? " − " : " + ") + written;
  }

  private static String withPower(BigDecimal value, int exponent) {
    String digits = value.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return digits + "·10" + Numbers.raised(exponent);
  }

  /// The label at a place, which is rounded to thousandths of the axis: 0 is 0, whatever roundings
  /// have made of it.
  String label(double drawn) {
    double length = high > low ? high - low : Math.max(Math.abs(low), Math.abs(high));
    BigDecimal value =
        new BigDecimal(drawn)
            .multiply(new BigDecimal(unit))
            .setScale(3 - exponent(length), RoundingMode.HALF_EVEN);
    if (value.signum() == 0) {
      return "0";
    }
    return exponent == 0 ? value.stripTrailingZeros().toPlainString() : withPower(value, exponent);
  }

  /// Makes it the horizontal axis of a chart.
  public void across(XYChart chart) {
    across(chart, this::label);
  }

  /// Its labels along the horizontal axis of a chart, which may reach further.
  public void labelsAcross(XYChart chart) {
    chart.getStyler().setXAxisTickLabelsFormattingFunction(this::label);
  }

  /// Makes it the horizontal axis of a chart, with other labels by where they stand; none where the
  /// end of one would be cut off.
  public void across(XYChart chart, DoubleFunction<String> label) {
    chart.getStyler().setXAxisMin(drawn(low)).setXAxisMax(drawn(high));
    double pixel = (drawn(high) - drawn(low)) / (chart.getWidth() - PLOT);
    chart
        .getStyler()
        .setXAxisTickLabelsFormattingFunction(
            at -> {
              String written = label.apply(at);
              double half = LETTER * written.length() / 2;
              return at + (half - BESIDE) * pixel > drawn(high) ? "" : written;
            });
  }

  /// Makes it the vertical axis of a chart.
  public void up(XYChart chart) {
    chart.getStyler().setYAxisMin(drawn(low)).setYAxisMax(drawn(high));
    chart.getStyler().setYAxisTickLabelsFormattingFunction(this::label);
  }
}
