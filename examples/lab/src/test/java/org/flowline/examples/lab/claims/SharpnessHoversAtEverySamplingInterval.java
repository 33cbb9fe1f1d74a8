package org.flowline.examples.lab.claims;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.flowline.examples.lab.Notebook;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A18 finds the edge of stability for other initial weights and other sampling intervals, too:
/// with 50 samples the interval is an even number of steps, with 60 an odd one, and descent
/// oscillates with period 2.
class SharpnessHoversAtEverySamplingInterval {

  @ParameterizedTest
  @CsvSource({"50, 1", "60, 2"})
  void atTheLimit(int samples, long seed) {
    Notebook notes = new Notebook();
    new A18SharpnessRises(samples, seed).run(notes);
    assertAll(
        notes.findings().measurements().stream()
            .map(found -> () -> assertTrue(found.pass(), found.toString())));
  }
}
