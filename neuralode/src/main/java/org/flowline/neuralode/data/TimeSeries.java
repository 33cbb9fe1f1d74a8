package org.flowline.neuralode.data;

import java.util.Arrays;
import java.util.List;

/// A trajectory as measured: at each of the strictly increasing times one value of each component.
///
/// @param timeName what the time column is called
/// @param names what the components are called
/// @param times when
/// @param rows what, one row of `names.size()` values for each time, NaN where one is missing
public record TimeSeries(String timeName, List<String> names, double[] times, List<double[]> rows) {

  /// @throws IllegalArgumentException if sizes do not fit, times do not increase, or a number is
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
            "time series: time "
                + i
                + " is "
                + times[i]
                + (i > 0 ? " after " + times[i - 1] : "")
                + "; want finite, increasing times");
      }
      if (rows.get(i).length != names.size()) {
        throw new IllegalArgumentException(
            "time series: row "
                + i
                + " has "
                + rows.get(i).length
                + " values for "
                + names.size()
                + " names");
      }
      for (double value : rows.get(i)) {
        if (Double.isInfinite(value)) {
          throw new IllegalArgumentException(
              "time series: row "
                  + i
                  + " has the value "
                  + value
                  + "; want finite ones, or NaN for a missing one");
        }
      }
    }
  }

  @Override
  public double[] times() {
    return times.clone();
  }

  @Override
  public List<double[]> rows() {
    return rows.stream().map(double[]::clone).toList();
  }

  /// The number of times.
  public int size() {
    return times.length;
  }

  /// The number of components.
  public int dimension() {
    return names.size();
  }

  /// One component over all times.
  public double[] component(int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /// Whether no value is missing.
  public boolean isComplete() {
    return rows.stream().flatMapToDouble(Arrays::stream).noneMatch(Double::isNaN);
  }

  /// Between the rows at `t`, on a straight line; the first row before it, the last one after it.
  ///
  /// @throws IllegalStateException if there is no row
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
    double[] behind = rows.get(next);
    double[] at = new double[before.length];
    Arrays.setAll(at, i -> before[i] + share * (behind[i] - before[i]));
    return at;
  }

  /// The rows `from` up to but not including `to`.
  public TimeSeries between(int from, int to) {
    return new TimeSeries(
        timeName, names, Arrays.copyOfRange(times, from, to), rows.subList(from, to));
  }

  /// With no value in the rows `from` up to but not including `to`.
  TimeSeries missing(int from, int to) {
    List<double[]> left = rows();
    left.subList(from, to).forEach(row -> Arrays.fill(row, Double.NaN));
    return new TimeSeries(timeName, names, times, left);
  }
}
