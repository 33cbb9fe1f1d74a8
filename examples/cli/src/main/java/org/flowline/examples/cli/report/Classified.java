package org.flowline.examples.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.LabelledTable;
import org.flowline.neuralode.training.Classifier;

/// A table and what a classifier makes of it.
///
/// @param learnt of each row whether it was learnt from
/// @param probabilities of each row those of the classes; logits tell the likeliest as well
public record Classified(LabelledTable table, boolean[] learnt, List<double[]> probabilities) {
  /// Copies what it is given.
  public Classified {
    learnt = learnt.clone();
    probabilities = List.copyOf(probabilities);
  }

  @Override
  public boolean[] learnt() {
    return learnt.clone();
  }

  /// The likeliest of the classes, the first of several.
  static int likeliest(double[] p) {
    return IntStream.range(0, p.length).reduce(0, (best, i) -> p[i] > p[best] ? i : best);
  }

  private Part part(int row) {
    return learnt[row] ? Part.TRAINING : Part.VALIDATION;
  }

  /// The rows of a part, by their places in the table.
  int[] rows(Part part) {
    return IntStream.range(0, learnt.length).filter(row -> part(row) == part).toArray();
  }

  int predicted(int row) {
    return likeliest(probabilities.get(row));
  }

  /// What the rows of a part were taken for.
  public ConfusionMatrix tally(Part part) {
    int[] labels = table.labels();
    int[][] counts = new int[table.classes().size()][table.classes().size()];
    for (int row : rows(part)) {
      counts[labels[row]][predicted(row)]++;
    }
    return new ConfusionMatrix(counts);
  }

  /// The mean of `−ln p` of what the rows of a part are.
  public double crossEntropy(Part part) {
    int[] labels = table.labels();
    return Classifier.crossEntropy(
        IntStream.of(rows(part)).mapToObj(probabilities::get).toList(),
        IntStream.of(rows(part)).map(row -> labels[row]).toArray());
  }

  /// Each row of the table, counted from 1 behind the line of names.
  public void writeRows(Path file) throws IOException {
    List<String> classes = table.classes();
    int[] labels = table.labels();
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord(header(classes, "row", "class", "predicted", "part"));
      for (int row = 0; row < labels.length; row++) {
        String predicted = classes.get(predicted(row));
        csv.writeRecord(
            cells(
                probabilities.get(row),
                Integer.toString(row + 1),
                classes.get(labels[row]),
                predicted,
                part(row).toString()));
      }
    }
  }

  /// Rows whose classes nobody knows, counted from 1 behind the line of names.
  public static void writeNew(Path file, List<String> classes, List<double[]> probabilities)
      throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord(header(classes, "row", "predicted"));
      for (int row = 0; row < probabilities.size(); row++) {
        double[] p = probabilities.get(row);
        csv.writeRecord(cells(p, Integer.toString(row + 1), classes.get(likeliest(p))));
      }
    }
  }

  private static List<String> header(List<String> classes, String... first) {
    List<String> header = new ArrayList<>(List.of(first));
    classes.forEach(name -> header.add("p(" + name + ")"));
    return header;
  }

  private static List<String> cells(double[] p, String... first) {
    List<String> cells = new ArrayList<>(List.of(first));
    for (double each : p) {
      cells.add(Double.toString(each));
    }
    return cells;
  }
}
