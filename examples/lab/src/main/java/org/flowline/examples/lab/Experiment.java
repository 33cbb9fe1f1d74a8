package org.flowline.examples.lab;

/// A claim that is run: what is said, and what is measured.
public interface Experiment {

  /// What is claimed.
  Claim claim();

  /// Measures and draws; the same each time.
  ///
  /// @throws RuntimeException if what the claim needs fails, such as a solve
  Findings run();
}
