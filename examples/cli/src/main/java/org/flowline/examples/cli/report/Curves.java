package org.flowline.examples.cli.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Scale;
import org.flowline.examples.pictures.Strokes;
import org.knowm.xchart.XYChart;

/// How a training went.
///
/// @param iterations which
/// @param losses at each of these
/// @param validation losses of the data to be judged by, NaN where they were not looked at
/// @param evaluations of the field and its pullback so far
/// @param measure what kind of loss it is
/// @param note on what the losses are of; may be empty
public record Curves(
    double[] iterations,
    double[] losses,
    double[] validation,
    double[] evaluations,
    String measure,
    String note) {
  /// Of so many pieces of a long curve the least and the largest value is drawn.
  private static final int PIECES = 700;

  public Curves {
    iterations = iterations.clone();
    losses = losses.clone();
    validation = validation.clone();
    evaluations = evaluations.clone();
  }

  /// The losses on a logarithmic axis and the cost of an iteration; nothing of a training that did
  /// not begin.
  public List<Picture> pictures() {
    return Stream.of(loss(), cost()).flatMap(Optional::stream).toList();
  }

  private Optional<Picture> loss() {
    double[] seen = positive(losses);
    double[] judged = positive(validation);
    if (Arrays.stream(seen).allMatch(Double::isNaN)) {
      return Optional.empty();
    }
    XYChart chart = Pictures.chart("Loss", "iteration", measure, 960, 480);
    Pictures.below(chart);
    curve(chart, "training", seen, 0);
    boolean judges = Arrays.stream(judged).anyMatch(value -> !Double.isNaN(value));
    if (judges) {
      curve(chart, "validation", judged, 1);
    }
    chart.getStyler().setLegendVisible(judges);
    Pictures.logarithmicY(chart);
    return Optional.of(
        Picture.of(
            "loss", ("The loss over iterations, on a logarithmic axis. " + note).strip(), chart));
  }

  private Optional<Picture> cost() {
    double[] each = new double[iterations.length];
    for (int i = 0; i < each.length; i++) {
      double before = i == 0 ? 0 : evaluations[i - 1];
      double made = i == 0 ? iterations[0] + 1 : iterations[i] - iterations[i - 1];
      each[i] = (evaluations[i] - before) / made;
    }
    if (each.length < 2) {
      return Optional.empty();
    }
    XYChart chart = Pictures.chart("Cost of an iteration", "iteration", "evaluations", 960, 360);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    curve(chart, "evaluations", each, 2);
    return Optional.of(
        Picture.of(
            "cost", "Evaluations of the field and its pullback that an iteration takes.", chart));
  }

  private void curve(XYChart chart, String name, double[] values, int colour) {
    double[][] line = thinned(values);
    Scale scale = Scale.of(iterations[0], iterations[iterations.length - 1]);
    Pictures.line(chart, name, scale.drawn(unevenly(line[0])), line[1], Pictures.colour(colour));
    scale.labelsAcross(chart);
    chart.setXAxisTitle(scale.title("iteration"));
  }

  /// A long curve by the extremes of its pieces, in their order.
  private double[][] thinned(double[] values) {
    int[] places =
        IntStream.range(0, values.length).filter(i -> !Double.isNaN(values[i])).toArray();
    Strokes strokes = new Strokes();
    int pieces = Math.min(PIECES, places.length);
    for (int piece = 0; piece < pieces; piece++) {
      int from = (int) ((long) piece * places.length / pieces);
      int to = (int) ((piece + 1L) * places.length / pieces);
      int least = places[from];
      int largest = places[from];
      for (int k = from; k < to; k++) {
        least = values[places[k]] < values[least] ? places[k] : least;
        largest = values[places[k]] > values[largest] ? places[k] : largest;
      }
      for (int i : IntStream.of(least, largest).sorted().distinct().toArray()) {
        strokes.to(iterations[i], values[i]);
      }
    }
    return strokes.columns();
  }

  /// NaN where a logarithmic axis has no place.
  private static double[] positive(double[] values) {
    return Arrays.stream(values)
        .map(value -> value > 0 && Double.isFinite(value) ? value : Double.NaN)
        .toArray();
  }

  /// The same places, the second one moved by an invisible hundredth of a gap: XChart puts its
  /// ticks on evenly spaced data, however many there are, and at round numbers only otherwise.
  private static double[] unevenly(double[] x) {
    double[] moved = x.clone();
    if (x.length > 2) {
      moved[1] += (x[2] - x[1]) / 100;
    }
    return moved;
  }
}
