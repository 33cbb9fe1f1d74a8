package org.flowline.neuralode.data;

import java.util.List;
import java.util.Optional;

/// How a file of measurements is laid out and which of its columns are meant.
///
/// @param separator between cells; if none is given, what the first line has of `; , | ` and tab
/// @param header whether the first line holds names
/// @param time the column of times; else the first that is not the group
/// @param columns the components of the state; if empty, all that are nothing else
/// @param inputs what drives the system and is not predicted
/// @param group whose values tell one trajectory from the other; else the file is one
public record CsvOptions(
    Optional<Character> separator,
    Header header,
    Optional<String> time,
    List<String> columns,
    List<String> inputs,
    Optional<String> group) {

  /// Whether the first line holds names.
  public enum Header {
    /// It does if its time is no time, or columns are asked for by name.
    DETECTED,
    /// It does, whatever its cells look like.
    PRESENT,
    /// Columns are called `t`, `y1`, `y2`, …
    ABSENT
  }

  /// @throws IllegalArgumentException if a separator is a quote or ends lines
  public CsvOptions {
    columns = List.copyOf(columns);
    inputs = List.copyOf(inputs);
    separator.ifPresent(
        c -> {
          if (c == '"' || c == '\n' || c == '\r') {
            throw new IllegalArgumentException(
                "CSV: a quote or the end of a line separates cells; want another character");
          }
        });
  }

  /// One trajectory, all columns, the first one time.
  public static CsvOptions usual() {
    return new CsvOptions(
        Optional.empty(),
        Header.DETECTED,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /// With this character between cells.
  ///
  /// @throws IllegalArgumentException if it is a quote or ends lines
  public CsvOptions withSeparator(char separator) {
    return new CsvOptions(Optional.of(separator), header, time, columns, inputs, group);
  }

  /// With a first line that is read like this.
  public CsvOptions withHeader(Header header) {
    return new CsvOptions(separator, header, time, columns, inputs, group);
  }

  /// With the times of this column; `""` for the first one, whatever its name.
  public CsvOptions withTime(String column) {
    return new CsvOptions(separator, header, Optional.of(column), columns, inputs, group);
  }

  /// With these components of the state, in this order; with all that are nothing else, if there
  /// are none.
  public CsvOptions withColumns(List<String> columns) {
    return new CsvOptions(separator, header, time, columns, inputs, group);
  }

  /// With these columns as inputs, in this order.
  public CsvOptions withInputs(List<String> inputs) {
    return new CsvOptions(separator, header, time, columns, inputs, group);
  }

  /// With a trajectory for each value of this column.
  public CsvOptions withGroup(String column) {
    return new CsvOptions(separator, header, time, columns, inputs, Optional.of(column));
  }

  boolean namesColumns() {
    return time.isPresent() || group.isPresent() || !columns.isEmpty() || !inputs.isEmpty();
  }
}
