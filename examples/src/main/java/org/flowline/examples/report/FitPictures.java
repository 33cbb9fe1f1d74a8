package org.flowline.examples.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.Chart;

/// A fit over time, and what is left of it: in one chart where that can be read, else in small
/// multiples, [#MOST] of them.
public final class FitPictures {
  private static final int MOST = 12;
  private static final int COLUMNS = 2;

  /// Components in one chart, which must have about the same size.
  private static final int MOST_TOGETHER = 4;

  private static final double ALIKE = 12;

  private final Fit fit;
  private final TimeAxis axis;
  private final List<Panel> panels;
  private final int wanted;

  private FitPictures(Fit fit) {
    this.fit = fit;
    this.axis = TimeAxis.of(fit);
    List<Panel> all = together() ? byTrajectory() : byComponent();
    this.wanted = all.size();
    this.panels = chosen(all);
  }

  public static List<Picture> of(Fit fit) {
    FitPictures pictures = new FitPictures(fit);
    return pictures.wanted == 1 ? List.of(pictures.sheet()) : pictures.multiples();
  }

  /// Whether components can share a vertical axis.
  private boolean together() {
    double[] deviations = fit.model().scaling().deviation();
    if (deviations.length > MOST_TOGETHER) {
      return false;
    }
    double[] mean = fit.model().scaling().mean();
    double least = Double.POSITIVE_INFINITY;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < mean.length; i++) {
      least = Math.min(least, deviations[i]);
      low = Math.min(low, mean[i] - 2 * deviations[i]);
      high = Math.max(high, mean[i] + 2 * deviations[i]);
    }
    return mean.length == 1 || high - low <= ALIKE * 2 * least;
  }

  private List<Panel> byTrajectory() {
    List<Integer> all = IntStream.range(0, fit.model().names().size()).boxed().toList();
    boolean single = fit.courses().size() == 1;
    return fit.courses().stream()
        .map(
            course ->
                new Panel(
                    axis,
                    fit,
                    course,
                    all,
                    single ? "Data (dots) and model (lines)" : Pictures.shortened(course.name())))
        .toList();
  }

  private List<Panel> byComponent() {
    List<Panel> all = new ArrayList<>();
    for (FittedTrajectory course : fit.courses()) {
      for (int i = 0; i < fit.model().names().size(); i++) {
        String name = fit.model().names().get(i);
        String title =
            fit.courses().size() == 1
                ? Pictures.shortened(name)
                : Pictures.shortened(course.name()) + ": " + Pictures.shortened(name);
        all.add(new Panel(axis, fit, course, List.of(i), title));
      }
    }
    return all;
  }

  /// The first ones; where some trajectories only validate, a third of the panels is for them.
  private static List<Panel> chosen(List<Panel> all) {
    if (all.size() <= MOST) {
      return all;
    }
    List<Panel> judging = all.stream().filter(it -> it.course().trained() == 0).toList();
    List<Panel> learnt = all.stream().filter(it -> it.course().trained() > 0).toList();
    int ofJudging = Math.min(judging.size(), Math.max(MOST / 3, MOST - learnt.size()));
    List<Panel> chosen =
        new ArrayList<>(learnt.subList(0, Math.min(learnt.size(), MOST - ofJudging)));
    chosen.addAll(judging.subList(0, ofJudging));
    return chosen;
  }

  /// Fit and residuals below each other.
  private Picture sheet() {
    Panel panel = panels.getFirst();
    XYChart over = Pictures.chart(panel.title(), panel.time(), panel.quantity(), 960, 500);
    XYChart left = Pictures.chart("Residuals", panel.time(), "model − data", 960, 280);
    panel.drawFit(over);
    panel.drawResiduals(left);
    return Picture.column(
        "fit",
        "Data (dots) and the model (lines) over time, and the residuals: the model minus the data."
            + region(),
        over,
        left);
  }

  private List<Picture> multiples() {
    List<Chart<?, ?>> fits = new ArrayList<>();
    List<Chart<?, ?>> left = new ArrayList<>();
    for (Panel panel : panels) {
      fits.add(small(panel.title(), panel.time(), panel.quantity()));
      panel.drawFit((XYChart) fits.getLast());
      left.add(small(panel.title(), panel.time(), "model − data"));
      panel.drawResiduals((XYChart) left.getLast());
    }
    String shown =
        wanted > panels.size()
            ? " Here are %d of %d; the tables have them all.".formatted(panels.size(), wanted)
            : "";
    return List.of(
        new Picture(
            "fit",
            "Data (dots) and the model (lines) over time." + region() + shown,
            fits,
            COLUMNS),
        new Picture("residuals", "Residuals: the model minus the data." + shown, left, COLUMNS));
  }

  private String region() {
    return fit.validates() ? " The model has not seen the data in the shaded region." : "";
  }

  private static XYChart small(String title, String x, String y) {
    return Pictures.chart(title, x, y, 480, 330);
  }
}
