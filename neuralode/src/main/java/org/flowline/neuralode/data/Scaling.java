package org.flowline.neuralode.data;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.stat.StatUtils;

/// Standardisation of time and components: times from the first measurement, at 0, to the last one,
/// at 20; components with mean 0 and standard deviation 1.
///
///     t̃ = (t − origin)/unit        ỹ = (y − mean)/deviation
///
/// A component that is constant, or constant up to the rounding of a few last bits, keeps its unit.
public record Scaling(double origin, double unit, double[] mean, double[] deviation) {
  private static final int SPAN = 20;

  /// The last bits in which a constant may differ from row to row.
  private static final int ROUNDING = 8;

  /// @throws IllegalArgumentException if the numbers of means and deviations differ, a number is
  ///     not finite, or `unit` or a deviation is not positive
  public Scaling {
    mean = mean.clone();
    deviation = deviation.clone();
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(
          "scaling: %s means and %s deviations; want as many"
              .formatted(mean.length, deviation.length));
    }
    require("time", origin, unit);
    for (int i = 0; i < mean.length; i++) {
      require("component " + i, mean[i], deviation[i]);
    }
  }

  private static void require(String what, double origin, double unit) {
    if (!Double.isFinite(origin) || !Double.isFinite(unit) || !(unit > 0)) {
      throw new IllegalArgumentException(
          "scaling: %s counts from %s in units of %s; want finite numbers, and a unit above 0"
              .formatted(what, origin, unit));
    }
  }

  private static void requireFinite(String column, double number) {
    if (!Double.isFinite(number)) {
      throw new DataException(
          "column \"%s\" has numbers whose squares overflow; choose a larger unit", column);
    }
  }

  /// Returns the standardisation of one trajectory.
  ///
  /// @throws DataException as [#of(List)]
  /// @throws IllegalArgumentException if there are fewer than two rows
  public static Scaling of(TimeSeries series) {
    return of(List.of(series));
  }

  /// Returns the common standardisation of trajectories with the same components: the earliest time
  /// becomes 0, the longest duration 20. Missing values do not count.
  ///
  /// @throws DataException if numbers are so large that their squares overflow, or times so close
  ///     that their differences underflow
  /// @throws IllegalArgumentException if there is no series, or one of fewer than two rows
  public static Scaling of(List<TimeSeries> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("scaling: no series; want one or more");
    }
    double origin = Double.POSITIVE_INFINITY;
    double longest = 0;
    for (TimeSeries series : all) {
      if (series.size() < 2) {
        throw new IllegalArgumentException(
            "scaling: a series of " + series.size() + " rows; want two or more");
      }
      if (series.dimension() != all.getFirst().dimension()) {
        throw new IllegalArgumentException(
            "scaling: a series of %s components after one of %s; want the same in all"
                .formatted(series.dimension(), all.getFirst().dimension()));
      }
      double[] times = series.times();
      origin = Math.min(origin, times[0]);
      longest = Math.max(longest, times[times.length - 1] - times[0]);
    }
    TimeSeries first = all.getFirst();
    double unit = longest / SPAN;
    requireFinite(first.timeName(), unit);
    if (!(unit >= Double.MIN_NORMAL)) {
      throw new DataException(
          "column \"%s\" has times too close together; choose a smaller unit", first.timeName());
    }
    int n = first.dimension();
    double[] mean = new double[n];
    double[] deviation = new double[n];
    for (int i = 0; i < n; i++) {
      int component = i;
      double[] values =
          all.stream()
              .flatMapToDouble(series -> Arrays.stream(series.component(component)))
              .filter(value -> !Double.isNaN(value))
              .toArray();
      mean[i] = StatUtils.mean(values);
      double variance = StatUtils.populationVariance(values);
      requireFinite(first.names().get(i), mean[i] + variance);
      deviation[i] = deviation(values, mean[i], variance);
    }
    return new Scaling(origin, unit, mean, deviation);
  }

  /// Returns the deviation of numbers, also if their squares underflow; 1 if all are equal up to
  /// rounding.
  private static double deviation(double[] values, double mean, double variance) {
    double high = StatUtils.max(values);
    double low = StatUtils.min(values);
    double range = high - low;
    double rounding = ROUNDING * Math.ulp(Math.max(Math.abs(high), Math.abs(low)));
    if (!(range >= Math.max(Double.MIN_NORMAL, rounding))) {
      return 1;
    }
    if (variance >= Double.MIN_NORMAL) {
      return Math.sqrt(variance);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.pow((value - mean) / range, 2);
    }
    return range * Math.sqrt(sum / values.length);
  }

  @Override
  public double[] mean() {
    return mean.clone();
  }

  @Override
  public double[] deviation() {
    return deviation.clone();
  }

  /// Returns `t̃ = (t − origin)/unit` for each time.
  ///
  /// @throws DataException if two different times in a row become equal
  public double[] scaledTimes(double... times) {
    double[] scaled = Arrays.stream(times).map(t -> (t - origin) / unit).toArray();
    for (int i = 1; i < times.length; i++) {
      if (scaled[i] == scaled[i - 1] && times[i] != times[i - 1]) {
        throw new DataException(
            "times %s and %s are too close together to tell apart; move or remove one of them",
            times[i - 1], times[i]);
      }
    }
    return scaled;
  }

  /// Returns `ỹ = (y − mean)/deviation`; NaN stays NaN.
  ///
  /// @throws IllegalArgumentException if `y` has another number of components
  public double[] scaled(double[] y) {
    requireComponents(y);
    double[] scaled = new double[y.length];
    Arrays.setAll(scaled, i -> (y[i] - mean[i]) / deviation[i]);
    return scaled;
  }

  /// Scales each row as [#scaled(double[])].
  ///
  /// @throws IllegalArgumentException if a row has another number of components
  public List<double[]> scaled(List<double[]> rows) {
    return rows.stream().map(this::scaled).toList();
  }

  /// Returns `y = mean + deviation·ỹ`, the inverse of [#scaled(double[])] up to rounding.
  ///
  /// @throws IllegalArgumentException if `y` has another number of components
  public double[] unscaled(double[] y) {
    requireComponents(y);
    double[] unscaled = new double[y.length];
    Arrays.setAll(unscaled, i -> y[i] * deviation[i] + mean[i]);
    return unscaled;
  }

  private void requireComponents(double[] y) {
    if (y.length != mean.length) {
      throw new IllegalArgumentException(
          "scaling: a state of " + y.length + " components; want " + mean.length);
    }
  }

  @Override
  public String toString() {
    return "t̃ = (t − %s)/%s, mean %s, deviation %s"
        .formatted(origin, unit, Arrays.toString(mean), Arrays.toString(deviation));
  }
}
