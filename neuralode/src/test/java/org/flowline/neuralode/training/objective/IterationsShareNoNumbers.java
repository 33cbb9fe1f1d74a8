package org.flowline.neuralode.training.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The random numbers of an iteration are not the shifted ones of the previous iteration.
class IterationsShareNoNumbers {

  @Test
  void inFiftyIterations() {
    List<Double> all = new ArrayList<>();
    for (long iteration = 0; iteration < 50; iteration++) {
      MiniBatches.random(9, iteration).doubles(50).forEach(all::add);
    }
    assertEquals(2500, all.stream().distinct().count());
  }
}
