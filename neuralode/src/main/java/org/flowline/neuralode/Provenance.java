package org.flowline.neuralode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.flowline.neuralode.data.TimeSeries;

/// Where a [Model] comes from: what it has seen, how it was made and how good it is.
///
/// @param from the first time it was trained on
/// @param to the last one
/// @param low the smallest value of each component that it has seen
/// @param high the largest
/// @param settings of the training, by name; never read by the model
/// @param metrics of the trained model, by name
public record Provenance(
    double from,
    double to,
    double[] low,
    double[] high,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  /// @throws IllegalArgumentException if a range is upside down or not finite, there are not as
  ///     many
  ///     lows as highs, or a metric is not finite
  public Provenance {
    low = low.clone();
    high = high.clone();
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    if (low.length != high.length) {
      throw new IllegalArgumentException(
          "provenance: " + low.length + " lows and " + high.length + " highs; want as many");
    }
    requireRange("times", from, to);
    for (int i = 0; i < low.length; i++) {
      requireRange("component " + i, low[i], high[i]);
    }
    metrics.forEach((name, metric) -> requireRange("metric " + name, metric, metric));
  }

  private static void requireRange(String what, double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "provenance: " + what + " from " + low + " to " + high + "; want a finite range");
    }
  }

  /// The ranges of these measurements, without settings and metrics.
  public static Provenance of(TimeSeries series) {
    return of(List.of(series));
  }

  /// The ranges of all these trajectories, without settings and metrics.
  ///
  /// @param all one or more, of the same components
  public static Provenance of(List<TimeSeries> all) {
    int n = all.getFirst().dimension();
    double[] low = new double[n];
    double[] high = new double[n];
    for (int i = 0; i < n; i++) {
      int component = i;
      DoubleSummaryStatistics seen = finite(all, series -> series.component(component));
      boolean any = seen.getCount() > 0;
      low[i] = any ? seen.getMin() : 0;
      high[i] = any ? seen.getMax() : 0;
    }
    DoubleSummaryStatistics times = finite(all, TimeSeries::times);
    return new Provenance(times.getMin(), times.getMax(), low, high, Map.of(), Map.of());
  }

  private static DoubleSummaryStatistics finite(
      List<TimeSeries> all, Function<TimeSeries, double[]> part) {
    return all.stream()
        .flatMapToDouble(series -> Arrays.stream(part.apply(series)))
        .filter(Double::isFinite)
        .summaryStatistics();
  }

  /// The same ranges, other settings and metrics.
  public Provenance with(Map<String, String> settings, Map<String, Double> metrics) {
    return new Provenance(from, to, low, high, settings, metrics);
  }

  @Override
  public double[] low() {
    return low.clone();
  }

  @Override
  public double[] high() {
    return high.clone();
  }

  /// In what a prediction of `y` at `t` goes beyond what was seen.
  ///
  /// @param names of the components
  /// @param timeName of the time
  /// @return the names of what is out of its range; empty where nothing is
  public List<String> beyond(String timeName, double t, List<String> names, double[] y) {
    List<String> beyond = new ArrayList<>();
    if (!(from <= t && t <= to)) {
      beyond.add(timeName);
    }
    for (int i = 0; i < y.length; i++) {
      if (!(low[i] <= y[i] && y[i] <= high[i])) {
        beyond.add(names.get(i));
      }
    }
    return beyond;
  }
}
