package org.flowline.examples.explore;

import java.awt.BasicStroke;
import java.awt.Color;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Strokes;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The bowl in the plane: level lines, the field `−∇f`, flow and descent.
///
/// @param width the width in pixels
/// @param height the height in pixels
/// @param reachX the largest visible `|x₁|`
/// @param reachY the largest visible `|x₂|`
record BowlChart(int width, int height, double reachX, double reachY) {
  private static final Color LEVELS = new Color(0xB8B8B8);
  private static final Color FIELD = new Color(0x8A8A8A);
  private static final int LINES = 24;
  private static final int CORNERS = 96;

  /// The number of arrows along the longer axis.
  private static final int ARROWS = 15;

  /// The distance from the minimum beyond which paths are cut off.
  private static final double FAR = 50;

  /// A chart with the axes of every scene and only the minimum in it.
  XYChart empty() {
    return withMinimum(axes(""));
  }

  private XYChart axes(String title) {
    XYChart chart = Sheet.chart(title, "x₁", "x₂", width, height);
    chart.getStyler().setXAxisMin(-reachX).setXAxisMax(reachX);
    chart.getStyler().setYAxisMin(-reachY).setYAxisMax(reachY).setPlotGridLinesVisible(false);
    chart.getStyler().setXAxisDecimalPattern("0.0").setYAxisDecimalPattern("0.0");
    return chart;
  }

  private static XYChart withMinimum(XYChart chart) {
    Pictures.points(chart, "minimum", new double[] {0}, new double[] {0}, Color.BLACK)
        .setMarker(SeriesMarkers.PLUS);
    return chart;
  }

  XYChart of(Scene scene) {
    Settings settings = scene.settings();
    XYChart chart =
        axes(
            "½ xᵀA x:  a = %s, b = %s, θ = %s"
                .formatted(
                    Knob.A.shown(settings.a()),
                    Knob.B.shown(settings.b()),
                    Knob.ANGLE.shown(settings.angle())));
    thin(chart, "levels", levels(settings), LEVELS);
    thin(chart, "field", arrows(scene.bowl()), FIELD);
    double[][] flow = columns(scene.flow().y());
    Pictures.line(chart, "flow", flow[0], flow[1], Pictures.colour(0));
    double[][] path = columns(scene.descent().y());
    Pictures.markedLine(chart, "descent", path[0], path[1], 1).setLineStyle(new BasicStroke(1.2f));
    Pictures.points(
            chart, "start", new double[] {settings.x()}, new double[] {settings.y()}, Color.BLACK)
        .setMarker(SeriesMarkers.DIAMOND);
    return withMinimum(chart);
  }

  private static void thin(XYChart chart, String name, double[][] lines, Color colour) {
    XYSeries series = Pictures.line(chart, name, lines[0], lines[1], colour);
    series.setLineStyle(new BasicStroke(1f)).setShowInLegend(false);
  }

  private static double[][] levels(Settings settings) {
    double distance = 0.3 / Math.sqrt(settings.a() * settings.b());
    double c = Math.cos(Math.toRadians(settings.angle()));
    double s = Math.sin(Math.toRadians(settings.angle()));
    Strokes strokes = new Strokes();
    for (int line = 1; line <= LINES; line++) {
      for (int corner = 0; corner <= CORNERS; corner++) {
        double turn = 2 * Math.PI * corner / CORNERS;
        double u = line * distance * settings.a() * Math.cos(turn);
        double v = line * distance * settings.b() * Math.sin(turn);
        strokes.to(c * u - s * v, s * u + c * v);
      }
      strokes.lift();
    }
    return strokes.columns();
  }

  /// Arrows along `−∇f`, with lengths proportional to the cube root of the slope.
  private double[][] arrows(Bowl bowl) {
    double cell = 2 * Math.max(reachX, reachY) / ARROWS;
    int right = (int) (reachX / cell);
    int up = (int) (reachY / cell);
    double steepest = bowl.largest() * Math.hypot(reachX, reachY);
    Strokes strokes = new Strokes();
    double[] slope = new double[2];
    for (int i = -right; i <= right; i++) {
      for (int j = -up; j <= up; j++) {
        double x = i * cell;
        double y = j * cell;
        bowl.gradient(0, new double[] {x, y}, slope);
        double steep = Math.hypot(slope[0], slope[1]);
        if (steep > 0) {
          double length = 0.85 * cell * Math.cbrt(steep / steepest);
          strokes.arrow(x, y, -slope[0] / steep * length, -slope[1] / steep * length, 0.18 * cell);
        }
      }
    }
    return strokes.columns();
  }

  /// The coordinates of a path up to its first point beyond [#FAR], which is moved towards the
  /// previous one.
  private static double[][] columns(double[][] y) {
    Strokes strokes = new Strokes();
    for (int k = 0; k < y.length; k++) {
      double far = Math.hypot(y[k][0], y[k][1]);
      if (far > FAR) {
        double part = Math.min(1, FAR / Math.hypot(y[k][0] - y[k - 1][0], y[k][1] - y[k - 1][1]));
        strokes.to(
            y[k - 1][0] + part * (y[k][0] - y[k - 1][0]),
            y[k - 1][1] + part * (y[k][1] - y[k - 1][1]));
        break;
      }
      strokes.to(y[k][0], y[k][1]);
    }
    return strokes.columns();
  }
}
