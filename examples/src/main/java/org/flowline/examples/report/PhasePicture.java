package org.flowline.examples.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.NeuralField;
import org.flowline.odesolvers.VectorField;
import org.knowm.xchart.XYChart;

/// The learned field: of two components and more, its direction in the plane of the first two,
/// trajectories and data in it; of a single one, its rate of change or, of second order, its
/// direction in the plane of the component and its velocity.
public final class PhasePicture {
  private static final int MOST = 8;
  private static final int WIDTH = 960;
  private static final int HEIGHT = 640;
  private static final int ACROSS = 24;
  private static final int UP = 18;

  /// The parts of the picture's width and height that the plot takes, nearly.
  private static final double PLOT_ACROSS = 0.74;

  private static final double PLOT_UP = 0.84;

  private final Fit fit;
  private final Model model;
  private final List<FittedTrajectory> shown;
  private final NeuralField field;
  private final double[] theta;
  private final double time;

  private PhasePicture(Fit fit) {
    this.fit = fit;
    this.model = fit.model();
    this.shown = fit.courses().stream().limit(MOST).toList();
    FittedTrajectory first = shown.getFirst();
    this.field = model.field(first.measured().inputs());
    this.theta = model.theta();
    this.time = model.scaling().scaledTimes(first.start())[0];
  }

  public static Picture of(Fit fit) {
    PhasePicture picture = new PhasePicture(fit);
    if (fit.model().names().size() > 1) {
      return picture.plane();
    }
    return picture.accelerates() ? picture.portrait() : picture.rate();
  }

  /// Where the field leads in a plane, in the units of its axes.
  private interface Direction {
    double[] at(double x, double y);
  }

  private String name(int component) {
    return Pictures.shortened(model.names().get(component));
  }

  private Picture plane() {
    String arrows = accelerates() ? "start" : "learned field";
    XYChart chart = plane(name(1), arrows, range(0), range(1), this::inPlane);
    for (Part part : Part.values()) {
      List<FittedTrajectory> courses = shown.stream().filter(it -> part(it) == part).toList();
      if (!courses.isEmpty()) {
        String of = of(part);
        double[][] lines = strung(courses, FittedTrajectory::fine);
        double[][] dots = strung(courses, course -> course.series().rows());
        var colour = Pictures.colour(part.ordinal());
        Pictures.line(chart, "model" + of, lines[0], lines[1], colour);
        Pictures.points(chart, "data" + of, dots[0], dots[1], colour);
      }
    }
    String others =
        model.names().size() > 2 ? "; the other components are at their means there" : "";
    return Picture.of(
        "phase",
        "The direction in which %s, where %s and %s are as on the axes%s.%s%s"
            .formatted(
                accelerates() ? "the model takes a start" : "the learned field leads",
                name(0),
                name(1),
                others,
                besides(model.names().size()),
                left()),
        chart);
  }

  /// The first component and another quantity, and arrows.
  private XYChart plane(String other, String arrows, Range x, Range y, Direction direction) {
    XYChart chart = Pictures.chart("Phase plane", name(0), other, WIDTH, HEIGHT);
    Pictures.fill(chart);
    chart.getStyler().setXAxisMin(x.low()).setXAxisMax(x.high());
    chart.getStyler().setYAxisMin(y.low()).setYAxisMax(y.high());
    Pictures.labels(chart, new double[] {x.low(), x.high()});
    double[][] lines = arrows(x, y, direction);
    if (lines[0].length > 0) {
      Pictures.asFaintLine(Pictures.series(chart, arrows, lines[0], lines[1]));
    }
    return chart;
  }

  /// Of a single component and its velocity, which nobody measured: no data are in it.
  private Picture portrait() {
    String velocity = rateName();
    Map<FittedTrajectory, List<double[]>> paths = new LinkedHashMap<>();
    shown.forEach(course -> paths.put(course, path(course)));
    Range y =
        paths.values().stream()
            .map(path -> Range.of(path.stream().mapToDouble(row -> row[1])))
            .reduce(new Range(Double.NaN, Double.NaN), Range::joined)
            .wider(0.08);
    XYChart chart = plane(velocity, "learned field", range(0), y, this::fieldInPortrait);
    for (Part part : Part.values()) {
      List<FittedTrajectory> courses = shown.stream().filter(it -> part(it) == part).toList();
      if (!courses.isEmpty()) {
        double[][] lines = strung(courses, paths::get);
        Pictures.line(
            chart, "model" + of(part), lines[0], lines[1], Pictures.colour(part.ordinal()));
      }
    }
    return Picture.of(
        "phase",
        "The direction in which the learned field leads, by %s and its velocity.%s%s"
            .formatted(name(0), besides(2), left()),
        chart);
  }

  /// A trajectory's component and velocity, as far as its solve gets.
  private List<double[]> path(FittedTrajectory course) {
    double[] times =
        IntStream.range(0, course.fineTimes().length)
            .filter(i -> Double.isFinite(course.fine().get(i)[0]))
            .mapToDouble(i -> course.fineTimes()[i])
            .toArray();
    double[] from =
        model.start().state(theta, model.scaling().scaled(course.series().rows().getFirst()));
    if (times.length < 2) {
      return List.of(inPortrait(from));
    }
    VectorField driven = model.field(course.measured().inputs());
    double[] scaled = model.scaling().scaledTimes(times);
    double[][] states = model.solver().integrator().solve(driven, from, scaled).values();
    return Arrays.stream(states).map(this::inPortrait).toList();
  }

  private double[] inPortrait(double[] state) {
    double x = model.scaling().unscaled(new double[] {state[0]})[0];
    return new double[] {x, state[velocity()] * velocityUnit()};
  }

