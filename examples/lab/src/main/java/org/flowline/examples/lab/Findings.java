package org.flowline.examples.lab;

import java.util.List;
import org.flowline.examples.pictures.Picture;
import org.flowline.odesolvers.SolveException;

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

  /// Runs an experiment. One that fails to come to its end, as a solve does that diverges or a
  /// search for a root that is not there, is a finding too, for which nothing holds, so that the
  /// others are still shown.
  public static Findings of(Experiment experiment) {
    try {
      return experiment.run();
    } catch (SolveException failed) {
      return failed(failed.getMessage());
    } catch (RuntimeException failed) {
      return failed(failed.getClass().getSimpleName() + ", " + failed.getMessage());
    }
  }

  private static Findings failed(String why) {
    return new Findings(List.of(Measurement.near("came to its end: " + why, 0, 1, 0)), List.of());
  }

  /// Whether the claim holds: all measurements are as expected.
  public boolean pass() {
    return measurements.stream().allMatch(Measurement::pass);
  }
}
