package org.flowline.examples.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;

/// Some components of a trajectory over time.
///
/// @param components their indices
record Panel(
    TimeAxis axis, Fit fit, FittedTrajectory course, List<Integer> components, String title) {
  private static final double MARGIN = 0.08;
  private static final double SIDE = 0.02;

  String time() {
    return axis.title(Pictures.shortened(fit.model().timeName()), course.start());
  }

  /// What stands along the vertical axis.
  String quantity() {
    return components.stream().map(this::name).collect(Collectors.joining(", "));
  }

  private String name(int component) {
    return Pictures.shortened(fit.model().names().get(component));
  }

  /// Measurements as dots, the model as lines; the vertical axis is theirs unless the model goes
  /// far beyond the measurements.
  void drawFit(XYChart chart) {
    Range data = Range.of(values(course.series()::component));
    Range model = Range.of(values(course::fine));
    frame(chart, data.joined(model.within(data.wider(1))));
    boolean alone = components.size() == 1;
    for (int i : components) {
      Pictures.asLine(
          axis.add(chart, alone ? "model" : name(i), course.fineTimes(), course.fine(i)),
          Pictures.colour(i));
      Pictures.asPoints(
              axis.add(chart, "data", course.series().times(), course.series().component(i)),
              Pictures.colour(i))
          .setShowInLegend(alone);
    }
  }

  /// The model minus the measurements, as dots about zero.
  void drawResiduals(XYChart chart) {
    Range left = Range.of(values(course::residuals));
    double most = 2 * Range.of(values(course.series()::component)).wider(MARGIN).size();
    frame(chart, left.within(new Range(-most, most)).joined(new Range(0, 0)));
    double[] ends = {course.start(), course.end()};
    Pictures.asFaintLine(axis.add(chart, "zero", ends, new double[2])).setShowInLegend(false);
    for (int i : components) {
      Pictures.asPoints(
          axis.add(chart, name(i), course.series().times(), course.residuals(i)),
          Pictures.colour(i));
    }
    chart.getStyler().setLegendVisible(components.size() > 1);
  }

  private DoubleStream values(IntFunction<double[]> of) {
    return components.stream().flatMapToDouble(i -> Arrays.stream(of.apply(i)));
  }

  /// Sets the axes, and shades what validates.
  private void frame(XYChart chart, Range values) {
    Range high = values.wider(MARGIN);
    Range times = new Range(course.start(), course.end()).wider(SIDE);
    axis.span(chart, times);
    chart.getStyler().setYAxisMin(high.low()).setYAxisMax(high.high());
    Pictures.below(chart);
    Pictures.fill(chart);
    if (course.validates()) {
      double from = course.trained() == 0 ? times.low() : course.validationStart();
      double[] sides = {from, times.high(), times.high(), from};
      double[] ends = {high.low(), high.low(), high.high(), high.high()};
      Pictures.asRegion(axis.add(chart, "validation", sides, ends));
    }
  }
}
