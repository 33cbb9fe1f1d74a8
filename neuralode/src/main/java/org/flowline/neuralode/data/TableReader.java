package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads rows of features, with or without labels, line by line. The first line holds names.
final class TableReader implements Consumer<CsvLine> {
  private final String source;
  private final Optional<String> label;
  private final List<String> features;
  private final List<double[]> rows = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private Columns columns;

  /// @param label the column of labels, if there is one
  /// @param features the columns of features; with a label and if empty, all other columns
  TableReader(String source, Optional<String> label, List<String> features) {
    this.source = source;
    this.label = label;
    this.features = features;
  }

  @Override
  public void accept(CsvLine line) {
    if (columns == null) {
      columns = columns(line);
      return;
    }
    columns.requireWidth(line);
    label.ifPresent(name -> labels.add(className(line, name)));
    rows.add(columns.states().stream().mapToDouble(i -> number(line, i)).toArray());
  }

  private Columns columns(CsvLine line) {
    List<String> names = line.all();
    if (label.isEmpty()) {
      return Columns.only(line.at(), names, features);
    }
    int first = names.getFirst().isEmpty() ? 1 : 0; // row numbers
    if (features.isEmpty() && names.stream().skip(first).allMatch(label.get()::equals)) {
      throw new DataException(line.at() + "no column but the label; want a feature or more");
    }
    CsvOptions options = CsvOptions.usual().withTime(label.get()).withColumns(features);
    return Columns.of(line.at(), names, options);
  }

  private String className(CsvLine line, String label) {
    String name = line.cell(columns.time());
    if (name.isEmpty()) {
      throw line.wrong(label, "is empty; name a class, or remove the row");
    }
    return name;
  }

  private double number(CsvLine line, int column) {
    String name = columns.names().get(column);
    return line.finite(line.cell(column), name, "write numbers like 1.5, or remove the row");
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
    boolean numbers = labels.stream().allMatch(name -> Clock.number(name).isPresent());
    Comparator<String> byNumber =
        Comparator.comparingDouble(name -> Clock.number(name).orElseThrow());
    List<String> classes =
        labels.stream()
            .distinct()
            .sorted()
            .sorted(numbers ? byNumber : Comparator.naturalOrder())
            .toList();
    if (classes.size() < 2) {
      throw new DataException(
          "%s: %s in column %s; want two or more",
          source,
          classes.isEmpty() ? "no class" : "one class only",
          DataException.quoted(label.orElseThrow()));
    }
    Map<String, Integer> index = new HashMap<>();
    classes.forEach(name -> index.put(name, index.size()));
    int[] indices = labels.stream().mapToInt(index::get).toArray();
    return new LabelledTable(columns.names(columns.states()), rows, classes, indices);
  }
}
