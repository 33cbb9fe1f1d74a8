package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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

  /// Reads separated values whose first line holds names.
  ///
  /// @param label the column of classes
  /// @param features the columns of numbers; if empty, all others, but for a first one without
  ///     a name
  /// @throws DataException if the file cannot be read or is no such table, with file, line and
  ///     column
  public static LabelledTable read(Path file, String label, List<String> features) {
    Parser parser = new Parser(String.valueOf(file.getFileName()), label, features);
    CsvLines.read(file, parser.source, Optional.empty(), parser::line);
    return parser.finish();
  }

  /// The same from text.
  ///
  /// @param source the name used in messages
  public static LabelledTable read(
      String source, Reader reader, String label, List<String> features) {
    Parser parser = new Parser(source, label, features);
    CsvLines.read(source, reader, Optional.empty(), parser::line);
    return parser.finish();
  }

  private static final class Parser {
    private final String source;
    private final String label;
    private final List<String> features;
    private CsvColumns columns;
    private final List<double[]> rows = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();

    Parser(String source, String label, List<String> features) {
      this.source = source;
      this.label = label;
      this.features = features;
    }

    void line(CsvLine line) {
      if (columns == null) {
        columns =
            CsvColumns.of(
                line.at(), line.all(), CsvOptions.usual().withTime(label).withColumns(features));
        return;
      }
      columns.requireWidth(line);
      String name = line.cell(columns.time());
      if (name.isEmpty()) {
        throw line.wrong(label, "is empty; name a class, or remove the row");
      }
      labels.add(name);
      rows.add(
          columns.states().stream()
              .mapToDouble(
                  i ->
                      line.finite(
                          line.cell(i),
                          columns.names().get(i),
                          "write numbers like 1.5, or remove the row"))
              .toArray());
    }

    LabelledTable finish() {
      if (columns == null) {
        throw new DataException(source + ": is empty; want a header line and two or more rows");
      }
      List<String> classes = sorted(new TreeSet<>(labels));
      if (classes.size() < 2) {
        throw new DataException(
            source
                + ": "
                + classes.size()
                + " classes in column "
                + DataException.quoted(label)
                + "; want two or more");
      }
      Map<String, Integer> index = new HashMap<>();
      IntStream.range(0, classes.size()).forEach(i -> index.put(classes.get(i), i));
      return new LabelledTable(
          columns.names(columns.states()),
          rows,
          classes,
          labels.stream().mapToInt(index::get).toArray());
    }

    private static List<String> sorted(TreeSet<String> classes) {
      boolean numbers = classes.stream().allMatch(name -> Clock.number(name).isPresent());
      return numbers
          ? classes.stream()
              .sorted(Comparator.comparingDouble(name -> Clock.number(name).orElseThrow()))
              .toList()
          : List.copyOf(classes);
    }
  }
}
