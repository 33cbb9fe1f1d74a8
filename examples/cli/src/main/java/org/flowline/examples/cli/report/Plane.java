package org.flowline.examples.cli.report;

import org.flowline.examples.pictures.Dots;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Scale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// A chart with the scales of its axes. Coordinates are columns, horizontal and vertical.
record Plane(XYChart chart, Scale across, Scale up) {

  /// Gives an untitled chart these axes, which end with the ranges.
  static Plane of(XYChart chart, String x, Range horizontal, String y, Range vertical) {
    Scale across = Scale.of(horizontal.low(), horizontal.high());
    Scale up = Scale.of(vertical.low(), vertical.high());
    chart.setXAxisTitle(across.title(x));
    chart.setYAxisTitle(up.title(y));
    chart.getStyler().setPlotContentSize(1);
    across.across(chart);
    up.up(chart);
    return new Plane(chart, across, up);
  }

  double[][] drawn(double[]... columns) {
    return new double[][] {across.drawn(columns[0]), up.drawn(columns[1])};
  }

  XYSeries series(String name, double[]... columns) {
    double[][] drawn = drawn(columns);
    return Pictures.series(chart, name, drawn[0], drawn[1]);
  }

  Dots dots(double[]... columns) {
    double[][] drawn = drawn(columns);
    return Dots.of(chart, drawn[0], drawn[1]);
  }
}
