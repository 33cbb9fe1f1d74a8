package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Dots;
import org.flowline.examples.pictures.Heading;
import org.flowline.examples.pictures.Numbers;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Scale;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.field.VectorField;
import org.knowm.xchart.XYChart;

/// The learned field: of two components and more, its direction in the plane of the first two,
/// trajectories and data in it; of a single one, its rate of change or, of second order, its
/// direction in the plane of the component and its velocity.
public final class PhasePicture {
  private static final int MOST = 8;

  /// Inputs that the picture names with their values.
  private static final int MOST_HELD = 3;

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
    Plane plane = plane(name(1), arrows, range(0), range(1), this::inPlane);
    boolean thinned = false;
    for (Part part : Part.values()) {
      List<FittedTrajectory> courses = shown.stream().filter(it -> part(it) == part).toList();
      if (!courses.isEmpty()) {
        String of = of(part);
        double[][] lines = plane.drawn(strung(courses, FittedTrajectory::fine));
        double[][] rows = plane.drawn(strung(courses, course -> course.series().rows()));
        Dots dots = Dots.of(plane.chart, rows[0], rows[1]);
        var colour = Pictures.colour(part.ordinal());
        dots.draw(plane.chart, "data" + of, colour);
        Pictures.line(plane.chart, "model" + of, lines[0], lines[1], colour);
        thinned |= dots.thinned();
      }
    }
    String others =
        model.names().size() > 2 ? "; the other components are at their means there" : "";
    String caption =
        "The direction in which %s, where %s and %s are as on the axes%s.%s%s%s"
            .formatted(
                accelerates() ? "the model takes a start" : "the learned field leads",
                name(0),
                name(1),
                others,
                besides(model.names().size()),
                left(),
                thinned ? " Dots that would hide behind others are left out." : "");
    return Picture.of("phase", caption, plane.chart)
        .under(new Heading("Phase plane", note(model.names().size(), thinned)));
  }

  /// A chart of a plane, and where values stand in it.
  private record Plane(XYChart chart, Scale across, Scale up) {

    double[][] drawn(double[][] columns) {
      return new double[][] {across.drawn(columns[0]), up.drawn(columns[1])};
    }
  }

  /// What to know of the arrows, and of what is not there.
  private String note(int seen, boolean thinned) {
    List<String> held = held(seen);
    String arrows =
        held.isEmpty()
            ? ""
            : "arrows: with %s; curves go through other values".formatted(String.join(", ", held));
    int all = fit.courses().size();
    String some = all > shown.size() ? shown.size() + " of " + all + " trajectories" : "";
    return Stream.of(arrows, some, thinned ? "dots thinned" : "")
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(" · "));
  }

  /// What the arrows are at, besides the components on the axes.
  private List<String> held(int seen) {
    List<String> held = new ArrayList<>();
    FittedTrajectory first = shown.getFirst();
    double[] driving = first.measured().inputs().at(first.start());
    for (int i = 0; i < Math.min(MOST_HELD, model.inputs().size()); i++) {
      held.add(Pictures.shortened(model.inputs().get(i)) + " = " + Numbers.brief(driving[i]));
    }
    if (model.inputs().size() > MOST_HELD) {
      held.add("other inputs as at the start");
    }
    if (model.architecture().timeDependent()) {
      String written = fit.clock().write(first.start());
      held.add(Pictures.shortened(model.timeName()) + " = " + written.replaceFirst("\\.0$", ""));
    }
    int others = model.names().size() - 2;
    if (others > 0) {
      held.add(others == 1 ? name(2) + " at its mean" : "other components at their means");
    }
    if (field.dimension() > Math.max(seen, model.names().size())) {
      held.add("what is not measured as at the start");
    }
    return held;
  }

  /// The first component and another quantity, and arrows.
  private Plane plane(String other, String arrows, Range x, Range y, Direction direction) {
    Scale across = Scale.of(x.low(), x.high());
    Scale up = Scale.of(y.low(), y.high());
    XYChart chart = Pictures.chart("", across.title(name(0)), up.title(other), WIDTH, HEIGHT);
    Plane plane = new Plane(chart, across, up);
    Pictures.fill(chart);
    across.across(chart);
    up.up(chart);
    double[][] lines = plane.drawn(arrows(x, y, direction));
    if (lines[0].length > 0) {
      Pictures.asFaintLine(Pictures.series(chart, arrows, lines[0], lines[1]));
    }
    return plane;
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
    Plane plane = plane(velocity, "learned field", range(0), y, this::fieldInPortrait);
    for (Part part : Part.values()) {
      List<FittedTrajectory> courses = shown.stream().filter(it -> part(it) == part).toList();
      if (!courses.isEmpty()) {
        double[][] lines = plane.drawn(strung(courses, paths::get));
        Pictures.line(
            plane.chart, "model" + of(part), lines[0], lines[1], Pictures.colour(part.ordinal()));
      }
    }
    return Picture.of(
            "phase",
            "The direction in which the learned field leads, by %s and its velocity.%s%s"
                .formatted(name(0), besides(2), left()),
            plane.chart)
        .under(new Heading("Phase plane", note(2, false)));
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
    Range x = range(0);
    double[] values = new double[400];
    double[] rates = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.low() + x.size() * i / (values.length - 1);
      rates[i] = rate(new double[] {values[i]})[0] * velocityUnit();
    }
    Range y = Range.of(Arrays.stream(rates)).joined(new Range(0, 0)).wider(0.08);
    Scale across = Scale.of(x.low(), x.high());
    Scale up = Scale.of(y.low(), y.high());
    XYChart chart = Pictures.chart("", across.title(name(0)), up.title(rateName()), WIDTH, HEIGHT);
    chart.getStyler().setLegendVisible(false);
    Pictures.fill(chart);
    across.across(chart);
    up.up(chart);
    double[] ends = across.drawn(new double[] {x.low(), x.high()});
    Pictures.asFaintLine(Pictures.series(chart, "zero", ends, new double[2]));
    Pictures.line(chart, "model", across.drawn(values), up.drawn(rates), Pictures.colour(0));
    return Picture.of(
            "phase",
            "How fast %s changes, by what it is; where the line crosses zero it rests.%s"
                .formatted(name(0), besides(1)),
            chart)
        .under(new Heading("The learned rate of change", rateNote()));
  }

  private String rateNote() {
    List<String> held = held(1);
    return held.isEmpty() ? "" : "with " + String.join(", ", held);
  }
}
