package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/// Pieces of a trajectory share the rows between them, start where all was measured, and are the
/// whole when put together.
class PiecesTakeUpWhereTheLastEnds {

  /// Rows counted from 0, those at multiples of `gap` complete, the others not.
  private static Measurements rows(int count, int gap) {
    double[] times = new double[count];
    List<double[]> states = new ArrayList<>();
    List<double[]> inputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times[i] = i * i;
      states.add(new double[] {i, i % gap == 0 ? -i : Double.NaN});
      inputs.add(new double[] {7 * i});
    }
    TimeSeries measured = new TimeSeries("t", List.of("a", "b"), times, states);
    TimeSeries driving = new TimeSeries("t", List.of("u"), times, inputs);
    return new Measurements(Clock.NUMBER, List.of(new Experiment("x", measured, driving)));
  }

  @Property
  void togetherTheyAreTheWhole(
      @ForAll @IntRange(min = 2, max = 60) int count,
      @ForAll @IntRange(min = 1, max = 5) int gap,
      @ForAll @IntRange(min = 1, max = 70) int wanted) {
    List<Experiment> pieces = rows(count, gap).inPieces(wanted).experiments();
    assertTrue(pieces.size() <= wanted);
    int row = 0;
    for (Experiment piece : pieces) {
      assertTrue(piece.size() >= 2);
      assertEquals(row % gap, 0, "starts where all was measured");
      for (int i = 0; i < piece.size(); i++) {
        assertEquals((row + i) * (row + i), piece.states().times()[i]);
        assertEquals(row + i, piece.states().rows().get(i)[0]);
        assertEquals(7 * (row + i), piece.inputs().rows().get(i)[0]);
      }
      row += piece.size() - 1;
    }
    assertEquals(count - 1, row);
  }

  @Property
  void completeOnesAreOfAboutTheSameLength(@ForAll @IntRange(min = 1, max = 20) int wanted) {
    List<Experiment> pieces = rows(101, 1).inPieces(wanted).experiments();
    assertEquals(wanted, pieces.size());
    for (Experiment piece : pieces) {
      assertEquals(100.0 / wanted, piece.size() - 1, 1);
    }
  }

  @Property
  void theFirstRowsAreThose(@ForAll @DoubleRange(min = 0, max = 1) double share) {
    Experiment first = rows(40, 2).first(all -> (int) (share * all)).experiments().getFirst();
    assertEquals(Math.max(2, (int) (share * 40)), first.size());
  }

  @Example
  void firstRowsKeepTheirTimes() {
    Experiment first = rows(40, 2).first(_ -> 3).experiments().getFirst();
    assertArrayEquals(new double[] {0, 1, 4}, first.states().times());
    assertArrayEquals(new double[] {0, 7, 14}, first.inputs().component(0));
  }
}
