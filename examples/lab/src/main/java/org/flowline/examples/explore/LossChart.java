package org.flowline.examples.explore;

import java.awt.BasicStroke;
import java.util.Arrays;
import org.flowline.examples.lab.Bowl;
import org.flowline.examples.lab.Orbit;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;

/// The losses of flow and descent over the iterations, on axes that do not depend on the settings.
final class LossChart {
  private static final double LOWEST = 1e-10;
  private static final double HIGHEST = 1e4;

  private LossChart() {}

  static XYChart of(Scene scene, int width, int height) {
    Settings settings = scene.settings();
    XYChart chart =
        Sheet.chart(
            "η = %s (%s): %s"
                .formatted(Knob.ETA.shown(settings.eta()), brief(scene), scene.verdict()),
            "iteration k; for the flow, time in units of η",
            "loss f",
            width,
            height);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax((double) Scene.STEPS);
    Pictures.logarithmic(chart, new double[] {LOWEST, HIGHEST});
    double[][] flow = within(scene.flow(), scene.bowl());
    Pictures.line(chart, "flow", flow[0], flow[1], Pictures.colour(0));
    double[][] descent = within(scene.descent(), scene.bowl());
    Pictures.markedLine(chart, settings.descent().title(), descent[0], descent[1], 1)
        .setLineStyle(new BasicStroke(1.2f));
    return chart;
  }

  private static String brief(Scene scene) {
    return scene.criticalStep().stream().allMatch(Double::isInfinite) ? "no ηcrit" : scene.limit();
  }

  /// Iterations and losses up to the first loss beyond the axis, clamped to the axis.
  private static double[][] within(Orbit orbit, Bowl bowl) {
    double[] losses = orbit.losses(bowl);
    int points = 0;
    boolean inside = true;
    while (points < losses.length && inside) {
      inside = losses[points] > LOWEST && losses[points] < HIGHEST;
      losses[points] = Math.clamp(losses[points], LOWEST, HIGHEST);
      points++;
    }
    return new double[][] {Arrays.copyOf(orbit.t(), points), Arrays.copyOf(losses, points)};
  }
}
