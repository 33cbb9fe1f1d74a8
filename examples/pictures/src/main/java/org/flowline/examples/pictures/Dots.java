package org.flowline.examples.pictures;

import java.awt.Color;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;

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
    AxesChartStyler axes = chart.getStyler();
    // From 0 at the left to 1 at the right, and from 0 at the bottom to 1 at the top.
    IntToDoubleFunction across = position(x, axes.getXAxisMin(), axes.getXAxisMax());
    IntToDoubleFunction up = position(y, axes.getYAxisMin(), axes.getYAxisMax());
    IntPredicate visible = i -> within(across.applyAsDouble(i)) && within(up.applyAsDouble(i));
    double side = SIDE;
    int[] chosen;
    do {
      int columns = (int) Math.ceil(chart.getWidth() / side);
      int rows = (int) Math.ceil(chart.getHeight() / side);
      BitSet taken = new BitSet(columns * rows);
      chosen =
          IntStream.range(0, x.length)
              .filter(visible)
              .filter(
                  i -> {
                    int column = Math.min(columns - 1, (int) (across.applyAsDouble(i) * columns));
                    int row = Math.min(rows - 1, (int) (up.applyAsDouble(i) * rows));
                    boolean first = !taken.get(column * rows + row);
                    taken.set(column * rows + row);
                    return first;
                  })
              .toArray();
      side *= GROWTH;
    } while (chosen.length > MOST);
    double[] atX = Arrays.stream(chosen).mapToDouble(i -> x[i]).toArray();
    double[] atY = Arrays.stream(chosen).mapToDouble(i -> y[i]).toArray();
    boolean thinned = chosen.length < IntStream.range(0, x.length).filter(visible).count();
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

  private static IntToDoubleFunction position(double[] values, double low, double high) {
    return i -> (values[i] - low) / (high - low);
  }

  /// Returns whether a position is inside the chart; NaN is not.
  private static boolean within(double position) {
    return position >= 0 && position <= 1;
  }
}
