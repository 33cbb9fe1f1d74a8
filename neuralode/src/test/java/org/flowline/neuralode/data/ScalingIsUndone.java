package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.hipparchus.stat.descriptive.StreamingStatistics;
import org.junit.jupiter.api.function.Executable;

class ScalingIsUndone {

  private static TimeSeries series(List<Double> values) {
    double[] times = new double[values.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = 1900 + 0.25 * i * (i + 1);
    }
    return new TimeSeries(
        "t", List.of("y"), times, values.stream().map(value -> new double[] {value}).toList());
  }

  @Property
  void byUnscaling(
      @ForAll @Size(min = 2, max = 30) List<@DoubleRange(min = -1e6, max = 1e6) Double> values) {
    TimeSeries series = series(values);
    Scaling scaling = Scaling.of(series);
    double largest = values.stream().mapToDouble(Math::abs).max().orElseThrow();
    for (int i = 0; i < values.size(); i++) {
      double[] there = scaling.scaled(series.rows().get(i));
      double[] back = scaling.unscaled(there);
      // Four operations, each rounded relative to a number below 2·max |y|.
      assertEquals(values.get(i), back[0], 4 * Math.ulp(2 * largest));
      assertArrayEquals(there, scaling.scaled(series.rows()).get(i));
    }
  }

  @Property
  void itsStatisticsAreHipparchus(
      @ForAll @Size(min = 2, max = 30) List<@DoubleRange(min = -1e3, max = 1e3) Double> values) {
    Scaling scaling = Scaling.of(series(values));
    StreamingStatistics oracle = new StreamingStatistics();
    values.forEach(oracle::addValue);
    // Sums of thirty numbers below 1e3.
    assertEquals(oracle.getMean(), scaling.mean()[0], 1e-11);
    double deviation = Math.sqrt(oracle.getPopulationVariance());
    if (deviation > 1e-3) {
      assertEquals(deviation, scaling.deviation()[0], 1e-9);
    }
  }

  @Example
  void meanZeroDeviationOneAndTimeFromZeroToTwenty() {
    TimeSeries series = series(List.of(1.0, 2.0, 6.0, 7.0));
    Scaling scaling = Scaling.of(series);
    assertEquals(4, scaling.mean()[0]);
    assertEquals(Math.sqrt((9 + 4 + 4 + 9) / 4.0), scaling.deviation()[0], 1e-15);
    assertEquals(1900, scaling.origin());
    assertEquals(3 / 20.0, scaling.unit(), 1e-13);
    assertArrayEquals(
        new double[] {0, 10 / 3.0, 10, 20}, scaling.scaledTimes(series.times()), 1e-11);
    assertArrayEquals(new double[] {3 / Math.sqrt(6.5)}, scaling.scaled(new double[] {7}), 1e-15);
  }

  @Example
  void severalTrajectoriesShareOneAndMissingValuesDoNotCount() {
    TimeSeries one =
        new TimeSeries(
            "t",
            List.of("y"),
            new double[] {5, 7},
            List.of(new double[] {1}, new double[] {Double.NaN}));
    Scaling scaling = Scaling.of(List.of(one, series(List.of(2.0, 6.0, 7.0))));
    assertEquals(4, scaling.mean()[0]);
    assertEquals(Math.sqrt((9 + 4 + 4 + 9) / 4.0), scaling.deviation()[0], 1e-15);
    assertEquals(5, scaling.origin());
    assertEquals(2 / 20.0, scaling.unit());
  }

  /// The squares of ±1 in units of 1e-200 and of 1e-300 underflow.
  @Example
  void tinyNumbersBecomeOnes() {
    for (double tiny : new double[] {1e-140, 1e-200, 1e-300}) {
      Scaling scaling = Scaling.of(series(List.of(tiny, -tiny, tiny, -tiny)));
      assertEquals(tiny, scaling.deviation()[0], 1e-15 * tiny);
    }
  }

