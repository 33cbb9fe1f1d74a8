package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A measured trajectory: one value of each component at strictly increasing times.
///
/// @param timeName the name of the time column
/// @param names the names of the components
/// @param times the times
/// @param rows one row of `names.size()` values for each time, NaN for a missing value
public record TimeSeries(String timeName, List<String> names, double[] times, List<double[]> rows) {

  /// @throws IllegalArgumentException if sizes differ, times do not increase, or a value is
  ///     infinite
  public TimeSeries {
    names = List.copyOf(names);
    times = times.clone();
    rows = rows.stream().map(double[]::clone).toList();
    if (times.length != rows.size()) {
      throw new IllegalArgumentException(
          "time series: " + times.length + " times and " + rows.size() + " rows; want as many");
    }
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i]) || (i > 0 && times[i] <= times[i - 1])) {
        throw new IllegalArgumentException(
            "time series: time %s is %s%s; want finite, increasing times"
                .formatted(i, times[i], i > 0 ? " after " + times[i - 1] : ""));
      }
      double[] row = rows.get(i);
      if (row.length != names.size()) {
        throw new IllegalArgumentException(
            "time series: row %s has %s values for %s names"
                .formatted(i, row.length, names.size()));
      }
      for (double value : row) {
        if (Double.isInfinite(value)) {
          throw new IllegalArgumentException(
              "time series: row %s has the value %s; want finite ones, or NaN for a missing one"
                  .formatted(i, value));
        }
      }
    }
  }

  /// Reads one complete trajectory from UTF-8 separated values: the first column is time, the
  /// others are the components. A first line without a time holds their names. For other layouts
  /// see [CsvMeasurements].
  ///
  /// @throws DataException if the file cannot be read or is not a time series, with file, line and
  ///     column
  public static TimeSeries read(Path file) {
    String source = String.valueOf(file.getFileName());
    Measurements read = new CsvMeasurements(source, CsvOptions.usual(), true).parse(file);
    return read.states().getFirst();
  }

  /// Reads one complete trajectory from a text and closes the reader.
  ///
  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or is not a time series
  public static TimeSeries read(String source, Reader reader) {
    Measurements read = new CsvMeasurements(source, CsvOptions.usual(), true).parse(reader);
    return read.states().getFirst();
  }

  @Override
  public double[] times() {
    return times.clone();
  }

  @Override
  public List<double[]> rows() {
    return rows.stream().map(double[]::clone).toList();
  }

  /// Returns the number of times.
  public int size() {
    return times.length;
  }

  /// Returns the number of components.
  public int dimension() {
    return names.size();
  }

  /// Returns the values of one component at all times.
  public double[] component(int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /// Returns whether no value is missing.
  public boolean isComplete() {
    return rows.stream().flatMapToDouble(Arrays::stream).noneMatch(Double::isNaN);
  }

  boolean isCompleteAt(int row) {
    return Arrays.stream(rows.get(row)).noneMatch(Double::isNaN);
  }

  /// Returns the linear interpolant at `t`, constant before the first and after the last row.
  ///
  /// @throws IllegalStateException if there are no rows
  public double[] at(double t) {
    if (times.length == 0) {
      throw new IllegalStateException("time series: no rows; want one or more");
    }
    int found = Arrays.binarySearch(times, t);
    int next = found >= 0 ? found : -found - 1;
    if (found >= 0 || next == 0 || next == times.length) {
      return rows.get(Math.min(next, times.length - 1)).clone();
    }
    double share = (t - times[next - 1]) / (times[next] - times[next - 1]);
    double[] before = rows.get(next - 1);
    double[] after = rows.get(next);
    double[] at = new double[before.length];
    Arrays.setAll(at, i -> before[i] + share * (after[i] - before[i]));
    return at;
  }

  /// Returns the rows `[from, to)`.
  public TimeSeries between(int from, int to) {
    return new TimeSeries(
        timeName, names, Arrays.copyOfRange(times, from, to), rows.subList(from, to));
  }

  @Override
  public String toString() {
    String span =
        times.length == 0 ? "" : " from %s to %s".formatted(times[0], times[times.length - 1]);
    return "time series of %s at %s times%s".formatted(names, times.length, span);
  }
}
