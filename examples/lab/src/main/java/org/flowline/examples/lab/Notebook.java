package org.flowline.examples.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flowline.examples.lab.Measurement.Relation;
import org.flowline.examples.pictures.Picture;
import org.knowm.xchart.internal.chartpart.Chart;

/// Collects the measurements and pictures of a running experiment.
public final class Notebook {
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Picture> pictures = new ArrayList<>();

  /// Records `|measured − expected| ≤ tolerance`.
  public void near(String what, double measured, double expected, double tolerance) {
    add(what, measured, Relation.EQUAL, expected, tolerance);
  }

  /// Records `|measured − expected| ≤ fraction · |expected|`.
  public void within(String what, double measured, double expected, double fraction) {
    near(what, measured, expected, fraction * Math.abs(expected));
  }

  /// Records `measured ≤ bound`.
  public void atMost(String what, double measured, double bound) {
    atMost(what, measured, bound, 0);
  }

  /// Records `measured ≤ bound + tolerance`.
  public void atMost(String what, double measured, double bound, double tolerance) {
    add(what, measured, Relation.AT_MOST, bound, tolerance);
  }

  /// Records `measured ≥ bound`.
  public void atLeast(String what, double measured, double bound) {
    atLeast(what, measured, bound, 0);
  }

  /// Records `measured ≥ bound − tolerance`.
  public void atLeast(String what, double measured, double bound, double tolerance) {
    add(what, measured, Relation.AT_LEAST, bound, tolerance);
  }

  private void add(
      String what, double measured, Relation relation, double expected, double tolerance) {
    measurements.add(new Measurement(what, measured, relation, expected, tolerance));
  }

  /// Records the number of entries in which two arrays differ, by at least one bit; 0 is expected.
  ///
  /// @throws IllegalArgumentException if the arrays have different lengths, or are empty
  public void identical(String what, double[] actual, double[] expected) {
    if (actual.length != expected.length || actual.length == 0) {
      throw new IllegalArgumentException(
          "%s: arrays of %d and %d numbers; want the same length, at least 1"
              .formatted(what, actual.length, expected.length));
    }
    int different = 0;
    for (int i = 0; i < actual.length; i++) {
      if (Double.doubleToRawLongBits(actual[i]) != Double.doubleToRawLongBits(expected[i])) {
        different++;
      }
    }
    near(what + ": differing numbers of " + actual.length, different, 0, 0);
  }

  /// Adds a picture of panels side by side.
  public void picture(String name, String caption, Panel... panels) {
    picture(name, caption, panels.length, panels);
  }

  /// Adds a picture of panels in rows of this many.
  public void picture(String name, String caption, int columns, Panel... panels) {
    List<Chart<?, ?>> charts = Arrays.stream(panels).<Chart<?, ?>>map(Panel::chart).toList();
    pictures.add(new Picture(name, caption, charts, columns));
  }

  /// Returns everything recorded so far.
  ///
  /// @throws IllegalArgumentException if nothing was measured
  public Findings findings() {
    return new Findings(measurements, pictures);
  }
}
