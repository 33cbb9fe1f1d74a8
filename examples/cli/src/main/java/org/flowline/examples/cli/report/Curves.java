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

/// The curves of a training.
///
/// @param rows of iteration, loss, validation loss (NaN where none was computed) and evaluations of
///     the field and its pullback so far; further columns are not drawn
/// @param measure the name of the loss
/// @param note for the caption; may be empty
public record Curves(List<double[]> rows, String measure, String note) {
  /// Pieces of a long curve of which the smallest and the largest value are drawn.
  private static final int PIECES = 700;

  private double[] column(int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /// Returns pictures of the losses and of the cost; none for a training without iterations.
  public List<Picture> pictures() {
    return Stream.of(loss(), cost()).flatMap(Optional::stream).toList();
  }

  private Optional<Picture> loss() {
    double[] trained = positive(column(1));
    double[] judged = positive(column(2));
    if (Arrays.stream(trained).allMatch(Double::isNaN)) {
      return Optional.empty();
    }
    XYChart chart = Pictures.chart("Loss", "iteration", measure, 960, 480);
    Pictures.below(chart);
    curve(chart, "training", trained, 0);
    boolean judges = Arrays.stream(judged).anyMatch(value -> !Double.isNaN(value));
    if (judges) {
      curve(chart, "validation", judged, 1);
    }
    chart.getStyler().setLegendVisible(judges);
    Pictures.logarithmicY(chart);
    String caption = "The loss over iterations, on a logarithmic axis. " + note;
    return Optional.of(Picture.of("loss", caption.strip(), chart));
  }

  private Optional<Picture> cost() {
    if (rows.size() < 2) {
      return Optional.empty();
    }
    double[] iterations = column(0);
    double[] each = column(3);
    for (int i = each.length - 1; i > 0; i--) {
      each[i] = (each[i] - each[i - 1]) / (iterations[i] - iterations[i - 1]);
    }
    each[0] /= iterations[0] + 1;
    XYChart chart = Pictures.chart("Cost per iteration", "iteration", "evaluations", 960, 360);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    curve(chart, "evaluations", each, 2);
    return Optional.of(
        Picture.of("cost", "Evaluations of the field and its pullback per iteration.", chart));
  }

  private void curve(XYChart chart, String name, double[] values, int colour) {
    double[] iterations = column(0);
    double[][] line = thinned(iterations, values);
    Scale scale = Scale.of(iterations[0], iterations[iterations.length - 1]);
    Pictures.line(chart, name, scale.drawn(unevenly(line[0])), line[1], Pictures.colour(colour));
    scale.labelsAcross(chart);
    chart.setXAxisTitle(scale.title("iteration"));
  }

  /// Reduces a long curve to the extremes of its pieces.
  private static double[][] thinned(double[] iterations, double[] values) {
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

  /// The values; NaN where they are not positive, for a logarithmic axis.
  private static double[] positive(double[] values) {
    return Arrays.stream(values)
        .map(value -> value > 0 && Double.isFinite(value) ? value : Double.NaN)
        .toArray();
  }

  /// Moves the second value by an invisible hundredth of a gap: XChart puts ticks on evenly spaced
  /// data, and at round numbers otherwise.
  private static double[] unevenly(double[] x) {
    double[] moved = x.clone();
    if (x.length > 2) {
      moved[1] += (x[2] - x[1]) / 100;
    }
    return moved;
  }
}
