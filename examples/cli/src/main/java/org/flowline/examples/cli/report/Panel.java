package org.flowline.examples.cli.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.flowline.examples.pictures.Dots;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Scale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/// Some components of a trajectory over time.
///
/// @param components their indices
record Panel(
    TimeAxis axis, Fit fit, FittedTrajectory course, List<Integer> components, String title) {
  private static final double MARGIN = 0.08;
  private static final double SIDE = 0.02;

  /// A chart of it, of which the vertical axis is known.
  private record Drawing(XYChart chart, Scale across, Scale up) {

    XYSeries add(String name, double[] times, double[] values) {
      return Pictures.series(chart, name, across.drawn(times), up.drawn(values));
    }
  }

  /// A chart, and whether it has all dots.
  ///
  /// @param thinned whether dots behind others were left out
  record Drawn(XYChart chart, boolean thinned) {}

  private Scale times() {
    return axis.scale(new Range(course.start(), course.end()).wider(SIDE));
  }

  private String name(int component) {
    return Pictures.shortened(fit.model().names().get(component));
  }

  /// Measurements as dots, the model as lines; the vertical axis is theirs unless the model goes
  /// far beyond the measurements.
  Drawn fit(String heading, int width, int height) {
    Range data = Range.of(values(course.series()::component));
    Range model = Range.of(values(course::fine));
    String names = components.stream().map(this::name).collect(Collectors.joining(", "));
    boolean alone = components.size() == 1;
    Drawing drawing =
        drawing(heading, names, data.joined(model.within(data.wider(1))), width, height);
    boolean thinned = false;
    for (int i : components) {
      thinned |= dots(drawing, "data", i, course.series().component(i), alone);
    }
    for (int i : components) {
      Pictures.asLine(
          drawing.add(alone ? "model" : name(i), course.fineTimes(), course.fine(i)),
          Pictures.colour(i));
    }
    return new Drawn(drawing.chart, thinned);
  }

  /// The model minus the measurements, as dots about zero.
  Drawn residuals(String heading, int width, int height) {
    Range left = Range.of(values(course::residuals));
    double most = 2 * Range.of(values(course.series()::component)).wider(MARGIN).size();
    Range shown = left.within(new Range(-most, most)).joined(new Range(0, 0));
    Drawing drawing = drawing(heading, "model − data", shown, width, height);
    double[] ends = {course.start(), course.end()};
    Pictures.asFaintLine(drawing.add("zero", ends, new double[2])).setShowInLegend(false);
    boolean thinned = false;
    for (int i : components) {
      thinned |= dots(drawing, name(i), i, course.residuals(i), true);
    }
    drawing.chart.getStyler().setLegendVisible(components.size() > 1);
    return new Drawn(drawing.chart, thinned);
  }

  /// Values at the times of the rows; whether some of them are not seen behind others.
  private boolean dots(
      Drawing drawing, String name, int component, double[] values, boolean named) {
    double[] times = drawing.across.drawn(course.series().times());
    Dots dots = Dots.of(drawing.chart, times, drawing.up.drawn(values));
    dots.draw(drawing.chart, name, Pictures.colour(component)).setShowInLegend(named);
    return dots.thinned();
  }

  private DoubleStream values(IntFunction<double[]> of) {
    return components.stream().flatMapToDouble(i -> Arrays.stream(of.apply(i)));
  }

  /// A chart with its axes and what validates shaded.
  private Drawing drawing(String heading, String quantity, Range values, int width, int height) {
    Range wider = values.wider(MARGIN);
    Scale across = times();
    Scale up = Scale.of(wider.low(), wider.high());
    String time = axis.title(Pictures.shortened(fit.model().timeName()), across, course.start());
    boolean together = components.size() > 1 && up.offset() != 0;
    String named = up.title(together ? "(" + quantity + ")" : quantity);
    XYChart chart = Pictures.chart(heading, time, named, width, height);
    axis.across(chart, across);
    up.up(chart);
    Pictures.below(chart);
    Pictures.fill(chart);
    Drawing drawing = new Drawing(chart, across, up);
    if (course.validates()) {
      double from = course.trained() == 0 ? across.low() : course.validationStart();
      double[] sides = {from, across.high(), across.high(), from};
      double[] ends = {up.low(), up.low(), up.high(), up.high()};
      Pictures.asRegion(drawing.add("validation", sides, ends));
    }
    return drawing;
  }
}