  @Example
  void numbersWhoseSquaresOverflowAreRefused() {
    assertEquals(
        "column \"y\" has numbers whose squares overflow; choose a larger unit",
        assertThrows(DataException.class, () -> Scaling.of(series(List.of(1e200, -1e200))))
            .getMessage());
  }

  /// The mean and the variance are rounded.
  @Property
  void aConstantComponentKeepsItsUnit(
      @ForAll double value, @ForAll @IntRange(min = 2, max = 40) int rows) {
    double modest = Math.abs(value) < 1e100 ? value : 0.1;
    Scaling scaling = Scaling.of(series(Collections.nCopies(rows, modest)));
    assertEquals(1, scaling.deviation()[0]);
    // The mean of equal numbers is that number, up to its rounding.
    double scaled = scaling.scaled(new double[] {modest})[0];
    assertTrue(Math.abs(scaled) <= 2 * Math.ulp(modest), modest + " becomes " + scaled);
  }

  @Example
  void whatMakesNoUnitIsRefused() {
    double[] one = {1};
    says(
        "scaling: time counts from 0.0 in units of 0.0; want finite numbers, and a unit above 0",
        () -> new Scaling(0, 0, one, one));
    says(
        "scaling: component 0 counts from 1.0 in units of -1.0; want finite numbers, and a unit above 0",
        () -> new Scaling(0, 1, one, new double[] {-1}));
    says(
        "scaling: component 0 counts from NaN in units of 1.0; want finite numbers, and a unit above 0",
        () -> new Scaling(0, 1, new double[] {Double.NaN}, one));
    says(
        "scaling: 1 means and 2 deviations; want as many",
        () -> new Scaling(0, 1, one, new double[2]));
    says("scaling: a series of 1 rows; want two or more", () -> Scaling.of(series(List.of(3.0))));
    Scaling scaling = new Scaling(0, 1, one, one);
    says("scaling: a state of 2 components; want 1", () -> scaling.scaled(new double[2]));
    says("scaling: a state of 0 components; want 1", () -> scaling.unscaled(new double[0]));
  }

  @Example
  void itsArraysAreItsOwn() {
    double[] mean = {1};
    Scaling scaling = new Scaling(0, 1, mean, new double[] {1});
    mean[0] = 9;
    scaling.mean()[0] = 9;
    scaling.deviation()[0] = 9;
    assertEquals(1, scaling.mean()[0]);
    assertEquals(1, scaling.deviation()[0]);
  }

  private static void says(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  /// Steps of one bit are rounding, steps of 20 bits are not.
  @Example
  void roundingIsNoDeviation() {
    double c = 0.3;
    double[] times = {0, 1, 2, 4};
    List<double[]> rows =
        List.of(
            new double[] {c, 1, 1e16},
            new double[] {c + Math.ulp(c), 1 + 20 * Math.ulp(1.0), 1e16 + 2},
            new double[] {c, 1, 1e16},
            new double[] {c + Math.ulp(c), 1 + 20 * Math.ulp(1.0), 1e16 + 2});
    double[] deviation =
        Scaling.of(new TimeSeries("t", List.of("a", "b", "c"), times, rows)).deviation();
    assertArrayEquals(new double[] {1, 10 * Math.ulp(1.0), 1}, deviation, 1e-18);
  }

  @Example
  void timesThatBecomeEqualAreRefused() {
    double next = Math.nextUp(1.7);
    List<double[]> rows =
        List.of(new double[] {1}, new double[] {2}, new double[] {3}, new double[] {4});
    TimeSeries series = new TimeSeries("t", List.of("a"), new double[] {0, 1.7, next, 4}, rows);
    Scaling scaling = Scaling.of(series);
    assertEquals(
        "times 1.7 and 1.7000000000000002 are too close together to tell apart; move or remove one of them",
        assertThrows(DataException.class, () -> scaling.scaledTimes(series.times())).getMessage());
    assertArrayEquals(
        new double[] {0, 0, 5}, scaling.scaledTimes(0, 0, 1), "a repeated time is one");
  }
}
