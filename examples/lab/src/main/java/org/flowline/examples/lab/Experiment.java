package org.flowline.examples.lab;

/// A claim and the experiment that checks it.
public interface Experiment {

  Claim claim();

  /// Runs the experiment and records its measurements, the one that carries the claim first, and
  /// its pictures, whose names start with the claim's id. Deterministic.
  ///
  /// @throws RuntimeException if a computation that the claim needs fails, such as a solve
  void run(Notebook notes);
}
