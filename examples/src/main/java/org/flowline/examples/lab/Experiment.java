package org.flowline.examples.lab;

/// A claim that is run: what is said, and what is measured.
public interface Experiment {

  /// What is claimed.
  Claim claim();

  /// Measures and draws; the same each time.
  ///
  /// @throws org.flowline.odesolvers.SolveException if a solve fails that the claim needs
  Findings run();
}
