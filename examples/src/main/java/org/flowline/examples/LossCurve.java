package org.flowline.examples;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.flowline.neuralode.Trainer;
import org.knowm.xchart.XYChart;

/// Remembers the loss of every iteration, and draws it.
final class LossCurve implements Trainer.Observer {
  private final double[] losses;
  private int size;

  LossCurve(int iterations) {
    losses = new double[iterations];
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    losses[(int) iteration] = loss;
    size = (int) iteration + 1;
  }

  int size() {
    return size;
  }

  void write(OutputFolder folder) {
    if (size == 0) {
      return;
    }
    XYChart chart =
        Pictures.chart(
            "Training loss while the horizon grows",
            "iteration",
            "mean square error (standardised)");
    chart.getStyler().setYAxisLogarithmic(true).setLegendVisible(false);
    Pictures.line(
        chart,
        "loss",
        IntStream.range(0, size).asDoubleStream().toArray(),
        Arrays.stream(losses, 0, size).map(loss -> Math.max(loss, Double.MIN_NORMAL)).toArray(),
        Pictures.colour(0));
    folder.write("loss.png", file -> Pictures.writePng(chart, file));
  }
}
