package org.flowline.examples.cli.report;

import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Scale;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// What a classifier makes of the rows it learnt from and of those kept apart, side by side: of two
/// features in their plane, on the ground of the class it would say there; else as tables of what
/// was taken for what.
public final class ClassPicture {
  /// As many as there are colours and shapes.
  private static final int MOST_COLOURS = 7;

  /// Of a table that still can be read.
  private static final int MOST_NUMBERS = 20;

  private static final int ACROSS = 120;
  private static final int UP = 240;

  /// A line of the ground, a bit more than the plot's height through their number.
  private static final BasicStroke GROUND =
      new BasicStroke(3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

  private final Classified classified;
  private final LabelledTable table;
  private final Classifier classifier;

  private ClassPicture(Classified classified, Classifier classifier) {
    this.classified = classified;
    this.table = classified.table();
    this.classifier = classifier;
  }

  /// The picture, `classes`.
  public static Picture of(Classified classified, Classifier classifier) {
    ClassPicture picture = new ClassPicture(classified, classifier);
    boolean plane =
        picture.table.features().size() == 2 && picture.table.classes().size() <= MOST_COLOURS;
    return plane ? picture.planes() : picture.tables();
  }

  private String title(Part part) {
    ConfusionMatrix tally = classified.tally(part);
    return String.format(
        Locale.ROOT,
        "%s: %d rows, %.1f %% right",
        part == Part.TRAINING ? "Learnt from" : "Kept apart",
        tally.rows(),
        100 * tally.accuracy());
  }

  private Picture tables() {
    return Picture.of(
        "classes",
        "How many rows of each class were taken for which.",
        Arrays.stream(Part.values()).map(this::table).toArray(Chart<?, ?>[]::new));
  }

  private HeatMapChart table(Part part) {
    int[][] counts = classified.tally(part).counts();
    List<String> names = table.classes().stream().map(Pictures::shortened).toList();
    List<Number[]> cells = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        cells.add(new Number[] {j, counts.length - 1 - i, counts[i][j]});
      }
    }
    HeatMapChart chart = Pictures.table(title(part), "taken for", "class", 700, 520);
    chart.getStyler().setShowValue(counts.length <= MOST_NUMBERS);
    chart.addSeries("rows", names, names.reversed(), cells);
    return chart;
  }

  private Picture planes() {
    Range x = range(0);
    Range y = range(1);
    double[][][] ground = ground(x, y);
    return Picture.of(
        "classes",
        "The rows on the ground of the class that the classifier says there.",
        Arrays.stream(Part.values())
            .map(part -> plane(part, x, y, ground))
            .toArray(Chart<?, ?>[]::new));
  }

  private Range range(int feature) {
    return Range.of(table.rows().stream().mapToDouble(row -> row[feature])).wider(0.06);
  }

  private XYChart plane(Part part, Range x, Range y, double[][][] ground) {
    List<String> features = table.features().stream().map(Pictures::shortened).toList();
    Scale across = Scale.of(x.low(), x.high());
    Scale up = Scale.of(y.low(), y.high());
    XYChart chart =
        Pictures.panel(title(part), across.title(features.get(0)), up.title(features.get(1)));
    Pictures.below(chart);
    Pictures.fill(chart);
    across.across(chart);
    up.up(chart);
    chart.getStyler().setPlotGridLinesVisible(false);
    for (int i = 0; i < ground.length; i++) {
      if (ground[i][0].length > 0) {
        Pictures.line(
                chart,
                "ground " + i,
                across.drawn(ground[i][0]),
                up.drawn(ground[i][1]),
                Pictures.pale(i))
            .setLineStyle(GROUND)
            .setShowInLegend(false);
      }
    }
    int[] labels = table.labels();
    for (int i = 0; i < table.classes().size(); i++) {
      int label = i;
      double[][] points = points(part, row -> labels[row] == label);
      if (points[0].length > 0) {
        String name = Pictures.shortened(table.classes().get(i));
        Pictures.marks(chart, name, across.drawn(points[0]), up.drawn(points[1]), i);
      }
    }
    double[][] wrong = points(part, row -> classified.predicted(row) != labels[row]);
    if (wrong[0].length > 0) {
      XYSeries crosses =
          Pictures.marks(chart, "taken for another", across.drawn(wrong[0]), up.drawn(wrong[1]), 6);
      crosses.setMarker(SeriesMarkers.CROSS);
    }
    return chart;
  }

  private double[][] points(Part part, IntPredicate chosen) {
    List<double[]> rows = table.rows();
    int[] shown = IntStream.of(classified.rows(part)).filter(chosen).toArray();
    return new double[][] {
      IntStream.of(shown).mapToDouble(row -> rows.get(row)[0]).toArray(),
      IntStream.of(shown).mapToDouble(row -> rows.get(row)[1]).toArray()
    };
  }

  /// For each class level lines next to each other, where it is the likeliest.
  private double[][][] ground(Range x, Range y) {
    int classes = table.classes().size();
    Strokes[] strokes = new Strokes[classes];
    Arrays.setAll(strokes, _ -> new Strokes());
    for (int k = 0; k <= UP; k++) {
      double height = y.low() + y.size() * k / UP;
      List<double[]> p = classifier.probabilities(level(x, height));
      double from = x.low();
      for (int i = 0; i < ACROSS; i++) {
        int here = Classified.likeliest(p.get(i));
        int next = Classified.likeliest(p.get(i + 1));
        boolean last = i + 1 == ACROSS;
        if (here != next || last) {
          double to = x.low() + x.size() * (i + (last ? 1 : crossing(p, i, here, next))) / ACROSS;
          strokes[here].to(from, height);
          strokes[here].to(to, height);
          strokes[here].lift();
          from = to;
        }
      }
    }
    return Arrays.stream(strokes).map(Strokes::columns).toArray(double[][][]::new);
  }

  /// Where between the `i`-th place and the next the one class is as likely as the other.
  private static double crossing(List<double[]> p, int i, int here, int next) {
    double before = p.get(i)[here] - p.get(i)[next];
    double after = p.get(i + 1)[next] - p.get(i + 1)[here];
    return before + after > 0 ? before / (before + after) : 0.5;
  }

  private static List<double[]> level(Range x, double height) {
    return IntStream.rangeClosed(0, ACROSS)
        .mapToObj(i -> new double[] {x.low() + x.size() * i / ACROSS, height})
        .toList();
  }
}
