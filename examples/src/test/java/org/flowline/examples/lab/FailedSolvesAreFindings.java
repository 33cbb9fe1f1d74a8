package org.flowline.examples.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// An experiment whose solve fails does not hold, says why, and stops no other.
class FailedSolvesAreFindings {

  /// Descends with a step on which Rosenbrock's valley throws the iterates to infinity.
  private static final Experiment DIVERGES =
      new Experiment() {
        @Override
        public Claim claim() {
          return new Claim("X1", "", "", "", "", "", "");
        }

        @Override
        public Findings run() {
          Losses valley = Losses.rosenbrock();
          Orbit.descent(valley.objective(), valley.start(), 1, 100);
          return new Findings(List.of(Measurement.near("reached", 1, 1, 0)), List.of());
        }
      };

  @Test
  void withTheirReason() {
    Findings findings = Findings.of(DIVERGES);
    assertFalse(findings.pass());
    String what = findings.measurements().getFirst().what();
    assertTrue(what.startsWith("solved to the end: ") && what.contains("finite"), what);
  }

  @Test
  void othersAreAsRun() {
    Experiment experiment = Lab.find("A3").orElseThrow();
    assertTrue(Findings.of(experiment).pass());
  }
}
