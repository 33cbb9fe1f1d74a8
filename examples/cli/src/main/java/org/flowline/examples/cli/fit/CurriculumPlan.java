package org.flowline.examples.cli.fit;

import java.util.Arrays;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.hipparchus.stat.StatUtils;

/// The stages in which a training meets its measurements, so that long oscillating series do not
/// end in the flat local minimum "go through the middle": either the first rows of each trajectory,
/// and then more, or all of it in pieces that start where it was measured and are joined two by
/// two. In the end all trajectories are whole.
///
/// @param pieces of each trajectory at the beginning; 1 for a horizon
/// @param horizon the share of the rows with which a training starts
/// @param whole the share of the training after which trajectories are whole
public record CurriculumPlan(int pieces, double horizon, double whole) {
  private static final int FEWEST = 4;

  /// In how many stages at most a horizon grows: each makes the loss anew.
  private static final int MOST_STAGES = 64;

  /// A trajectory that turns so often needs pieces, and one for each two turns.
  private static final int MANY_TURNS = 8;

  /// Pieces where the measurements turn often, else a horizon that grows.
  public static CurriculumPlan suited(Measurements measured, double horizon, double whole) {
    int turns = measured.states().stream().mapToInt(CurriculumPlan::turns).max().orElse(0);
    return new CurriculumPlan(turns < MANY_TURNS ? 1 : (turns + 1) / 2, horizon, whole);
  }

  /// How often the component that turns most does so, by more than its standard deviation, so that
  /// noise does not count.
  static int turns(TimeSeries series) {
    int most = 0;
    for (int i = 0; i < series.dimension(); i++) {
      most = Math.max(most, turns(series.component(i)));
    }
    return most;
  }

  private static int turns(double[] values) {
    double[] seen = Arrays.stream(values).filter(x -> !Double.isNaN(x)).toArray();
    double least = Math.sqrt(StatUtils.populationVariance(seen));
    double low = seen[0];
    double high = seen[0];
    int direction = 0;
    int turns = 0;
    for (double value : seen) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      int now = value > low + least ? 1 : value < high - least ? -1 : direction;
      if (now != direction) {
        turns += direction == 0 ? 0 : 1;
        direction = now;
      }
      if (direction > 0) {
        low = Math.max(low, high - least);
      } else if (direction < 0) {
        high = Math.min(high, low + least);
      }
    }
    return turns;
  }

  /// Whether there is more than one stage.
  boolean changes(Measurements all) {
    return stage(1, all) > stage(0, all);
  }

  /// The number of the stage when this share of the training is done.
  int stage(double done, Measurements all) {
    double grown = done / whole;
    if (pieces > 1) {
      int joins = 32 - Integer.numberOfLeadingZeros(pieces - 1);
      return (int) Math.min(joins, joins * grown);
    }
    int rows = longest(all);
    int first = Math.min(rows, Math.max(FEWEST, (int) (horizon * rows)));
    int stages = Math.min(rows - first, MOST_STAGES);
    long growth = (long) Math.min(stages, stages * grown);
    return first + (int) (growth * (rows - first) / Math.max(1, stages));
  }

  /// What is learned from in a stage.
  Measurements at(int stage, Measurements all) {
    if (pieces > 1) {
      return all.inPieces(left(stage));
    }
    int rows = longest(all);
    return all.first(of -> (int) ((long) of * stage / rows));
  }

  /// That, in some words; none where trajectories are whole.
  String words(int stage, Measurements all) {
    if (pieces > 1) {
      return left(stage) == 1 ? "" : "in " + left(stage) + " pieces";
    }
    int rows = longest(all);
    return stage >= rows ? "" : "first " + stage + " of " + rows + " rows";
  }

  /// How many pieces are left in a stage.
  private int left(int stage) {
    int left = pieces;
    for (int joined = 0; joined < stage; joined++) {
      left = (left + 1) / 2;
    }
    return left;
  }

  private static int longest(Measurements all) {
    return all.states().stream().mapToInt(TimeSeries::size).max().orElse(0);
  }
}
