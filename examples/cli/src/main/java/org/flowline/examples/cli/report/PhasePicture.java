package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Dots;
import org.flowline.examples.pictures.Heading;
import org.flowline.examples.pictures.Numbers;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.model.Model;
import org.flowline.odesolvers.Integrator;

/// A picture of the learned field: for two and more components its direction in the phase plane of
/// the first two, with trajectories and data; for one component its rate of change or, for second
/// order, its direction in the plane of component and velocity.
public final class PhasePicture {
  private static final int MOST_TRAJECTORIES = 8;
  private static final int MOST_INPUTS = 3;
  private static final int ACROSS = 24;
  private static final int UP = 18;

  /// The approximate size of the plot in pixels.
  private static final double WIDTH = 0.74 * 960;

  private static final double HEIGHT = 0.84 * 640;

  private final Fit fit;
  private final Model model;
  private final List<FittedTrajectory> shown;
  private final Map<Part, List<FittedTrajectory>> parts;
  private final NeuralField field;
  private final double time;
  private final boolean secondOrder;

  private PhasePicture(Fit fit) {
    this.fit = fit;
    this.model = fit.model();
    this.shown = fit.trajectories().stream().limit(MOST_TRAJECTORIES).toList();
    this.parts = new EnumMap<>(Part.class);
    for (FittedTrajectory one : shown) {
      Part part = one.trained() == 0 ? Part.VALIDATION : Part.TRAINING;
      parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(one);
    }
    FittedTrajectory first = shown.getFirst();
    this.field = model.field(first.measured().inputs());
    this.time = model.scaling().scaledTimes(first.start())[0];
    this.secondOrder = model.architecture().order() == 2;
  }

  /// Draws the field of a fitted model.
  public static Picture of(Fit fit) {
    PhasePicture picture = new PhasePicture(fit);
    if (fit.model().names().size() > 1) {
      return picture.phasePlane();
    }
    return picture.secondOrder ? picture.velocityPlane() : picture.rateOfChange();
  }

  private String name(int component) {
    return Pictures.shortened(model.names().get(component));
  }

  private Plane plane(String other, Range x, Range y) {
    return Plane.of(Pictures.chart("", "", "", 960, 640), name(0), x, other, y);
  }

  private Picture phasePlane() {
    Range x = range(0);
    Range y = range(1);
    Plane plane = plane(name(1), x, y);
    addArrows(plane, secondOrder ? "start" : "learned field", arrows(x, y, this::inPhasePlane));
    boolean thinned = false;
    for (Part part : parts.keySet()) {
      Dots dots = plane.dots(strung(part, one -> one.series().rows()));
      dots.draw(plane.chart(), "data" + suffix(part), Pictures.colour(part.ordinal()));
      thinned |= dots.thinned();
      addLines(plane, part, FittedTrajectory::fine);
    }
    int components = model.names().size();
    String field =
        "%s by %s and %s%s"
            .formatted(
                secondOrder ? "the model at the start" : "the learned field",
                name(0),
                name(1),
                components > 2 ? ", other components at their means" : "");
    return picture(plane, field, components, thinned);
  }

  private Picture picture(Plane plane, String field, int components, boolean thinned) {
    int all = fit.trajectories().size();
    String caption =
        "The direction of %s.%s%s%s"
            .formatted(
                field,
                fixed(components),
                all > shown.size() ? " Trajectories: %d of %d.".formatted(shown.size(), all) : "",
                thinned ? " Hidden dots are left out." : "");
    return Picture.of("phase", caption, plane.chart())
        .under(new Heading("Phase plane", note(components, thinned)));
  }

  private void addLines(Plane plane, Part part, Function<FittedTrajectory, List<double[]>> rowsOf) {
    Pictures.asLine(
        plane.series("model" + suffix(part), strung(part, rowsOf)),
        Pictures.colour(part.ordinal()));
  }

  private static void addArrows(Plane plane, String name, double[][] arrows) {
    if (arrows[0].length > 0) {
      Pictures.asFaintLine(plane.series(name, arrows));
    }
  }