  /// Where in a state the velocities begin.
  private int velocity() {
    return field.dimension() / 2;
  }

  /// Of the first component.
  private double velocityUnit() {
    return model.scaling().deviation()[0] / model.scaling().unit();
  }

  private String rateName() {
    return "d" + name(0) + " / d" + Pictures.shortened(model.timeName());
  }

  private String of(Part part) {
    return shown.stream().allMatch(it -> part(it) == part) ? "" : " (" + part + ")";
  }

  private static Part part(FittedTrajectory course) {
    return course.trained() == 0 ? Part.VALIDATION : Part.TRAINING;
  }

  private String left() {
    int all = fit.courses().size();
    return all > shown.size() ? " Trajectories: %d of %d.".formatted(shown.size(), all) : "";
  }

  private Range range(int component) {
    Range data = new Range(Double.NaN, Double.NaN);
    Range lines = data;
    for (FittedTrajectory course : shown) {
      data = data.joined(Range.of(Arrays.stream(course.series().component(component))));
      lines = lines.joined(Range.of(Arrays.stream(course.fine(component))));
    }
    return data.joined(lines.within(data.wider(0.5))).wider(0.08);
  }

  /// The first two components of trajectories, one after the other.
  private static double[][] strung(
      List<FittedTrajectory> courses, Function<FittedTrajectory, List<double[]>> rowsOf) {
    Strokes strokes = new Strokes();
    for (FittedTrajectory course : courses) {
      for (double[] row : rowsOf.apply(course)) {
        if (Double.isNaN(row[0] + row[1])) {
          strokes.lift();
        } else {
          strokes.to(row[0], row[1]);
        }
      }
      strokes.lift();
    }
    return strokes.columns();
  }

  /// The rate of change of a state that begins as it is measured, in scaled units.
  private double[] rate(double[] measured) {
    return rateOf(model.start().state(theta, model.scaling().scaled(measured)));
  }

  private double[] rateOf(double[] state) {
    double[] rate = new double[state.length];
    field.evaluate(time, state, rate);
    return rate;
  }

  private double[] inPlane(double x, double y) {
    double[] measured = model.scaling().mean();
    measured[0] = x;
    measured[1] = y;
    double[] rate = rate(measured);
    double[] deviation = model.scaling().deviation();
    return new double[] {rate[0] * deviation[0], rate[1] * deviation[1]};
  }

  private double[] fieldInPortrait(double x, double velocity) {
    double[] state = model.start().state(theta, model.scaling().scaled(new double[] {x}));
    state[velocity()] = velocity / velocityUnit();
    double[] rate = rateOf(state);
    double unit = model.scaling().unit();
    return new double[] {velocity, rate[velocity()] * velocityUnit() / unit};
  }

  /// What the field depends on besides so many components of a state.
  private String besides(int seen) {
    boolean alone =
        model.inputs().isEmpty()
            && field.dimension() == seen
            && !model.architecture().timeDependent();
    return alone
        ? ""
        : " Time, inputs and what is not measured are as at the start of the first trajectory.";
  }

  /// Whether velocities are components of their own, which the measured ones tell at the start
  /// only.
  private boolean accelerates() {
    return model.architecture().order() == 2;
  }

  /// Arrows of one length on the screen.
  private static double[][] arrows(Range x, Range y, Direction direction) {
    double pixelX = x.size() / (PLOT_ACROSS * WIDTH);
    double pixelY = y.size() / (PLOT_UP * HEIGHT);
    double length = 0.62 * PLOT_ACROSS * WIDTH / ACROSS;
    Strokes strokes = new Strokes();
    for (int i = 0; i < ACROSS; i++) {
      for (int j = 0; j < UP; j++) {
        double[] at = {
          x.low() + x.size() * (i + 0.5) / ACROSS, y.low() + y.size() * (j + 0.5) / UP
        };
        double[] leads = direction.at(at[0], at[1]);
        double dx = leads[0] / pixelX;
        double dy = leads[1] / pixelY;
        double speed = Math.hypot(dx, dy);
        if (speed > 0 && Double.isFinite(speed)) {
          double[] drawn = {dx * length / speed, dy * length / speed};
          arrow(strokes, at, drawn, pixelX, pixelY);
        }
      }
    }
    return strokes.columns();
  }

  /// An arrow drawn in pixels, where its head is symmetric.
  private static void arrow(
      Strokes strokes, double[] at, double[] direction, double pixelX, double pixelY) {
    Strokes inPixels = new Strokes();
    inPixels.arrow(0, 0, direction[0], direction[1], 5);
    double[][] points = inPixels.columns();
    for (int i = 0; i < points[0].length; i++) {
      strokes.to(at[0] + points[0][i] * pixelX, at[1] + points[1][i] * pixelY);
    }
  }

  /// The rate of change of a single component, and where data are.
  private Picture rate() {
    XYChart chart =
        Pictures.chart("The learned rate of change", name(0), rateName(), WIDTH, HEIGHT);
    chart.getStyler().setLegendVisible(false);
    Range x = range(0);
    Pictures.labels(chart, new double[] {x.low(), x.high()});
    double[] values = new double[400];
    double[] rates = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.low() + x.size() * i / (values.length - 1);
      rates[i] = rate(new double[] {values[i]})[0] * velocityUnit();
    }
    double[] ends = {x.low(), x.high()};
    Pictures.asFaintLine(Pictures.series(chart, "zero", ends, new double[2]));
    Pictures.line(chart, "model", values, rates, Pictures.colour(0));
    return Picture.of(
        "phase",
        "How fast %s changes, by what it is; where the line crosses zero it rests.%s"
            .formatted(name(0), besides(1)),
        chart);
  }
}
