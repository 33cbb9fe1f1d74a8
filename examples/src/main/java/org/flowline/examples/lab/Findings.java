package org.flowline.examples.lab;

import java.util.List;
import org.flowline.examples.pictures.Picture;

/// What an experiment found.
///
/// @param measurements the one that carries the claim first
/// @param pictures with names that begin with the claim's id
public record Findings(List<Measurement> measurements, List<Picture> pictures) {

  /// @throws IllegalArgumentException if nothing was measured
  public Findings {
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("experiment: no measurement; want one or more");
    }
    measurements = List.copyOf(measurements);
    pictures = List.copyOf(pictures);
  }

  /// Whether the claim holds: all measurements are as expected.
  public boolean pass() {
    return measurements.stream().allMatch(Measurement::pass);
  }
}
