package org.flowline.examples.explore;

import java.awt.Font;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;

/// The layout of a scene's picture: the bowl at the left, with equal scales along both axes, the
/// losses at the right.
///
/// @param width the width of a panel, in pixels
/// @param height the height of a panel, in pixels
/// @param reachX the largest visible `|x₁|`
/// @param reachY the largest visible `|x₂|`
/// @param centreX the pixel column of the minimum
/// @param centreY the pixel row of the minimum
/// @param unit pixels per unit of distance
public record Sheet(
    int width,
    int height,
    double reachX,
    double reachY,
    double centreX,
    double centreY,
    double unit) {
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final int SMALLEST = 120;

  /// A sheet of this size. XChart determines the space of the axes while painting, so that an empty
  /// chart is painted first.
  public static Sheet of(int width, int height) {
    int panel = Math.max(SMALLEST, width / 2);
    int rows = Math.max(SMALLEST, height);
    double reach = Settings.REACH;
    XYChart chart = new BowlChart(panel, rows, reach, reach).empty();
    Pictures.layOut(chart);
    double across = Math.abs(chart.getScreenXFromChart(1) - chart.getScreenXFromChart(0));
    double down = Math.abs(chart.getScreenYFromChart(1) - chart.getScreenYFromChart(0));
    double unit = Math.min(across, down);
    return new Sheet(
        panel,
        rows,
        reach * across / unit,
        reach * down / unit,
        chart.getScreenXFromChart(0),
        chart.getScreenYFromChart(0),
        unit);
  }

  /// An empty chart with the legend below it.
  static XYChart chart(String title, String x, String y, int width, int height) {
    XYChart chart = Pictures.chart(title, x, y, width, height);
    chart.getStyler().setPlotContentSize(1).setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal).setChartTitleFont(TITLE);
    return chart;
  }

  public Picture draw(Scene scene) {
    return Picture.of(
        "explore",
        "A bowl with its gradient flow and descent, and their losses.",
        new BowlChart(width, height, reachX, reachY).of(scene),
        LossChart.of(scene, width, height));
  }

  /// Returns whether this is the sheet for a surface of this size.
  boolean fits(int surfaceWidth, int surfaceHeight) {
    return width == Math.max(SMALLEST, surfaceWidth / 2)
        && height == Math.max(SMALLEST, surfaceHeight);
  }

  /// Returns whether a pixel is inside the bowl's plot.
  boolean inBowl(int column, int row) {
    return Math.abs(x(column)) <= reachX && Math.abs(y(row)) <= reachY;
  }

  /// The coordinate `x₁` at a pixel column.
  double x(int column) {
    return (column - centreX) / unit;
  }

  double y(int row) {
    return (centreY - row) / unit;
  }
}
