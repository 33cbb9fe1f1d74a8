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

/// Components of a trajectory over time.
record Panel(
    TimeAxis axis, Fit fit, FittedTrajectory trajectory, List<Integer> components, String title) {
  private static final double MARGIN = 0.08;
  private static final double SIDE = 0.02;

  /// A chart.
  ///
  /// @param thinned whether hidden dots were left out
  record Drawn(XYChart chart, boolean thinned) {}

  private Scale times() {
    return axis.scale(new Range(trajectory.start(), trajectory.end()).wider(SIDE));
  }

  private String name(int component) {
    return Pictures.shortened(fit.model().names().get(component));
  }

  /// Draws data as dots and the model as lines. The range of the axis covers both, and the model no
  /// further than the size of the data.
  Drawn fit(String heading, int width, int height) {
    Range data = Range.of(values(trajectory.series()::component));
    Range model = Range.of(values(trajectory::fine));
    String names = components.stream().map(this::name).collect(Collectors.joining(", "));
    boolean alone = components.size() == 1;
    Plane plane = plane(heading, names, data.joined(model.within(data.wider(1))), width, height);
    boolean thinned = false;
    for (int i : components) {
      thinned |= dots(plane, "data", i, trajectory.series().component(i), alone);
    }
    for (int i : components) {
      Pictures.asLine(
          plane.series(alone ? "model" : name(i), trajectory.fineTimes(), trajectory.fine(i)),
          Pictures.colour(i));
    }
    return new Drawn(plane.chart(), thinned);
  }

  /// Draws the model minus the data.
  Drawn residuals(String heading, int width, int height) {
    Range left = Range.of(values(trajectory::residuals));
    double most = 2 * Range.of(values(trajectory.series()::component)).wider(MARGIN).size();
    Range shown = left.within(new Range(-most, most)).joined(new Range(0, 0));
    Plane plane = plane(heading, "model − data", shown, width, height);
    double[] ends = {trajectory.start(), trajectory.end()};
    Pictures.asFaintLine(plane.series("zero", ends, new double[2])).setShowInLegend(false);
    boolean thinned = false;
    for (int i : components) {
      thinned |= dots(plane, name(i), i, trajectory.residuals(i), true);
    }
    plane.chart().getStyler().setLegendVisible(components.size() > 1);
    return new Drawn(plane.chart(), thinned);
  }

  /// Draws values at the times of the rows, and returns whether hidden dots were left out.
  private boolean dots(Plane plane, String name, int component, double[] values, boolean named) {
    Dots dots = plane.dots(trajectory.series().times(), values);
    dots.draw(plane.chart(), name, Pictures.colour(component)).setShowInLegend(named);
    return dots.thinned();
  }

  private DoubleStream values(IntFunction<double[]> of) {
    return components.stream().flatMapToDouble(i -> Arrays.stream(of.apply(i)));
  }

  /// Returns a chart with its axes and the validation region.
  private Plane plane(String heading, String quantity, Range values, int width, int height) {
    Range wider = values.wider(MARGIN);
    Scale across = times();
    Scale up = Scale.of(wider.low(), wider.high());
    String time =
        axis.title(Pictures.shortened(fit.model().timeName()), across, trajectory.start());
    boolean together = components.size() > 1 && up.offset() != 0;
    String named = up.title(together ? "(" + quantity + ")" : quantity);
    XYChart chart = Pictures.chart(heading, time, named, width, height);
    axis.across(chart, across);
    up.up(chart);
    Pictures.below(chart);
    chart.getStyler().setPlotContentSize(1);
    Plane plane = new Plane(chart, across, up);
    if (trajectory.validates()) {
      double from = trajectory.trained() == 0 ? across.low() : trajectory.validationStart();
      double[] sides = {from, across.high(), across.high(), from};
      double[] ends = {up.low(), up.low(), up.high(), up.high()};
      Pictures.asRegion(plane.series("validation", sides, ends));
    }
    return plane;
  }
}
