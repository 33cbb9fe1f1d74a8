package org.flowline.examples.cli.report;

import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;

/// From the least to the largest of some numbers.
record Range(double low, double high) {
  /// Numbers so many units in the last place apart differ by roundings only.
  private static final double ROUNDING = 32;

  /// Of those that are finite; NaN of none.
  static Range of(DoubleStream values) {
    DoubleSummaryStatistics finite = values.filter(Double::isFinite).summaryStatistics();
    return finite.getCount() == 0
        ? new Range(Double.NaN, Double.NaN)
        : new Range(finite.getMin(), finite.getMax());
  }

  double size() {
    return high - low;
  }

  /// Of both; NaN counts for nothing.
  Range joined(Range other) {
    if (Double.isNaN(low)) {
      return other;
    }
    return Double.isNaN(other.low)
        ? this
        : new Range(Math.min(low, other.low), Math.max(high, other.high));
  }

  /// The part of this that is in the other one.
  Range within(Range limits) {
    return Double.isNaN(low)
        ? this
        : new Range(
            Math.clamp(low, limits.low, limits.high), Math.clamp(high, limits.low, limits.high));
  }

  /// Wider by a share of its size on either side; about a point, or numbers that differ by
  /// roundings only, which no ticks tell apart, by that share of what they are.
  Range wider(double share) {
    double largest = Math.max(Math.abs(low), Math.abs(high));
    double size = size() > ROUNDING * Math.ulp(largest) ? size() : largest == 0 ? 1 : largest;
    return new Range(low - share * size, high + share * size);
  }
}
