package org.flowline.examples.cli.report;

import java.util.Locale;

/// What rows are for.
public enum Part {
  /// To learn from.
  TRAINING,
  /// To be judged by.
  VALIDATION;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
