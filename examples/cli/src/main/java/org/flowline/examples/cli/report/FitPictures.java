package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Heading;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;

/// A fit over time, and what is left of it: in one chart where that can be read, else in small
/// multiples, [#MOST] of them.
public final class FitPictures {
  private static final int MOST = 12;
  private static final int COLUMNS = 2;
  private static final int WIDTH = 480;
  private static final int HEIGHT = 330;

  /// Components in one chart, which must have about the same size.
  private static final int MOST_TOGETHER = 4;

  private static final double ALIKE = 12;

  private final Fit fit;
  private final TimeAxis axis;
  private final List<Panel> panels;
  private final int wanted;
  private final boolean together;

  private FitPictures(Fit fit) {
    this.fit = fit;
    this.axis = TimeAxis.of(fit);
    this.together = together(fit);
    List<Panel> all = together ? byTrajectory() : byComponent();
    this.wanted = all.size();
    this.panels = chosen(all);
  }

  public static List<Picture> of(Fit fit) {
    FitPictures pictures = new FitPictures(fit);
    return pictures.wanted == 1 ? List.of(pictures.sheet()) : pictures.multiples();
  }

  /// Whether components can share a vertical axis.
  private static boolean together(Fit fit) {
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
                new Panel(axis, fit, course, all, single ? "" : Pictures.shortened(course.name())))
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
    Panel.Drawn over = panel.fit("", 960, 500);
    Panel.Drawn left = panel.residuals("Residuals", 960, 280);
    Pictures.align(List.of(over.chart(), left.chart()));
    boolean thinned = over.thinned() || left.thinned();
    return Picture.column(
            "fit",
            "Data (dots) and the model (lines) over time, and the residuals: the model minus the"
                + " data."
                + region()
                + thinning(thinned),
            over.chart(),
            left.chart())
        .under(new Heading("Data and model", "dots: data" + some(thinned) + ", lines: model"));
  }

  private List<Picture> multiples() {
    List<Panel.Drawn> fits =
        panels.stream().map(panel -> panel.fit(panel.title(), WIDTH, HEIGHT)).toList();
    List<Panel.Drawn> left =
        panels.stream().map(panel -> panel.residuals(panel.title(), WIDTH, HEIGHT)).toList();
    String shown =
        wanted > panels.size()
            ? " Here are %d of %d; the tables have them all.".formatted(panels.size(), wanted)
            : "";
    return List.of(
        multiples(
            "fit",
            "Data (dots) and the model (lines) over time." + region() + shown,
            fits,
            new Heading(
                "Data and model",
                "dots: data" + some(thinned(fits)) + ", lines: model" + chosen())),
        multiples(
            "residuals",
            "Residuals: the model minus the data." + shown,
            left,
            new Heading("Residuals", "dots: model − data" + some(thinned(left)) + chosen())));
  }

  private static Picture multiples(
      String name, String caption, List<Panel.Drawn> drawn, Heading heading) {
    List<XYChart> charts = drawn.stream().map(Panel.Drawn::chart).toList();
    Pictures.align(charts);
    return new Picture(name, caption + thinning(thinned(drawn)), new ArrayList<>(charts), COLUMNS)
        .under(heading);
  }

  private static boolean thinned(List<Panel.Drawn> drawn) {
    return drawn.stream().anyMatch(Panel.Drawn::thinned);
  }

  private static String some(boolean thinned) {
    return thinned ? " (thinned)" : "";
  }

  private static String thinning(boolean thinned) {
    return thinned ? " Dots that would hide behind others are left out; the tables have all." : "";
  }

  /// What of all is there, where not all is.
  private String chosen() {
    if (wanted == panels.size()) {
      return "";
    }
    boolean one = fit.courses().size() == 1;
    String what = one ? "components" : together ? "trajectories" : "trajectories and components";
    return " · " + panels.size() + " of " + wanted + " " + what;
  }

  private String region() {
    return fit.validates() ? " The model has not seen the data in the shaded region." : "";
  }
}
