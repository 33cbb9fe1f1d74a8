package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CircleTest {
  @Test
  void learnsToTurn() {
    double[] end = Circle.learned(500);
    assertEquals(Math.cos(2), end[0], 0.1);
    assertEquals(Math.sin(2), end[1], 0.1);
  }
}
