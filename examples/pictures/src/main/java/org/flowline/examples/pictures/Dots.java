package org.flowline.examples.pictures;

import java.awt.Color;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// A subset of many dots that looks the same in a chart: one per cell of a grid so fine that a dot
/// covers its cell. O(cells) memory beyond the dots themselves.
///
/// @param x the horizontal coordinates
/// @param y the vertical coordinates
/// @param thinned whether dots inside the chart were left out
public record Dots(double[] x, double[] y, boolean thinned) {
  /// The number of dots that are never thinned.
  private static final int FEW = 1000;

  /// The largest number of dots after thinning.
  private static final int MOST = 4000;

  /// The side of a cell in pixels, and its growth factor while there are too many dots.
  private static final double SIDE = 4;

  private static final double GROWTH = 1.25;

  /// The remaining darkness of a pale colour.
  private static final double PALE = 0.4;

  /// Thins dots.
  ///
  /// @param chart a chart with limits of both axes
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
    boolean thinned = chosen.length < grid.visible();
    return chosen.length > 0
        ? new Dots(atX, atY, thinned)
        : new Dots(new double[] {x[0]}, new double[] {Double.NaN}, thinned);
  }

  /// Draws the dots, paler if they are thinned, since they would hide lines of their colour.
  public XYSeries draw(XYChart chart, String name, Color colour) {
    return Pictures.points(chart, name, x, y, thinned ? pale(colour) : colour);
  }

  private static Color pale(Color colour) {
    return new Color(pale(colour.getRed()), pale(colour.getGreen()), pale(colour.getBlue()));
  }

  private static int pale(int channel) {
    return (int) Math.round(255 - PALE * (255 - channel));
  }

  /// The cells of a chart within its limits.
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

    long visible() {
      return IntStream.range(0, x.length).filter(i -> within(across(i), up(i))).count();
    }

    /// The horizontal position, 0 at the left and 1 at the right.
    private double across(int i) {
      double low = chart.getStyler().getXAxisMin();
      return (x[i] - low) / (chart.getStyler().getXAxisMax() - low);
    }

    /// The vertical position, 0 at the bottom and 1 at the top.
    private double up(int i) {
      double low = chart.getStyler().getYAxisMin();
      return (y[i] - low) / (chart.getStyler().getYAxisMax() - low);
    }

    /// Returns whether a position is inside the chart; NaN is not.
    private static boolean within(double across, double up) {
      return across >= 0 && across <= 1 && up >= 0 && up <= 1;
    }
  }
}
