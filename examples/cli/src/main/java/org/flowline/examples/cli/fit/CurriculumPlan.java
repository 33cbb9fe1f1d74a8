package org.flowline.examples.cli.fit;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.training.objective.TrajectoriesObjective;
import org.hipparchus.stat.StatUtils;

/// The stages of a curriculum: either a horizon that grows, or multiple shooting, whose pieces are
/// joined two by two. Trajectories are whole in the last stage. Learned whole from the start, long
/// oscillations end in a flat local minimum near their mean.
///
/// @param automatic whether the data chose between the two
/// @param pieces of each trajectory at the start; 1 for a horizon
/// @param horizon the share of the rows at the start
/// @param whole the share of the training after which trajectories are whole
/// @param rows of the longest trajectory
record CurriculumPlan(boolean automatic, int pieces, double horizon, double whole, int rows) {
  private static final int FEWEST = 4;
  private static final int MOST_STAGES = 64;

  /// Turning points from which on multiple shooting is used, with a piece for every two.
  private static final int MANY_TURNS = 8;

  static CurriculumPlan of(FitConfig.Learning learning, Measurements data) {
    int pieces = learning.segments();
    if (learning.automatic()) {
      int turns = data.states().stream().mapToInt(CurriculumPlan::turns).max().orElse(0);
      pieces = turns < MANY_TURNS ? 1 : (turns + 1) / 2;
    }
    int rows = data.states().stream().mapToInt(TimeSeries::size).max().orElse(0);
    return new CurriculumPlan(
        learning.automatic(), pieces, learning.horizon(), learning.wholeAfter(), rows);
  }

  /// Returns the turning points of the component that has most, counting swings by more than its
  /// standard deviation, so that noise adds none.
  private static int turns(TimeSeries series) {
    return IntStream.range(0, series.dimension())
        .map(i -> turns(series.component(i)))
        .max()
        .orElse(0);
  }

  private static int turns(double[] values) {
    double[] known = Arrays.stream(values).filter(x -> !Double.isNaN(x)).toArray();
    double swing = Math.sqrt(StatUtils.populationVariance(known));
    double low = known[0];
    double high = known[0];
    int direction = 0;
    int turns = 0;
    for (double value : known) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      int now = value > low + swing ? 1 : value < high - swing ? -1 : direction;
      if (now != direction) {
        turns += direction == 0 ? 0 : 1;
        direction = now;
      }
      if (direction > 0) {
        low = Math.max(low, high - swing);
      } else if (direction < 0) {
        high = Math.min(high, low + swing);
      }
    }
    return turns;
  }

  /// Returns the stage after a share of the training: the number of joins so far, or the rows of
  /// the horizon.
  int stage(double done) {
    double grown = done / whole;
    if (pieces > 1) {
      int joins = 32 - Integer.numberOfLeadingZeros(pieces - 1);
      return (int) Math.min(joins, joins * grown);
    }
    int growths = growths();
    return rows((long) Math.min(growths, growths * grown));
  }

  private int shortest() {
    return Math.min(rows, Math.max(FEWEST, (int) (horizon * rows)));
  }

  private int growths() {
    return Math.min(rows - shortest(), MOST_STAGES);
  }

  private int rows(long growth) {
    return shortest() + (int) (growth * (rows - shortest()) / Math.max(1, growths()));
  }

  /// Returns the numbers of all stages, in their order.
  List<Integer> stages() {
    return pieces > 1
        ? IntStream.rangeClosed(0, stage(whole)).boxed().toList()
        : IntStream.rangeClosed(0, growths()).map(this::rows).distinct().boxed().toList();
  }

  /// Returns the loss of a stage.
  TrajectoriesObjective cut(TrajectoriesObjective whole, int stage) {
    return pieces > 1
        ? whole.inPieces(piecesIn(stage))
        : whole.first(size -> (int) ((long) size * stage / rows));
  }

  /// Returns a stage in words; empty for whole trajectories.
  String words(int stage) {
    if (pieces > 1) {
      return piecesIn(stage) == 1 ? "" : "in " + piecesIn(stage) + " pieces";
    }
    return stage >= rows ? "" : "first " + stage + " of " + rows + " rows";
  }

  private int piecesIn(int stage) {
    int left = pieces;
    for (int joined = 0; joined < stage; joined++) {
      left = (left + 1) / 2;
    }
    return left;
  }

  /// Returns the iteration from which on trajectories are whole; 0 for a single stage.
  long wholeFrom(int iterations) {
    return stages().size() == 1 ? 0 : (long) Math.ceil(whole * iterations);
  }

  /// Describes how losses of different stages compare; empty for a single stage.
  String note(int iterations) {
    return stages().size() == 1
        ? ""
        : "Until iteration %,d it is over %s."
            .formatted(
                wholeFrom(iterations),
                pieces > 1
                    ? "pieces of trajectories, and jumps where these are joined two by two"
                    : "the first part of each trajectory, which grows");
  }
}
