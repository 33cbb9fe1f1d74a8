package org.flowline.examples.explore;

import java.math.BigDecimal;
import java.math.MathContext;

/// The sliders: the ranges of their numbers, and the number at each position.
enum Knob {
  A("a", "Semi-axis a", 'A', 0.25, 2, 35),
  B("b", "Semi-axis b", 'B', 0.25, 2, 35),
  ANGLE("angle", "Angle θ", 'n', 0, 180, 180),
  ETA("eta", "Step η", 'S', 0.01, 10, 300);

  private final String option;
  final String label;
  final char mnemonic;
  private final double low;
  private final double high;

  /// The largest position; the smallest is 0.
  final int positions;

  Knob(String option, String label, char mnemonic, double low, double high, int positions) {
    this.option = option;
    this.label = label;
    this.mnemonic = mnemonic;
    this.low = low;
    this.high = high;
    this.positions = positions;
  }

  /// Returns the number at a position, rounded to three digits.
  double value(int position) {
    double part = (double) position / positions;
    double exact =
        switch (this) {
          case A, B, ANGLE -> low + part * (high - low);
          case ETA -> low * Math.pow(high / low, part);
        };
    return new BigDecimal(exact).round(new MathContext(3)).doubleValue();
  }

  /// Returns the nearest position to a number, which may be outside the range.
  int position(double value) {
    double part =
        switch (this) {
          case A, B, ANGLE -> (value - low) / (high - low);
          case ETA -> Math.log(value / low) / Math.log(high / low);
        };
    return (int) Math.round(part * positions);
  }

  /// Returns this number of the settings.
  double of(Settings settings) {
    return switch (this) {
      case A -> settings.a();
      case B -> settings.b();
      case ANGLE -> settings.angle();
      case ETA -> settings.eta();
    };
  }

  /// Returns the settings with another value of this number.
  Settings set(Settings settings, double value) {
    return new Settings(
        this == A ? value : settings.a(),
        this == B ? value : settings.b(),
        this == ANGLE ? value : settings.angle(),
        this == ETA ? value : settings.eta(),
        settings.descent(),
        settings.x(),
        settings.y());
  }

  String shown(double value) {
    String digits =
        new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
    return this == ANGLE ? digits + "°" : digits;
  }

  /// @throws IllegalArgumentException if the number is out of range
  void require(double value) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "--%s: %s; want %s … %s".formatted(option, value, plain(low), plain(high)));
    }
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
