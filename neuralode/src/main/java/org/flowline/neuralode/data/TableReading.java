package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Rows of features, with labels or without, line by line. The first line holds names.
final class TableReading implements CsvLines.Reading {
  private final String source;
  private final Optional<String> label;
  private final List<String> features;
  private final List<double[]> rows = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private CsvColumns columns;

  private TableReading(String source, Optional<String> label, List<String> features) {
    this.source = source;
    this.label = label;
    this.features = features;
  }

  /// @param features if empty, all columns but the label's
  static TableReading labelled(String source, String label, List<String> features) {
    return new TableReading(source, Optional.of(label), features);
  }

  static TableReading unlabelled(String source, List<String> features) {
    return new TableReading(source, Optional.empty(), features);
  }

  @Override
  public void line(CsvLine line) {
    if (columns == null) {
      columns = columns(line);
      return;
    }
    columns.requireWidth(line);
    label.ifPresent(name -> labels.add(named(line, name)));
    rows.add(columns.states().stream().mapToDouble(i -> number(line, i)).toArray());
  }

  private CsvColumns columns(CsvLine line) {
    if (label.isEmpty()) {
      return CsvColumns.only(line.at(), line.all(), features);
    }
    if (features.isEmpty() && noneIsLeft(line.all())) {
      throw new DataException(line.at() + "no column but the label; want a feature or more");
    }
    CsvOptions options = CsvOptions.usual().withTime(label.get()).withColumns(features);
    return CsvColumns.of(line.at(), line.all(), options);
  }

  /// But for the label, and for a first column without a name, which holds the numbers of the rows.
  private boolean noneIsLeft(List<String> names) {
    int first = names.getFirst().isEmpty() ? 1 : 0;
    return names.stream().skip(first).allMatch(label.orElseThrow()::equals);
  }

  private String named(CsvLine line, String label) {
    String name = line.cell(columns.time());
    if (name.isEmpty()) {
      throw line.wrong(label, "is empty; name a class, or remove the row");
    }
    return name;
  }

  private double number(CsvLine line, int column) {
    return line.finite(
        line.cell(column),
        columns.names().get(column),
        "write numbers like 1.5, or remove the row");
  }

  List<double[]> rows() {
    if (rows.isEmpty()) {
      throw new DataException(source + ": no rows; want a header line and one row or more");
    }
    return rows;
  }

  LabelledTable table() {
    if (columns == null) {
      throw new DataException(source + ": is empty; want a header line and two or more rows");
    }
    List<String> classes = sorted(new TreeSet<>(labels));
    if (classes.size() < 2) {
      throw new DataException(
          source
              + ": "
              + (classes.isEmpty() ? "no class" : "one class only")
              + " in column "
              + DataException.quoted(label.orElseThrow())
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
