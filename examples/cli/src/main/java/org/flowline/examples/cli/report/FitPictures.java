package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Heading;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.knowm.xchart.XYChart;

/// Pictures of a fit over time and of its residuals: in one chart where that is legible, else in up
/// to [#MOST] small multiples.
public final class FitPictures {
  private static final int MOST = 12;
  private static final int COLUMNS = 2;
  private static final int WIDTH = 480;
  private static final int HEIGHT = 330;

  /// The most components in one chart, and the largest ratio of their ranges there.
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
    List<Panel> all = all();
    this.wanted = all.size();
    this.panels = chosen(all);
  }

  /// Returns the pictures.
  public static List<Picture> of(Fit fit) {
    FitPictures pictures = new FitPictures(fit);
    return pictures.wanted == 1 ? List.of(pictures.sheet()) : pictures.multiples();
  }

  /// Returns whether components can share a vertical axis.
  private static boolean together(Fit fit) {
    double[] mean = fit.model().scaling().mean();
    double[] deviation = fit.model().scaling().deviation();
    Range range =
        Range.of(
            IntStream.range(0, mean.length)
                .boxed()
                .flatMapToDouble(
                    i -> DoubleStream.of(mean[i] - 2 * deviation[i], mean[i] + 2 * deviation[i])));
    double least = Arrays.stream(deviation).min().orElseThrow();
    boolean alike = range.size() <= ALIKE * 2 * least;
    return mean.length == 1 || mean.length <= MOST_TOGETHER && alike;
  }

  /// A panel for each trajectory and, unless they are drawn together, each component.
  private List<Panel> all() {
    List<Integer> components = IntStream.range(0, fit.model().names().size()).boxed().toList();
    List<Panel> all = new ArrayList<>();
    for (FittedTrajectory trajectory : fit.trajectories()) {
      String name = fit.trajectories().size() == 1 ? "" : Pictures.shortened(trajectory.name());
      if (together) {
        all.add(new Panel(axis, fit, trajectory, components, name));
        continue;
      }
      for (int i : components) {
        String component = Pictures.shortened(fit.model().names().get(i));
        String title = name.isEmpty() ? component : name + ": " + component;
        all.add(new Panel(axis, fit, trajectory, List.of(i), title));
      }
    }
    return all;
  }

  /// The first panels; a third of them for trajectories of the validation, if there are any.
  private static List<Panel> chosen(List<Panel> all) {
    if (all.size() <= MOST) {
      return all;
    }
    List<Panel> judging = all.stream().filter(it -> it.trajectory().trained() == 0).toList();
    List<Panel> learnt = all.stream().filter(it -> it.trajectory().trained() > 0).toList();
    int ofJudging = Math.min(judging.size(), Math.max(MOST / 3, MOST - learnt.size()));
    List<Panel> chosen =
        new ArrayList<>(learnt.subList(0, Math.min(learnt.size(), MOST - ofJudging)));
    chosen.addAll(judging.subList(0, ofJudging));
    return chosen;
  }

  /// Fit and residuals, one below the other.
  private Picture sheet() {
    Panel panel = panels.getFirst();
    Panel.Drawn over = panel.fit("", 960, 500);
    Panel.Drawn left = panel.residuals("Residuals", 960, 280);
    Pictures.align(List.of(over.chart(), left.chart()));
    boolean thinned = over.thinned() || left.thinned();
    return Picture.column(
            "fit",
            "Data (dots) and model (lines) over time, and residuals: model minus data."
                + region()
                + thinning(thinned),
            over.chart(),
            left.chart())
        .under(new Heading("Data and model", "dots: data" + some(thinned) + ", lines: model"));
  }

  private List<Picture> multiples() {
    String shown =
        wanted > panels.size()
            ? " %d of %d are shown; the tables have all.".formatted(panels.size(), wanted)
            : "";
    return List.of(
        multiples(
            "fit",
            "Data (dots) and model (lines) over time." + region() + shown,
            panel -> panel.fit(panel.title(), WIDTH, HEIGHT),
            new Heading("Data and model", "dots: data%s, lines: model")),
        multiples(
            "residuals",
            "Residuals: model minus data." + shown,
            panel -> panel.residuals(panel.title(), WIDTH, HEIGHT),
            new Heading("Residuals", "dots: model − data%s")));
  }

  private Picture multiples(
      String name, String caption, Function<Panel, Panel.Drawn> drawing, Heading heading) {
    List<Panel.Drawn> drawn = panels.stream().map(drawing).toList();
    List<XYChart> charts = drawn.stream().map(Panel.Drawn::chart).toList();
    Pictures.align(charts);
    boolean thinned = drawn.stream().anyMatch(Panel.Drawn::thinned);
    String note = heading.note().formatted(some(thinned)) + share();
    return new Picture(name, caption + thinning(thinned), List.copyOf(charts), COLUMNS)
        .under(new Heading(heading.title(), note));
  }

  private static String some(boolean thinned) {
    return thinned ? " (thinned)" : "";
  }

  private static String thinning(boolean thinned) {
    return thinned ? " Hidden dots are left out; the tables have all." : "";
  }

  /// The shown share of panels; empty for all.
  private String share() {
    if (wanted == panels.size()) {
      return "";
    }
    boolean one = fit.trajectories().size() == 1;
    String what = one ? "components" : together ? "trajectories" : "trajectories and components";
    return " · " + panels.size() + " of " + wanted + " " + what;
  }

  private String region() {
    return fit.validates() ? " The shaded region is validation data." : "";
  }
}
