package org.flowline.examples.explore;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.flowline.examples.pictures.Picture;
import org.knowm.xchart.XYChart;

/// Paper for scenes: the bowl from above at the left, with one scale along both axes, the losses at
/// the right.
///
/// @param width of a panel, in pixels
/// @param height of a panel
/// @param reachX how far the bowl is shown from the minimum along the horizontal
/// @param reachY along the vertical
/// @param centreX the pixel of the minimum
/// @param centreY its row
/// @param unit pixels for a distance of 1
public record Sheet(
    int width,
    int height,
    double reachX,
    double reachY,
    double centreX,
    double centreY,
    double unit) {
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  private static final int SMALLEST = 120;

  /// A sheet of this size. XChart decides how much of it the axes take, so that a first chart is
  /// drawn to see it.
  public static Sheet of(int width, int height) {
    int panel = Math.max(SMALLEST, width / 2);
    int rows = Math.max(SMALLEST, height);
    double reach = Settings.REACH;
    XYChart chart = new BowlChart(panel, rows, reach, reach).empty();
    measure(chart);
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

  private static void measure(XYChart chart) {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    chart.paint(graphics, chart.getWidth(), chart.getHeight());
    graphics.dispose();
  }

  /// The scene drawn on it.
  public Picture draw(Scene scene) {
    return Picture.of(
        "explore",
        "A bowl, its gradient flow and descent; their losses.",
        new BowlChart(width, height, reachX, reachY).of(scene),
        LossChart.of(scene, width, height));
  }

  /// Whether it is what a surface of this size gets.
  boolean fits(int surfaceWidth, int surfaceHeight) {
    return width == Math.max(SMALLEST, surfaceWidth / 2)
        && height == Math.max(SMALLEST, surfaceHeight);
  }

  /// Whether a pixel shows a part of the bowl.
  boolean inBowl(int column, int row) {
    return Math.abs(x(column)) <= reachX && Math.abs(y(row)) <= reachY;
  }

  /// The horizontal coordinate in the bowl at a pixel.
  double x(int column) {
    return (column - centreX) / unit;
  }

  /// The vertical coordinate in the bowl at a pixel.
  double y(int row) {
    return (centreY - row) / unit;
  }
}
