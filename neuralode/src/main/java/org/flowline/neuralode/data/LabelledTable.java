package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Rows of numbers, each of one class.
///
/// @param features what the columns are called
/// @param rows one finite value of each feature
/// @param classes what the classes are called: in the order of numbers if all are, else of text
/// @param labels of each row the index of its class
public record LabelledTable(
    List<String> features, List<double[]> rows, List<String> classes, int[] labels) {

  /// @throws IllegalArgumentException if sizes do not fit, or a label is no class
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
            "table: row "
                + i
                + " has "
                + rows.get(i).length
                + " values and label "
                + labels[i]
                + "; want "
                + features.size()
                + " and one below "
                + classes.size());
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

  /// Units in which each feature has mean 0 and standard deviation 1; a constant one keeps its own.
  ///
  /// @throws DataException if the squares of a feature overflow
  /// @throws IllegalArgumentException if there are fewer than two rows
  public Scaling scaling() {
    // As of a series with a row at each time.
    double[] counted = IntStream.range(0, labels.length).asDoubleStream().toArray();
    return Scaling.of(new TimeSeries("row", features, counted, rows));
  }

  /// Rows to learn from, and others to be judged by.
  ///
  /// @param learnt of each row of the whole whether it is one to learn from
  public record Split(LabelledTable training, LabelledTable validation, boolean[] learnt) {
    /// Copies what it is given.
    public Split {
      learnt = learnt.clone();
    }

    @Override
    public boolean[] learnt() {
      return learnt.clone();
    }
  }

  /// Of each class a share of the rows to learn from, chosen at random: the same from the same
  /// seed. Both parts have at least one row of each, in the order of the table.
  ///
  /// @param share between 0 and 1, to learn from
  /// @throws IllegalArgumentException if the share is not in there
  /// @throws DataException if there is one row only of a class
  public Split split(double share, long seed) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "split: a share of " + share + " to learn from; want one between 0 and 1");
    }
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, labels.length).boxed().toList());
    Collections.shuffle(shuffled, new Random(seed));
    boolean[] learnt = new boolean[labels.length];
    for (int i = 0; i < classes.size(); i++) {
      int label = i;
      List<Integer> members = shuffled.stream().filter(row -> labels[row] == label).toList();
      if (members.size() == 1) {
        throw new DataException(
            "split: one row only of class "
                + DataException.quoted(classes.get(i))
                + "; want two or more of each, to learn from and to be judged by");
      }
      if (!members.isEmpty()) {
        long count = Math.clamp(Math.round(share * members.size()), 1L, members.size() - 1L);
        members.stream().limit(count).forEach(row -> learnt[row] = true);
      }
    }
    return new Split(where(row -> learnt[row]), where(row -> !learnt[row]), learnt);
  }

  /// Some of the rows, with all of the classes.
  private LabelledTable where(IntPredicate chosen) {
    int[] at = IntStream.range(0, labels.length).filter(chosen).toArray();
    return new LabelledTable(
        features,
        Arrays.stream(at).mapToObj(rows::get).toList(),
        classes,
        Arrays.stream(at).map(row -> labels[row]).toArray());
  }

  /// Reads separated values whose first line holds names.
  ///
  /// @param label the column of classes
  /// @param features the columns of numbers; if empty, all others, but for a first one without
  ///     a name
  /// @throws DataException if the file cannot be read or is no such table, with file, line and
  ///     column
  public static LabelledTable read(Path file, String label, List<String> features) {
    String source = String.valueOf(file.getFileName());
    TableReading reading = TableReading.labelled(source, label, features);
    CsvLines.read(file, source, Optional.empty(), reading);
    return reading.table();
  }

  /// The same from text.
  ///
  /// @param source the name used in messages
  public static LabelledTable read(
      String source, Reader reader, String label, List<String> features) {
    TableReading reading = TableReading.labelled(source, label, features);
    CsvLines.read(source, reader, Optional.empty(), reading);
    return reading.table();
  }

  /// Reads rows whose classes are not known. Other columns than these may be there, and are passed
  /// over.
  ///
  /// @param features the columns of numbers, in the order wanted
  /// @throws DataException if the file cannot be read or is no such table, with file, line and
  ///     column
  public static List<double[]> readRows(Path file, List<String> features) {
    String source = String.valueOf(file.getFileName());
    TableReading reading = TableReading.unlabelled(source, features);
    CsvLines.read(file, source, Optional.empty(), reading);
    return reading.rows();
  }
}
