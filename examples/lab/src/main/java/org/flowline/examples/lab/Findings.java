package org.flowline.examples.lab;

import java.util.List;
import org.flowline.examples.pictures.Picture;
import org.flowline.odesolvers.SolveException;

/// The results of an experiment.
///
/// @param measurements the one that carries the claim first
/// @param pictures with names that start with the claim's id
public record Findings(List<Measurement> measurements, List<Picture> pictures) {

  /// @throws IllegalArgumentException if there is no measurement
  public Findings {
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("experiment: no measurement; want one or more");
    }
    measurements = List.copyOf(measurements);
    pictures = List.copyOf(pictures);
  }

  /// Runs an experiment. An exception, such as from a diverging solve or a search without a root,
  /// becomes a measurement that fails, so that the other experiments still run.
  public static Findings of(Experiment experiment) {
    Notebook notes = new Notebook();
    try {
      experiment.procedure().accept(notes);
      return notes.findings();
    } catch (RuntimeException failed) {
      String kind =
          failed instanceof SolveException ? "" : failed.getClass().getSimpleName() + ", ";
      Notebook none = new Notebook();
      none.near("completed: " + kind + failed.getMessage(), 0, 1, 0);
      return none.findings();
    }
  }

  /// Returns whether the claim holds: all measurements are as expected.
  public boolean pass() {
    return measurements.stream().allMatch(Measurement::pass);
  }
}
