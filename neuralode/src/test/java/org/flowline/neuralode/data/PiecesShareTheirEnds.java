package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Pieces of a trajectory share the rows between them, which are complete, and cover the whole.
class PiecesShareTheirEnds {

  /// Returns rows of which those at multiples of `gap` are complete.
  private static List<double[]> rows(int count, int gap) {
    return IntStream.range(0, count)
        .mapToObj(i -> new double[] {i, i % gap == 0 ? -i : Double.NaN})
        .toList();
  }

  @Property
  void togetherTheyAreTheWhole(
      @ForAll @IntRange(min = 2, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 5) int gap,
      @ForAll @IntRange(min = 1, max = 70) int wanted) {
    int[] ends = Experiment.pieceEnds(rows(count, gap), wanted);
    assertTrue(ends.length - 1 <= wanted);
    assertEquals(0, ends[0]);
    assertEquals(count - 1, ends[ends.length - 1]);
    for (int i = 1; i < ends.length; i++) {
      assertTrue(ends[i] > ends[i - 1]);
      assertEquals(0, ends[i - 1] % gap, "starts at a complete row");
    }
  }

  @Property
  void completeOnesAreOfAboutTheSameLength(@ForAll @IntRange(min = 1, max = 20) int wanted) {
    int[] ends = Experiment.pieceEnds(rows(101, 1), wanted);
    assertEquals(wanted, ends.length - 1);
    for (int i = 1; i < ends.length; i++) {
      assertEquals(100.0 / wanted, ends[i] - ends[i - 1], 1);
    }
  }
}
