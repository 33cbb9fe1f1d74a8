package org.flowline.examples.cli.report;

import java.awt.BasicStroke;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Picture;
import org.flowline.examples.pictures.Pictures;
import org.flowline.examples.pictures.Strokes;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The predictions of a classifier for training and validation rows, side by side: in the plane of
/// two features, over the decision regions; else as confusion matrices.
public record ClassPicture(Classified classified, Classifier classifier) {
  private static final int MOST_COLOURS = 7;

  private static final int ACROSS = 120;
  private static final int UP = 240;

  /// A line of a region, slightly wider than the distance of two lines.
  private static final BasicStroke REGION =
      new BasicStroke(3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);

  /// Returns the picture `classes`.
  public static Picture of(Classified classified, Classifier classifier) {
    ClassPicture picture = new ClassPicture(classified, classifier);
    LabelledTable table = classified.table();
    boolean plane = table.features().size() == 2 && table.classes().size() <= MOST_COLOURS;
    return plane ? picture.planes() : picture.tables();
  }

  private List<String> classes() {
    return classified.table().classes().stream().map(Pictures::shortened).toList();
  }

  private String title(Part part) {
    ConfusionMatrix confusion = classified.confusion(part);
    return Text.format(
        "%s: %d rows, accuracy %.1f %%",
        part == Part.TRAINING ? "Training" : "Validation",
        confusion.rows(),
        100 * confusion.accuracy());
  }

  private Picture tables() {
    return Picture.of(
        "classes",
        "Confusion matrices: a row for each class, a column for each prediction.",
        Arrays.stream(Part.values()).map(this::table).toArray(Chart<?, ?>[]::new));
  }

  private HeatMapChart table(Part part) {
    int[][] counts = classified.confusion(part).counts();
    return Pictures.table(title(part), "prediction", "class", classes(), counts);
  }

  private Picture planes() {
    Range x = range(0);
    Range y = range(1);
    double[][][] regions = regions(x, y);
    return Picture.of(
        "classes",
        "The rows over the decision regions of the classifier.",
        Arrays.stream(Part.values())
            .map(part -> plane(part, x, y, regions))
            .toArray(Chart<?, ?>[]::new));
  }

  private Range range(int feature) {
    return Range.of(classified.table().rows().stream().mapToDouble(row -> row[feature]))
        .wider(0.06);
  }

  private XYChart plane(Part part, Range x, Range y, double[][][] regions) {
    List<String> features =
        classified.table().features().stream().map(Pictures::shortened).toList();
    XYChart chart = Pictures.panel(title(part), "", "");
    Plane plane = Plane.of(chart, features.get(0), x, features.get(1), y);
    Pictures.below(chart);
    chart.getStyler().setPlotGridLinesVisible(false);
    for (int i = 0; i < regions.length; i++) {
      if (regions[i][0].length > 0) {
        Pictures.asLine(plane.series("region " + i, regions[i]), Pictures.pale(i))
            .setLineStyle(REGION)
            .setShowInLegend(false);
      }
    }
    int[] labels = classified.table().labels();
    for (int i = 0; i < classes().size(); i++) {
      int label = i;
      marks(plane, classes().get(i), i, part, row -> labels[row] == label);
    }
    marks(plane, "misclassified", 6, part, row -> classified.predicted(row) != labels[row])
        .ifPresent(crosses -> crosses.setMarker(SeriesMarkers.CROSS));
    return chart;
  }

  /// Marks the chosen rows of a part, if there are any.
  private Optional<XYSeries> marks(
      Plane plane, String name, int colour, Part part, IntPredicate chosen) {
    List<double[]> all = classified.table().rows();
    int[] rows = IntStream.of(classified.rows(part)).filter(chosen).toArray();
    double[] x = IntStream.of(rows).mapToDouble(row -> all.get(row)[0]).toArray();
    double[] y = IntStream.of(rows).mapToDouble(row -> all.get(row)[1]).toArray();
    double[][] at = plane.drawn(x, y);
    return rows.length == 0
        ? Optional.empty()
        : Optional.of(Pictures.marks(plane.chart(), name, at[0], at[1], colour));
  }

  /// The decision regions: horizontal lines for each class where it is the likeliest.
  private double[][][] regions(Range x, Range y) {
    Strokes[] strokes = new Strokes[classes().size()];
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

  /// The share of the way to the next place at which both classes are equally likely.
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
