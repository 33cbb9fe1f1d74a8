package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimeSeriesAreTrajectories {

  @Test
  void ofFiniteNumbersAtIncreasingTimes() {
    says("time series: 2 times and 1 rows; want as many", new double[] {0, 1}, row(1, 2));
    says(
        "time series: time 1 is 0.0 after 0.0; want finite, increasing times",
        new double[] {0, 0},
        row(1, 2),
        row(1, 2));
    says(
        "time series: time 0 is NaN; want finite, increasing times",
        new double[] {Double.NaN},
        row(1, 2));
    says(
        "time series: time 1 is Infinity after 0.0; want finite, increasing times",
        new double[] {0, Double.POSITIVE_INFINITY},
        row(1, 2),
        row(1, 2));
    says("time series: row 1 has 1 values for 2 names", new double[] {0, 1}, row(1, 2), row(1));
    says(
        "time series: row 0 has the value -Infinity; want finite ones, or NaN for a missing one",
        new double[] {0},
        row(1, Double.NEGATIVE_INFINITY));
  }

  private static double[] row(double... values) {
    return values;
  }

  private static void says(String message, double[] times, double[]... rows) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new TimeSeries("t", List.of("a", "b"), times, List.of(rows)))
            .getMessage());
  }

  @Test
  void withNumbersOfTheirOwn() {
    double[] times = {0, 1};
    double[] first = {1, 2};
    TimeSeries series =
        new TimeSeries("t", List.of("a", "b"), times, List.of(first, new double[] {3, 4}));
    times[1] = -1;
    first[0] = 99;
    series.times()[0] = 99;
    assertArrayEquals(new double[] {0, 1}, series.times());
    assertArrayEquals(new double[] {1, 3}, series.component(0));
    assertArrayEquals(new double[] {2, 4}, series.component(1));
    assertEquals(2, series.size());
    assertEquals(2, series.dimension());
  }
}