  /// The values at which the arrows are drawn, and the number of trajectories.
  private String note(int components, boolean thinned) {
    List<String> held = held(components);
    String arrows =
        held.isEmpty()
            ? ""
            : "arrows: with %s; curves go through other values".formatted(String.join(", ", held));
    int all = fit.trajectories().size();
    String some = all > shown.size() ? shown.size() + " of " + all + " trajectories" : "";
    return Stream.of(arrows, some, thinned ? "dots thinned" : "")
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(" · "));
  }

  /// The fixed values besides `components` of a state.
  private List<String> held(int components) {
    List<String> held = new ArrayList<>();
    FittedTrajectory first = shown.getFirst();
    double[] driving = first.measured().inputs().at(first.start());
    for (int i = 0; i < Math.min(MOST_INPUTS, driving.length); i++) {
      held.add(Pictures.shortened(model.inputs().get(i)) + " = " + Numbers.brief(driving[i]));
    }
    if (driving.length > MOST_INPUTS) {
      held.add("other inputs as at the start");
    }
    if (model.architecture().timeDependent()) {
      held.add(Pictures.shortened(model.timeName()) + " = " + fit.time(first.start()));
    }
    int others = model.names().size() - 2;
    if (others > 0) {
      held.add(others == 1 ? name(2) + " at its mean" : "other components at their means");
    }
    if (field.dimension() > Math.max(components, model.names().size())) {
      held.add("hidden components as at the start");
    }
    return held;
  }

  /// The plane of a single component and its velocity, which is not measured.
  private Picture velocityPlane() {
    Map<FittedTrajectory, List<double[]>> paths = new LinkedHashMap<>();
    shown.forEach(one -> paths.put(one, path(one)));
    Range x = range(0);
    Range y =
        Range.of(paths.values().stream().flatMap(List::stream).mapToDouble(row -> row[1]))
            .wider(0.08);
    Plane plane = plane(rateName(), x, y);
    addArrows(plane, "learned field", arrows(x, y, this::inVelocityPlane));
    for (Part part : parts.keySet()) {
      addLines(plane, part, paths::get);
    }
    return picture(plane, "the learned field, by " + name(0) + " and its velocity", 2, false);
  }

  /// The component and its velocity along a trajectory, up to a failure of the solve.
  private List<double[]> path(FittedTrajectory one) {
    double[] times =
        IntStream.range(0, one.fineTimes().length)
            .filter(i -> Double.isFinite(one.fine().get(i)[0]))
            .mapToDouble(i -> one.fineTimes()[i])
            .toArray();
    Scaling scaling = model.scaling();
    double[] from = state(one.series().rows().getFirst());
    Integrator solver = model.solver().integrator();
    NeuralField driven = model.field(one.measured().inputs());
    double[][] states =
        times.length < 2
            ? new double[][] {from}
            : solver.solve(driven, from, scaling.scaledTimes(times)).values();
    return Arrays.stream(states)
        .map(
            y ->
                new double[] {
                  scaling.unscaled(Arrays.copyOf(y, 1))[0], y[velocity()] * velocityUnit()
                })
        .toList();
  }

  /// The state of the field for measured components.
  private double[] state(double[] measured) {
    return model.initialState().state(model.theta(), model.scaling().scaled(measured));
  }

  /// The index of the first velocity.
  private int velocity() {
    return field.dimension() / 2;
  }

  private double velocityUnit() {
    return model.scaling().deviation()[0] / model.scaling().unit();
  }

  private String rateName() {
    return "d" + name(0) + " / d" + Pictures.shortened(model.timeName());
  }

  private String suffix(Part part) {
    return parts.size() == 1 ? "" : " (" + part + ")";
  }

  private Range range(int component) {
    Range data = range(one -> one.series().component(component));
    Range lines = range(one -> one.fine(component));
    return data.joined(lines.within(data.wider(0.5))).wider(0.08);
  }

  private Range range(Function<FittedTrajectory, double[]> values) {
    return Range.of(shown.stream().map(values).flatMapToDouble(Arrays::stream));
  }

  /// The first two components of a part's trajectories, one after the other.
  private double[][] strung(Part part, Function<FittedTrajectory, List<double[]>> rowsOf) {
    Strokes strokes = new Strokes();
    for (FittedTrajectory one : parts.get(part)) {
      for (double[] row : rowsOf.apply(one)) {
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

  /// The rate of change of a state, in scaled units.
  private double[] rate(double[] state) {
    double[] rate = new double[state.length];
    field.evaluate(time, state, rate);
    return rate;
  }

  private double[] inPhasePlane(double x, double y) {
    double[] measured = model.scaling().mean();
    measured[0] = x;
    measured[1] = y;
    double[] rate = rate(state(measured));
    double[] deviation = model.scaling().deviation();
    return new double[] {rate[0] * deviation[0], rate[1] * deviation[1]};
  }

  private double[] inVelocityPlane(double x, double velocity) {
    double[] state = state(new double[] {x});
    state[velocity()] = velocity / velocityUnit();
    double[] rate = rate(state);
    return new double[] {velocity, rate[velocity()] * velocityUnit() / model.scaling().unit()};
  }

  /// A sentence about the fixed values; empty where the field depends on `components` alone.
  private String fixed(int components) {
    boolean alone =
        model.inputs().isEmpty()
            && field.dimension() == components
            && !model.architecture().timeDependent();
    return alone
        ? ""
        : " Time, inputs and hidden components are those at the start of the first trajectory.";
  }

  /// Arrows of equal length on the screen in the direction of a field, in the units of the axes.
  private static double[][] arrows(
      Range x, Range y, BiFunction<Double, Double, double[]> direction) {
    double pixelX = x.size() / WIDTH;
    double pixelY = y.size() / HEIGHT;
    double length = 0.62 * WIDTH / ACROSS;
    Strokes pixels = new Strokes();
    for (int i = 0; i < ACROSS; i++) {
      for (int j = 0; j < UP; j++) {
        double right = WIDTH * (i + 0.5) / ACROSS;
        double up = HEIGHT * (j + 0.5) / UP;
        double[] rate = direction.apply(x.low() + right * pixelX, y.low() + up * pixelY);
        double dx = rate[0] / pixelX;
        double dy = rate[1] / pixelY;
        double speed = Math.hypot(dx, dy);
        if (speed > 0 && Double.isFinite(speed)) {
          pixels.arrow(right, up, dx * length / speed, dy * length / speed, 5);
        }
      }
    }
    double[][] points = pixels.columns();
    return new double[][] {
      Arrays.stream(points[0]).map(at -> x.low() + at * pixelX).toArray(),
      Arrays.stream(points[1]).map(at -> y.low() + at * pixelY).toArray()
    };
  }

  /// The rate of change of a single component, over the range of its data.
  private Picture rateOfChange() {
    Range x = range(0);
    double[] values = new double[400];
    double[] rates = new double[values.length];
    Arrays.setAll(values, i -> x.low() + x.size() * i / 399);
    Arrays.setAll(rates, i -> rate(state(new double[] {values[i]}))[0] * velocityUnit());
    Range y = Range.of(Arrays.stream(rates)).joined(new Range(0, 0)).wider(0.08);
    Plane plane = plane(rateName(), x, y);
    plane.chart().getStyler().setLegendVisible(false);
    double[] ends = {x.low(), x.high()};
    Pictures.asFaintLine(plane.series("zero", ends, new double[2]));
    Pictures.asLine(plane.series("model", values, rates), Pictures.colour(0));
    List<String> held = held(1);
    return Picture.of(
            "phase",
            "The rate of change of %s as a function of its value; it is at rest where the line crosses zero.%s"
                .formatted(name(0), fixed(1)),
            plane.chart())
        .under(
            new Heading(
                "The learned rate of change",
                held.isEmpty() ? "" : "with " + String.join(", ", held)));
  }
}
