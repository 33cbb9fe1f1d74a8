package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.function.Executable;

class SplitsKeepValidationApart {

  private static Measurements groups(int count) {
    StringBuilder text = new StringBuilder("g,t,a,u\n");
    for (int g = 0; g < count; g++) {
      for (int t = 0; t < 5; t++) {
        text.append("g%s,%s,%s,%s\n".formatted(g, t * t, 10 * g + t, t));
      }
    }
    return CsvMeasurements.read(
        "x.csv",
        new StringReader(text.toString()),
        CsvOptions.usual().withGroup("g").withInputs(List.of("u")));
  }

  @Example
  void byTimeValidationIsLaterFromTheSameInitialState() {
    Measurements.Split split = groups(2).splitByTime(0.5);
    for (int g = 0; g < 2; g++) {
      Experiment training = split.training().experiments().get(g);
      Experiment validation = split.validation().experiments().get(g);
      assertArrayEquals(new double[] {0, 1, 4}, training.states().times());
      assertArrayEquals(new double[] {0, 1, 4, 9, 16}, validation.states().times());
      assertArrayEquals(
          new double[] {10 * g, Double.NaN, Double.NaN, 10 * g + 3, 10 * g + 4},
          validation.states().component(0));
      // The inputs of the first part are needed to solve through it.
      assertArrayEquals(new double[] {0, 1, 2, 3, 4}, validation.inputs().component(0));
    }
    assertEquals(
        "split: \"g0\" has one row in the first 0.01 of its time; want two or more: choose a larger"
            + " share",
        assertThrows(DataException.class, () -> groups(1).splitByTime(0.01)).getMessage());
    assertEquals(
        "split: a share of 1.0 to learn from; want one between 0 and 1",
        assertThrows(IllegalArgumentException.class, () -> groups(1).splitByTime(1)).getMessage());
  }

  /// Inputs may be known for longer than states: the loss over no values is 0 for every model.
  @Example
  void unmeasuredStatesValidateNothing() {
    String later = "t,a,u\n0,1,1\n1,2,1\n2,3,1\n3,,1\n4,,1\n";
    String never = "t,a,u\n0,1,1\n1,,1\n2,,1\n3,4,1\n4,5,1\n";
    assertEquals(
        "split: nothing is left to validate by; choose a smaller share",
        refusal(() -> read(later).splitByTime(0.6)));
    assertEquals(1, read(later).splitByTime(0.4).validation().experiments().size());
    assertEquals(
        "split: nothing after the first rows is left to learn from; choose a larger share",
        refusal(() -> read(never).splitByTime(0.6)));
    Measurements both =
        new Measurements(
            Clock.NUMBER,
            List.of(read(later).experiments().getFirst(), read(never).experiments().getFirst()));
    Measurements.Split split = both.splitByTime(0.6);
    assertEquals(2, split.training().experiments().size());
    assertArrayEquals(
        new double[] {1, Double.NaN, Double.NaN, 4, 5},
        only(split.validation()).states().component(0));
  }

  private static Experiment only(Measurements measured) {
    assertEquals(1, measured.experiments().size());
    return measured.experiments().getFirst();
  }

  private static String refusal(Executable split) {
    return assertThrows(DataException.class, split).getMessage();
  }

  private static Measurements read(String text) {
    return CsvMeasurements.read(
        "x.csv", new StringReader(text), CsvOptions.usual().withInputs(List.of("u")));
  }

  @Property(tries = 200)
  void byTrajectoryEachIsOnOneSideTheSameFromTheSameSeed(
      @ForAll @IntRange(min = 2, max = 9) int count,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share,
      @ForAll long seed) {
    Measurements all = groups(count);
    Measurements.Split split = all.splitByTrajectory(share, seed);
    List<Experiment> both = new ArrayList<>(split.training().experiments());
    both.addAll(split.validation().experiments());
    both.sort((a, b) -> a.name().compareTo(b.name()));
    assertEquals(all.experiments(), both);
    assertTrue(Math.abs(split.training().experiments().size() - share * count) <= 1);
    assertEquals(split, all.splitByTrajectory(share, seed));
  }

  @Example
  void oneTrajectoryIsNotTwo() {
    assertEquals(
        "split: one trajectory; want two or more, or a split by time",
        assertThrows(DataException.class, () -> groups(1).splitByTrajectory(0.5, 1)).getMessage());
  }
}
