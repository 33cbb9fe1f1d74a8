package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.examples.lab.Findings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A18 finds the edge of stability for other first weights and between other steps as well: with 50
/// looks they are an even number of steps apart, with 60 an odd one, and descent swings with period
/// 2.
class SharpnessHoversWhereverItIsLookedAt {

  @ParameterizedTest
  @CsvSource({"50, 1", "60, 2"})
  void onItsLine(int looks, long seed) {
    Findings findings = new A18SharpnessRises(looks, seed).run();
    assertAll(
        findings.measurements().stream()
            .map(found -> () -> assertTrue(found.pass(), found.toString())));
  }
}
