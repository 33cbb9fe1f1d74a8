package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// The layout of a file of measurements and the roles of its columns.
///
/// @param separator the separator of cells; if absent, detected among `; , |` and tab
/// @param header whether the first line holds names
/// @param time the time column; if absent, the first column that is not the group
/// @param columns the components of the state; if empty, all columns without another role
/// @param inputs the columns that drive the system and are not predicted
/// @param group the column that names the trajectory; if absent, the file is one trajectory
/// @param missing the words for a missing value beside the usual ones; numbers match by value
/// @param start the treatment of components that are missing in the first row
/// @param origin the time that becomes 0; if absent, the origin of the notation, or the first
///     time of the file if rounding would lose more than 10⁻¹² of the duration
public record CsvOptions(
    Optional<Character> separator,
    Header header,
    Optional<String> time,
    List<String> columns,
    List<String> inputs,
    Optional<String> group,
    List<String> missing,
    Start start,
    Optional<BigDecimal> origin) {

  /// The treatment of components that are missing in the first row of a trajectory.
  public enum Start {
    /// The first row must be complete.
    COMPLETE,
    /// Missing components start at their first value.
    FILLED
  }

  /// The meaning of the first line.
  public enum Header {
    /// Names, if its time is not a time or the options name columns.
    DETECTED,
    /// Names.
    PRESENT,
    /// Data; the columns are called `t`, `y1`, `y2`, …
    ABSENT
  }

  /// @throws IllegalArgumentException if the separator is a quote or a line break
  public CsvOptions {
    columns = List.copyOf(columns);
    inputs = List.copyOf(inputs);
    missing = List.copyOf(missing);
    if (separator.filter(c -> "\"\n\r".indexOf(c) >= 0).isPresent()) {
      throw new IllegalArgumentException(
          "CSV: a quote or the end of a line separates cells; want another character");
    }
  }

  /// Returns the options for one trajectory of all columns, the first of which is time.
  public static CsvOptions usual() {
    Optional<String> none = Optional.empty();
    return new CsvOptions(
        Optional.empty(),
        Header.DETECTED,
        none,
        List.of(),
        List.of(),
        none,
        List.of(),
        Start.COMPLETE,
        Optional.empty());
  }

  /// Returns these options with a separator.
  ///
  /// @throws IllegalArgumentException if it is a quote or a line break
  public CsvOptions withSeparator(char separator) {
    return new CsvOptions(
        Optional.of(separator), header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with another meaning of the first line.
  public CsvOptions withHeader(Header header) {
    return new CsvOptions(separator, header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with a time column; `""` selects the first one, even without a name.
  public CsvOptions withTime(String column) {
    return new CsvOptions(
        separator, header, Optional.of(column), columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with the components of the state, in order; an empty list selects all
  /// columns without another role.
  public CsvOptions withColumns(List<String> columns) {
    return new CsvOptions(separator, header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with columns as inputs, in order.
  public CsvOptions withInputs(List<String> inputs) {
    return new CsvOptions(separator, header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with one trajectory for each value of a column.
  public CsvOptions withGroup(String column) {
    return new CsvOptions(
        separator, header, time, columns, inputs, Optional.of(column), missing, start, origin);
  }

  /// Returns these options with further words for a missing value; numbers match by value.
  public CsvOptions withMissing(List<String> missing) {
    return new CsvOptions(separator, header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with another treatment of incomplete first rows.
  public CsvOptions withStart(Start start) {
    return new CsvOptions(separator, header, time, columns, inputs, group, missing, start, origin);
  }

  /// Returns these options with the time that becomes 0, subtracted before rounding.
  public CsvOptions withOrigin(BigDecimal origin) {
    return new CsvOptions(
        separator, header, time, columns, inputs, group, missing, start, Optional.of(origin));
  }

  boolean namesColumns() {
    return time.isPresent() || group.isPresent() || !columns.isEmpty() || !inputs.isEmpty();
  }
}
