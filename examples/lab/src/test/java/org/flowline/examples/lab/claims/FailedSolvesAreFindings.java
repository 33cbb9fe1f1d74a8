package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Measurement;
import org.flowline.examples.lab.Orbit;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.junit.jupiter.api.Test;

/// An experiment whose solve fails does not hold, says why, and stops no other; nor does one whose
/// root is not where it is looked for, or anything else that fails.
class FailedSolvesAreFindings {

  /// An experiment that does this.
  private record Doing(Runnable work) implements Experiment {

    @Override
    public Claim claim() {
      return new Claim("X1", "", "", "", "", "", "");
    }

    @Override
    public Findings run() {
      work.run();
      return new Findings(List.of(Measurement.near("reached", 1, 1, 0)), List.of());
    }
  }

  /// Descends with a step on which Rosenbrock's valley throws the iterates to infinity.
  private static void diverge() {
    Losses valley = Losses.rosenbrock();
    Orbit.descent(valley.objective(), valley.start(), 1, 100);
  }

  @Test
  void withTheirReason() {
    fails(FailedSolvesAreFindings::diverge, "finite");
  }

  @Test
  void soAreRootsThatAreNotThere() {
    fails(() -> new BrentSolver(1e-12).solve(200, x -> x * x + 1, 0, 1), "bracket");
  }

  @Test
  void soIsWhateverElseFails() {
    fails(() -> List.of().getFirst(), "NoSuchElementException");
    fails(
        () -> new Findings(List.of(), List.of()), "IllegalArgumentException, experiment: no measu");
  }

  private static void fails(Runnable work, String why) {
    Findings findings = Findings.of(new Doing(work));
    assertFalse(findings.pass());
    assertEquals(1, findings.measurements().size());
    String what = findings.measurements().getFirst().what();
    assertTrue(what.startsWith("came to its end: ") && what.contains(why), what);
  }

  @Test
  void othersAreAsRun() {
    assertTrue(Findings.of(new Doing(() -> {})).pass());
    Experiment experiment = Lab.find("A3").orElseThrow();
    assertTrue(Findings.of(experiment).pass());
  }
}
