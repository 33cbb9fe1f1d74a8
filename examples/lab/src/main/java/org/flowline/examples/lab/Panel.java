package org.flowline.examples.lab;

import java.util.function.DoubleUnaryOperator;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// A chart under construction. Colours and marker shapes are indices into the palette of
/// [Pictures]; [#DARK] is the one for references and limits.
public final class Panel {
  /// The palette's black.
  public static final int DARK = 6;

  private final XYChart chart;

  private Panel(XYChart chart) {
    this.chart = chart;
  }

  /// A chart that fills a picture.
  public static Panel wide(String title, String x, String y) {
    return new Panel(Pictures.chart(title, x, y));
  }

  /// A chart for a row of two.
  public static Panel half(String title, String x, String y) {
    return new Panel(Pictures.panel(title, x, y));
  }

  /// Returns the chart, for settings that have no method here.
  public XYChart chart() {
    return chart;
  }

  public Panel line(String name, double[] x, double[] y, int colour) {
    Pictures.line(chart, name, x, y, Pictures.colour(colour));
    return this;
  }

  /// Draws a function as a line through its values at `x`.
  public Panel line(String name, double[] x, DoubleUnaryOperator f, int colour) {
    return line(name, x, Series.map(x, f), colour);
  }

  /// Draws the path of an orbit's first two components.
  public Panel path(String name, Orbit orbit, int colour) {
    return line(name, orbit.component(0), orbit.component(1), colour);
  }

  public Panel dashes(String name, double[] x, double[] y, int colour) {
    Pictures.line(chart, name, x, y, Pictures.colour(colour)).setLineStyle(Pictures.DASHES);
    return this;
  }

  /// Draws a function as a dashed line through its values at `x`.
  public Panel dashes(String name, double[] x, DoubleUnaryOperator f, int colour) {
    return dashes(name, x, Series.map(x, f), colour);
  }

  public Panel marks(String name, double[] x, double[] y, int index) {
    Pictures.marks(chart, name, x, y, index);
    return this;
  }

  /// Draws an orbit's first two components as markers.
  public Panel marks(String name, Orbit orbit, int index) {
    return marks(name, orbit.component(0), orbit.component(1), index);
  }

  public Panel markedLine(String name, double[] x, double[] y, int index) {
    Pictures.markedLine(chart, name, x, y, index);
    return this;
  }

  /// Removes the last series from the legend.
  public Panel unlisted() {
    last().setShowInLegend(false);
    return this;
  }

  /// Returns the last series, for settings that have no method here.
  public XYSeries last() {
    return chart.getSeriesCollection().stream().reduce((_, series) -> series).orElseThrow();
  }

  public Panel x(double low, double high) {
    chart.getStyler().setXAxisMin(low).setXAxisMax(high);
    return this;
  }

  public Panel y(double low, double high) {
    chart.getStyler().setYAxisMin(low).setYAxisMax(high);
    return this;
  }

  public Panel logY() {
    Pictures.logarithmicY(chart);
    return this;
  }

  public Panel logLog() {
    Pictures.logarithmic(chart);
    return this;
  }

  /// Labels the horizontal axis with round numbers.
  public Panel roundTicks() {
    Pictures.roundTicks(chart);
    return this;
  }
}
