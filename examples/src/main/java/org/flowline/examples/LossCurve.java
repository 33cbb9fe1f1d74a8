package org.flowline.examples;

import java.util.ArrayList;
import java.util.List;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.neuralode.training.Trainer;
import org.knowm.xchart.XYChart;

/// Remembers the losses of a training, of a long one every so many, and draws them.
final class LossCurve implements Trainer.Observer {
  private static final long MOST = 20_000;

  private final long every;
  private final List<double[]> points = new ArrayList<>();
  private int size;

  LossCurve(int iterations) {
    every = (iterations + MOST - 1) / MOST;
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    size++;
    if (iteration % every == 0 && loss > 0) {
      points.add(new double[] {iteration, loss});
    }
  }

  /// The number of iterations seen.
  int size() {
    return size;
  }

  void addTo(OutputFolder folder) {
    if (!points.isEmpty()) {
      folder.add(Picture.of("loss", "Loss over iterations.", chart()));
    }
  }

  private XYChart chart() {
    XYChart chart =
        Pictures.chart(
            "Training loss while the horizon grows",
            "iteration",
            "mean square error (standardised)");
    double[] losses = points.stream().mapToDouble(point -> point[1]).toArray();
    Pictures.logarithmic(chart, losses);
    chart.getStyler().setLegendVisible(false);
    double[] iterations = points.stream().mapToDouble(point -> point[0]).toArray();
    Pictures.line(chart, "loss", unevenly(iterations), losses, Pictures.colour(0));
    return chart;
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
