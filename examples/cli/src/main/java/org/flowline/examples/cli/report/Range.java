package org.flowline.examples.cli.report;

import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;

/// The interval from the smallest to the largest of some numbers; NaN for none.
record Range(double low, double high) {
  /// Numbers within this many units in the last place are equal up to rounding.
  private static final double ROUNDING = 32;

  /// Returns the range of the finite values.
  static Range of(DoubleStream values) {
    DoubleSummaryStatistics finite = values.filter(Double::isFinite).summaryStatistics();
    return finite.getCount() == 0
        ? new Range(Double.NaN, Double.NaN)
        : new Range(finite.getMin(), finite.getMax());
  }

  double size() {
    return high - low;
  }

  /// Returns the smallest range that contains both.
  Range joined(Range other) {
    if (Double.isNaN(low)) {
      return other;
    }
    return Double.isNaN(other.low)
        ? this
        : new Range(Math.min(low, other.low), Math.max(high, other.high));
  }

  /// Returns this range clamped to the limits.
  Range within(Range limits) {
    return Double.isNaN(low)
        ? this
        : new Range(
            Math.clamp(low, limits.low, limits.high), Math.clamp(high, limits.low, limits.high));
  }

  /// Returns a range wider by a share of its size on either side; for a point, or numbers that are
  /// equal up to rounding, by that share of their magnitude.
  Range wider(double share) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    double size = size() > ROUNDING * Math.ulp(largest) ? size() : largest == 0 ? 1 : largest;
    return new Range(low - share * size, high + share * size);
  }
}
