package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows of features, each with the label of its class.
///
/// @param features the names of the columns
/// @param rows one finite value of each feature
/// @param classes the names of the classes, in numeric order if all are numbers, else sorted as
///     text
/// @param labels the class index of each row
public record LabelledTable(
    List<String> features, List<double[]> rows, List<String> classes, int[] labels) {

  /// @throws IllegalArgumentException if sizes differ or a label is not a class index
  public LabelledTable {
    features = List.copyOf(features);
    rows = rows.stream().map(double[]::clone).toList();
    classes = List.copyOf(classes);
    labels = labels.clone();
    if (rows.size() != labels.length) {
      throw new IllegalArgumentException(
          "table: " + rows.size() + " rows and " + labels.length + " labels; want as many");
    }
    for (int i = 0; i < labels.length; i++) {
      if (rows.get(i).length != features.size() || labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            "table: row %s has %s values and label %s; want %s and one below %s"
                .formatted(i, rows.get(i).length, labels[i], features.size(), classes.size()));
      }
    }
  }

  @Override
  public List<double[]> rows() {
    return rows.stream().map(double[]::clone).toList();
  }

  @Override
  public int[] labels() {
    return labels.clone();
  }

  /// Returns the scaling to mean 0 and standard deviation 1; a constant feature keeps its unit.
  ///
  /// @throws DataException if the squares of a feature overflow
  /// @throws IllegalArgumentException if there are fewer than two rows
  public Scaling scaling() {
    double[] indices = IntStream.range(0, labels.length).asDoubleStream().toArray();
    return Scaling.of(new TimeSeries("row", features, indices, rows));
  }

  /// A training and a validation part.
  ///
  /// @param learnt whether each row of the table is in the training part
  public record Split(LabelledTable training, LabelledTable validation, boolean[] learnt) {
    /// Copies the array.
    public Split {
      learnt = learnt.clone();
    }

    @Override
    public boolean[] learnt() {
      return learnt.clone();
    }
  }

  /// Splits each class at random, reproducibly for a seed (stratified split). Both parts have at
  /// least one row of each class and keep the order of the table.
  ///
  /// @param share the training share, between 0 and 1
  /// @throws IllegalArgumentException if the share is out of range
  /// @throws DataException if a class has one row only
  public Split split(double share, long seed) {
    Measurements.requireShare(share);
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
    Collections.shuffle(shuffled, new Random(seed));
    boolean[] learnt = new boolean[labels.length];
    Map<Integer, List<Integer>> byLabel =
        shuffled.stream().collect(Collectors.groupingBy(row -> labels[row]));
    for (int i = 0; i < classes.size(); i++) {
      List<Integer> members = byLabel.getOrDefault(i, List.of());
      if (members.size() == 1) {
        throw new DataException(
            "split: one row only of class %s; want two or more of each, one for each part",
            DataException.quoted(classes.get(i)));
      }
      if (!members.isEmpty()) {
        long count = Math.clamp(Math.round(share * members.size()), 1L, members.size() - 1L);
        members.stream().limit(count).forEach(row -> learnt[row] = true);
      }
    }
    return new Split(where(row -> learnt[row]), where(row -> !learnt[row]), learnt);
  }

  /// Returns the chosen rows, with all classes.
  private LabelledTable where(IntPredicate chosen) {
    int[] at = IntStream.range(0, labels.length).filter(chosen).toArray();
    return new LabelledTable(
        features,
        Arrays.stream(at).mapToObj(rows::get).toList(),
        classes,
        Arrays.stream(at).map(row -> labels[row]).toArray());
  }

  /// Reads a table from separated values whose first line holds names.
  ///
  /// @param label the column of classes
  /// @param features the columns of numbers; if empty, all others except a first one without a name
  /// @throws DataException if the file cannot be read or is not such a table, with file, line and
  ///     column
  public static LabelledTable read(Path file, String label, List<String> features) {
    return read(file, Optional.of(label), features).table();
  }

  /// Reads a table from a text.
  ///
  /// @param source the name used in messages
  public static LabelledTable read(
      String source, Reader reader, String label, List<String> features) {
    TableReader table = new TableReader(source, Optional.of(label), features);
    CsvLines.read(source, reader, Optional.empty(), table);
    return table.table();
  }

  /// Reads rows without labels; other columns than these are ignored.
  ///
  /// @param features the columns of numbers, in order
  /// @throws DataException if the file cannot be read or is not such a table, with file, line and
  ///     column
  public static List<double[]> readRows(Path file, List<String> features) {
    return read(file, Optional.empty(), features).rows();
  }

  private static TableReader read(Path file, Optional<String> label, List<String> features) {
    String source = String.valueOf(file.getFileName());
    TableReader table = new TableReader(source, label, features);
    CsvLines.read(file, source, Optional.empty(), table);
    return table;
  }

  @Override
  public String toString() {
    return "table of %s rows, features %s, classes %s".formatted(labels.length, features, classes);
  }
}
