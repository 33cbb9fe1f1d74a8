package org.flowline.examples.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.Model;
import org.flowline.neuralode.NeuralField;
import org.knowm.xchart.XYChart;

/// The learned field: of two components and more, its direction in the plane of the first two,
/// trajectories and data in it; of a single one, its rate of change.
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
    return fit.model().names().size() == 1 ? picture.rate() : picture.plane();
  }

  private String name(int component) {
    return Pictures.shortened(model.names().get(component));
  }

  private Picture plane() {
    XYChart chart = Pictures.chart("Phase plane", name(0), name(1), WIDTH, HEIGHT);
    Pictures.fill(chart);
    Range x = range(0);
    Range y = range(1);
    chart.getStyler().setXAxisMin(x.low()).setXAxisMax(x.high());
    chart.getStyler().setYAxisMin(y.low()).setYAxisMax(y.high());
    Pictures.labels(chart, new double[] {x.low(), x.high()});
    double[][] arrows = arrows(x, y);
    if (arrows[0].length > 0) {
      String name = accelerates() ? "start" : "learned field";
      Pictures.asFaintLine(Pictures.series(chart, name, arrows[0], arrows[1]));
    }
    for (Part part : Part.values()) {
      List<FittedTrajectory> courses = shown.stream().filter(it -> part(it) == part).toList();
      if (!courses.isEmpty()) {
        boolean single = shown.stream().allMatch(it -> part(it) == part);
        String of = single ? "" : " (" + part + ")";
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
                besides(),
                left()),
        chart);
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
    double[] state = model.start().state(theta, model.scaling().scaled(measured));
    double[] rate = new double[state.length];
    field.evaluate(time, state, rate);
    return rate;
  }

  /// What the field depends on besides.
  private String besides() {
    boolean alone =
        model.inputs().isEmpty()
            && field.dimension() == model.names().size()
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
  private double[][] arrows(Range x, Range y) {
    double[] deviation = model.scaling().deviation();
    double[] state = model.scaling().mean();
    double pixelX = x.size() / (PLOT_ACROSS * WIDTH);
    double pixelY = y.size() / (PLOT_UP * HEIGHT);
    double length = 0.62 * PLOT_ACROSS * WIDTH / ACROSS;
    Strokes strokes = new Strokes();
    for (int i = 0; i < ACROSS; i++) {
      for (int j = 0; j < UP; j++) {
        state[0] = x.low() + x.size() * (i + 0.5) / ACROSS;
        state[1] = y.low() + y.size() * (j + 0.5) / UP;
        double[] rate = rate(state);
        double dx = rate[0] * deviation[0] / pixelX;
        double dy = rate[1] * deviation[1] / pixelY;
        double speed = Math.hypot(dx, dy);
        if (speed > 0 && Double.isFinite(speed)) {
          arrow(
              strokes,
              state,
              new double[] {dx * length / speed, dy * length / speed},
              pixelX,
              pixelY);
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
        Pictures.chart(
            accelerates() ? "The learned velocity at the start" : "The learned rate of change",
            name(0),
            "d" + name(0) + " / d" + Pictures.shortened(model.timeName()),
            WIDTH,
            HEIGHT);
    chart.getStyler().setLegendVisible(false);
    Range x = range(0);
    Pictures.labels(chart, new double[] {x.low(), x.high()});
    double[] values = new double[400];
    double[] rates = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = x.low() + x.size() * i / (values.length - 1);
      rates[i] =
          rate(new double[] {values[i]})[0]
              * model.scaling().deviation()[0]
              / model.scaling().unit();
    }
    double[] ends = {x.low(), x.high()};
    Pictures.asFaintLine(Pictures.series(chart, "zero", ends, new double[2]));
    Pictures.line(chart, "model", values, rates, Pictures.colour(0));
    return Picture.of(
        "phase",
        accelerates()
            ? "The velocity that the model gives %s at the start of a trajectory, by what it is there."
                .formatted(name(0))
            : "How fast %s changes, by what it is; where the line crosses zero it rests.%s"
                .formatted(name(0), besides()),
        chart);
  }
}
