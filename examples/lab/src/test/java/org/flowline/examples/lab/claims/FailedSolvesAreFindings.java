package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.flowline.examples.lab.Claim;
import org.flowline.examples.lab.Experiment;
import org.flowline.examples.lab.Findings;
import org.flowline.examples.lab.Losses;
import org.flowline.examples.lab.Orbit;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.junit.jupiter.api.Test;

/// A claim whose experiment throws, such as from a failed solve or a root search without a root,
/// fails with the reason and does not stop the others.
class FailedSolvesAreFindings {

  /// An experiment that runs a task.
  private static Experiment running(Runnable work) {
    return new Experiment(
        new Claim("X1", "", "", "", "", "", ""),
        notes -> {
          work.run();
          notes.near("reached", 1, 1, 0);
        });
  }

  /// Descends in Rosenbrock's valley with a step with which the iterates diverge to infinity.
  private static void diverge() {
    Losses valley = Losses.rosenbrock();
    Orbit.descent(valley.objective(), valley.start(), 1, 100);
  }

  @Test
  void withTheReason() {
    fails(FailedSolvesAreFindings::diverge, "finite");
  }

  @Test
  void withoutARoot() {
    fails(() -> new BrentSolver(1e-12).solve(200, x -> x * x + 1, 0, 1), "bracket");
  }

  @Test
  void withAnyOtherException() {
    fails(() -> List.of().getFirst(), "NoSuchElementException");
    fails(
        () -> new Findings(List.of(), List.of()), "IllegalArgumentException, experiment: no measu");
  }

  private static void fails(Runnable work, String why) {
    Findings findings = Findings.of(running(work));
    assertFalse(findings.pass());
    assertEquals(1, findings.measurements().size());
    String what = findings.measurements().getFirst().what();
    assertTrue(what.startsWith("completed: ") && what.contains(why), what);
  }

  @Test
  void otherExperimentsAreUnaffected() {
    assertTrue(Findings.of(running(() -> {})).pass());
    Experiment experiment = Lab.find("A3").orElseThrow();
    assertTrue(Findings.of(experiment).pass());
  }
}
