package org.flowline.examples.explore;

import java.math.BigDecimal;
import java.math.MathContext;

/// The numbers that a slider sets: their ranges, and what its positions mean.
enum Knob {
  A("a", "Semi-axis a", 'A', 0.25, 2, 35),
  B("b", "Semi-axis b", 'B', 0.25, 2, 35),
  ANGLE("angle", "Angle θ", 'n', 0, 180, 180),
  ETA("eta", "Step η", 'S', 0.01, 10, 300);

  private final String option;
  private final String label;
  private final char mnemonic;
  private final double low;
  private final double high;
  private final int positions;

  Knob(String option, String label, char mnemonic, double low, double high, int positions) {
    this.option = option;
    this.label = label;
    this.mnemonic = mnemonic;
    this.low = low;
    this.high = high;
    this.positions = positions;
  }

  String label() {
    return label;
  }

  char mnemonic() {
    return mnemonic;
  }

  /// Positions are 0 … this.
  int positions() {
    return positions;
  }

  /// The number at a position, in three digits.
  double value(int position) {
    double part = (double) position / positions;
    double exact =
        switch (this) {
          case A, B, ANGLE -> low + part * (high - low);
          case ETA -> low * Math.pow(high / low, part);
        };
    return new BigDecimal(exact).round(new MathContext(3)).doubleValue();
  }

  /// The position nearest to a number, which may lie beyond both ends.
  int position(double value) {
    double part =
        switch (this) {
          case A, B, ANGLE -> (value - low) / (high - low);
          case ETA -> Math.log(value / low) / Math.log(high / low);
        };
    return (int) Math.round(part * positions);
  }

  double of(Settings settings) {
    return switch (this) {
      case A -> settings.a();
      case B -> settings.b();
      case ANGLE -> settings.angle();
      case ETA -> settings.eta();
    };
  }

  /// The settings with another number here.
  Settings set(Settings settings, double value) {
    return switch (this) {
      case A -> settings.withA(value);
      case B -> settings.withB(value);
      case ANGLE -> settings.withAngle(value);
      case ETA -> settings.withEta(value);
    };
  }

  /// A number as it is shown.
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
