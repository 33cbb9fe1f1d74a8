package org.flowline.examples.gallery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Each program of the gallery reaches its figure, in a short form where it can be shorter.
class GalleryRuns {

  @Test
  void quickStart() {
    assertTrue(QuickStart.run(200) < 0.1, "trained for 200 of 500 iterations");
  }

  /// The error falls by the factor `1 − 2 · 0.3 · (dt₂/de)² = 0.36` in each of 30 iterations.
  @Test
  void eventWithLearnedParameter() {
    assertEquals(0.7, EventWithLearnedParameter.run(30), 1e-9);
  }

  /// Rate 0.2 leaves a standard deviation of some 0.01 of the mean weight.
  @Test
  void noisyFieldTraining() {
    assertEquals(8 / 9.0, NoisyFieldTraining.run(5000), 0.03);
  }

  /// Milstein's error is of order 1: at most a few steps, and a tenth with a tenth of the step.
  @Test
  void stochasticField() {
    double[] coarse = StochasticField.run(100);
    double[] fine = StochasticField.run(1000);
    for (int i = 0; i < 2; i++) {
      assertEquals(coarse[i + 2], coarse[i], 0.03);
      assertEquals(fine[i + 2], fine[i], 0.003);
    }
  }

  @Test
  void secondOrder() {
    assertEquals(1, SecondOrder.run(1000), 1e-4);
  }

  @Test
  void hyperNetworkField() {
    assertArrayEquals(new double[] {1, -1}, HyperNetworkField.run(20), 1e-6);
  }

  @Test
  void runningCostObjective() {
    assertArrayEquals(new double[] {-1, 0, 1}, RunningCostObjective.run(500), 1e-4);
  }

  @Test
  void manyProblems() {
    assertTrue(ManyProblems.run(100) < 1e-8, "the periods are Gauss's");
  }
}
