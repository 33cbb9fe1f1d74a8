package org.flowline.examples.pictures;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.knowm.xchart.XYChart;

/// The map of values to positions on an axis:
///
///     drawn = (value − offset) / unit
///
/// The offset is a round number. It is not 0 if the values are so large compared with their range
/// that their labels would be long; labels then show the difference, and the axis title the offset.
/// The unit, a power of ten, is invisible: XChart rounds ticks to ten decimals and needs numbers of
/// a moderate size.
///
/// @param offset the number that all labels leave out
/// @param unit the value of a drawn unit
/// @param low the lower end of the axis, as a value
/// @param high the upper end of the axis, as a value
/// @param exponent the exponent of the labels' power of ten, or 0 for plain labels
public record Scale(double offset, double unit, double low, double high, int exponent) {
  /// The range of numbers without a power of ten.
  private static final double LARGE = 1e7;

  private static final double SMALL = 1e-3;

  /// The largest number of digits of a label, without and with a power of ten.
  private static final int DIGITS = 7;

  private static final int DIGITS_OF_POWER = 4;

  /// The largest distance of the offset from the axis, in lengths of the axis.
  private static final BigDecimal BELOW = BigDecimal.TEN;

  /// The approximate width of a letter and the free space beside the plot, in pixels.
  private static final double LETTER = 8.5;

  private static final double BESIDE = 12;

  /// The width of labels and legend beside the plot, in pixels.
  private static final double PLOT = 100;

  /// The axis from `low` to `high`.
  public static Scale of(double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return of(0, 1); // nothing is visible
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

  /// The axis without offset and unit, for values that are drawn as they are.
  static Scale plain(double low, double high) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    int place = high > low ? exponent(high - low) : 0;
    return new Scale(0, 1, low, high, power(largest, place));
  }

  private static int exponent(double value) {
    return value == 0 ? 0 : Numbers.exponent(BigDecimal.valueOf(value));
  }

  /// The exponent of labels up to `largest` whose differences have their first digit at `place`.
  private static int power(double largest, int place) {
    boolean usual = largest == 0 || (largest >= SMALL && largest < LARGE && place > -6);
    return usual ? 0 : exponent(largest);
  }

  /// The roundest number on the axis or at most [#BELOW] lengths below it.
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

  /// The position of a value.
  public double drawn(double value) {
    return (value - offset) / unit;
  }

  public double[] drawn(double[] values) {
    return Arrays.stream(values).map(this::drawn).toArray();
  }

  /// The axis title: a name, with the offset if it is not 0.
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

  /// The label at a position, rounded to thousandths of the axis, so that 0 is shown as 0 in spite
  /// of rounding.
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

  public void across(XYChart chart) {
    across(chart, this::label);
  }

  /// Sets only the labels of the horizontal axis, which may be longer than this scale.
  public void labelsAcross(XYChart chart) {
    chart.getStyler().setXAxisTickLabelsFormattingFunction(this::label);
  }

  /// Sets the horizontal axis of a chart, with labels by position; labels that would be cut off are
  /// left out.
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

  public void up(XYChart chart) {
    chart.getStyler().setYAxisMin(drawn(low)).setYAxisMax(drawn(high));
    chart.getStyler().setYAxisTickLabelsFormattingFunction(this::label);
  }
}
