package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;

/// A table and its classification.
///
/// @param learnt whether each row is a training row
/// @param probabilities of the classes, for each row; logits serve as well for predictions
public record Classified(LabelledTable table, boolean[] learnt, List<double[]> probabilities) {
  /// Copies its arguments.
  public Classified {
    learnt = learnt.clone();
    probabilities = List.copyOf(probabilities);
  }

  @Override
  public boolean[] learnt() {
    return learnt.clone();
  }

  /// Returns the class with the largest probability, the first of several.
  static int likeliest(double[] p) {
    return IntStream.range(0, p.length).reduce(0, (best, i) -> p[i] > p[best] ? i : best);
  }

  private Part part(int row) {
    return learnt[row] ? Part.TRAINING : Part.VALIDATION;
  }

  /// The rows of a part, by their index in the table.
  int[] rows(Part part) {
    return IntStream.range(0, learnt.length).filter(row -> part(row) == part).toArray();
  }

  int predicted(int row) {
    return likeliest(probabilities.get(row));
  }

  /// Returns the confusion matrix of a part.
  public ConfusionMatrix confusion(Part part) {
    int[] labels = table.labels();
    int[][] counts = new int[table.classes().size()][table.classes().size()];
    for (int row : rows(part)) {
      counts[labels[row]][predicted(row)]++;
    }
    return new ConfusionMatrix(counts);
  }

  /// Returns the mean of `−ln p` of the true classes of a part.
  public double crossEntropy(Part part) {
    int[] labels = table.labels();
    return Classifier.crossEntropy(
        IntStream.of(rows(part)).mapToObj(probabilities::get).toList(),
        IntStream.of(rows(part)).map(row -> labels[row]).toArray());
  }

  /// Returns each row of the table with its class, prediction and probabilities.
  public Csv rows() {
    List<String> classes = table.classes();
    int[] labels = table.labels();
    return new Csv(
        header(classes, "row", "class", "predicted", "part"),
        IntStream.range(0, labels.length)
            .mapToObj(
                row ->
                    cells(
                        probabilities.get(row),
                        row + 1,
                        classes.get(labels[row]),
                        classes.get(predicted(row)),
                        part(row))));
  }

  /// Returns the predictions for unlabelled rows.
  public static Csv unlabelled(List<String> classes, List<double[]> probabilities) {
    return new Csv(
        header(classes, "row", "predicted"),
        IntStream.range(0, probabilities.size())
            .mapToObj(
                row -> {
                  double[] p = probabilities.get(row);
                  return cells(p, row + 1, classes.get(likeliest(p)));
                }));
  }

  private static List<Object> header(List<String> classes, Object... first) {
    List<Object> header = new ArrayList<>(List.of(first));
    classes.forEach(name -> header.add("p(" + name + ")"));
    return header;
  }

  private static List<Object> cells(double[] p, Object... first) {
    List<Object> cells = new ArrayList<>(List.of(first));
    Arrays.stream(p).forEach(cells::add);
    return cells;
  }
}
