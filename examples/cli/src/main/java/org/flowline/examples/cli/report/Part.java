package org.flowline.examples.cli.report;

import java.util.Locale;

/// The parts of the data.
public enum Part {
  TRAINING,
  VALIDATION;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
