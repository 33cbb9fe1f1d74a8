package org.flowline.neuralode.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reads rows of features, with or without labels, line by line. The first line holds names.
final class TableReader implements Consumer<CsvLine> {
  private final String source;
  private final Optional<String> label;
  private final List<String> features;
  private final List<double[]> rows = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private Columns columns;

  /// The message for the first label `-`, which is missing unless `+` is a class, too.
  private DataException dash;

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
    List<String> names = line.names();
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
    if (MissingWords.isUsual(name)) {
      String came = name.isEmpty() ? "is empty" : "is missing: " + DataException.quoted(name);
      DataException missing = line.wrong(label, came + "; name a class, or remove the row");
      if (!name.equals("-")) {
        throw missing;
      }
      dash = dash == null ? missing : dash;
    }
    return name;
  }

  private double number(CsvLine line, int column) {
    String name = columns.names().get(column);
    String text = line.cell(column);
    if (!text.isEmpty() && MissingWords.isUsual(text)) {
      throw line.wrong(
          name,
          "is missing: %s; classes need all features: fill it in, remove the row, or leave the column out with --features"
              .formatted(DataException.quoted(text)));
    }
    boolean isText = rows.isEmpty() && !line.isNumber(text);
    return line.finite(
        text,
        name,
        isText && features.isEmpty()
            ? "write numbers like 1.5, or leave the column out with --features"
            : "write numbers like 1.5, or remove the row");
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
    if (dash != null && !labels.contains("+")) {
      throw dash;
    }
    boolean numbers = labels.stream().allMatch(name -> Clock.NUMBER.exact(name).isPresent());
    return numbers
        ? table(name -> Clock.NUMBER.exact(name).orElseThrow())
        : table(Function.identity());
  }

  /// Returns the table with one class for each key, in order; its name is the shortest label.
  private <K extends Comparable<K>> LabelledTable table(Function<String, K> key) {
    List<K> keys = labels.stream().map(key).toList();
    Comparator<String> shortest =
        Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());
    SortedMap<K, String> names = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      names.merge(keys.get(i), labels.get(i), BinaryOperator.minBy(shortest));
    }
    if (names.size() < 2) {
      throw new DataException(
          "%s: %s in column %s; want two or more",
          source,
          names.isEmpty() ? "no class" : "one class only",
          DataException.quoted(label.orElseThrow()));
    }
    SortedMap<K, Integer> index = new TreeMap<>();
    names.keySet().forEach(name -> index.put(name, index.size()));
    int[] indices = keys.stream().mapToInt(index::get).toArray();
    return new LabelledTable(
        columns.names(columns.states()), rows, List.copyOf(names.values()), indices);
  }
}
