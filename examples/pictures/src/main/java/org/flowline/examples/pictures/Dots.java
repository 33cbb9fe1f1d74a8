package org.flowline.examples.pictures;

import java.awt.Color;
import java.util.Arrays;
import java.util.BitSet;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// Those of many dots that a chart shows: one for each cell of a grid so fine that what is in one
/// cell hides the rest of it. O(cells) beyond the dots themselves.
///
/// @param x where they stand
/// @param y where they stand
/// @param thinned whether some were left out that have a place on the chart
public record Dots(double[] x, double[] y, boolean thinned) {
  /// So many are never thinned.
  private static final int FEW = 1000;

  /// So many are left at most.
  private static final int MOST = 4000;

  /// The side of a cell, in pixels, and what it grows by as long as too many are left.
  private static final double SIDE = 4;

  private static final double GROWTH = 1.25;

  /// What is left of a pale colour's darkness.
  private static final double PALE = 0.4;

  /// @param chart with limits on both axes
  public static Dots of(XYChart chart, double[] x, double[] y) {
    if (x.length <= FEW) {
      return new Dots(x, y, false);
    }
    Grid grid = new Grid(chart, x, y);
    double side = SIDE;
    int[] chosen = grid.chosen(side);
    while (chosen.length > MOST) {
      side *= GROWTH;
      chosen = grid.chosen(side);
    }
    double[] atX = Arrays.stream(chosen).mapToDouble(i -> x[i]).toArray();
    double[] atY = Arrays.stream(chosen).mapToDouble(i -> y[i]).toArray();
    boolean thinned = chosen.length < grid.seen();
    return chosen.length > 0
        ? new Dots(atX, atY, thinned)
        : new Dots(new double[] {x[0]}, new double[] {Double.NaN}, thinned);
  }

  /// Onto the chart; paler where they are so many that they would hide lines of their colour.
  public XYSeries draw(XYChart chart, String name, Color colour) {
    return Pictures.points(chart, name, x, y, thinned ? pale(colour) : colour);
  }

  private static Color pale(Color colour) {
    return new Color(pale(colour.getRed()), pale(colour.getGreen()), pale(colour.getBlue()));
  }

  private static int pale(int channel) {
    return (int) Math.round(255 - PALE * (255 - channel));
  }

  /// The cells of a chart, in its limits.
  private record Grid(XYChart chart, double[] x, double[] y) {

    /// The first dot of each cell.
    int[] chosen(double side) {
      int columns = (int) Math.ceil(chart.getWidth() / side);
      int rows = (int) Math.ceil(chart.getHeight() / side);
      BitSet taken = new BitSet(columns * rows);
      int[] chosen = new int[Math.min(x.length, columns * rows)];
      int count = 0;
      for (int i = 0; i < x.length; i++) {
        double across = across(i);
        double up = up(i);
        if (within(across, up)) {
          int column = Math.min(columns - 1, (int) (across * columns));
          int cell = column * rows + Math.min(rows - 1, (int) (up * rows));
          if (!taken.get(cell)) {
            taken.set(cell);
            chosen[count++] = i;
          }
        }
      }
      return Arrays.copyOf(chosen, count);
    }

    int seen() {
      int seen = 0;
      for (int i = 0; i < x.length; i++) {
        seen += within(across(i), up(i)) ? 1 : 0;
      }
      return seen;
    }

    /// From 0 at the left to 1.
    private double across(int i) {
      double low = chart.getStyler().getXAxisMin();
      return (x[i] - low) / (chart.getStyler().getXAxisMax() - low);
    }

    /// From 0 at the bottom to 1.
    private double up(int i) {
      double low = chart.getStyler().getYAxisMin();
      return (y[i] - low) / (chart.getStyler().getYAxisMax() - low);
    }

    /// Not of NaN.
    private static boolean within(double across, double up) {
      return across >= 0 && across <= 1 && up >= 0 && up <= 1;
    }
  }
}
