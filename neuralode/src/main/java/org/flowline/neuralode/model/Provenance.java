package org.flowline.neuralode.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;

/// Where a [Model] comes from: what it has seen, how it was made and how good it is.
///
/// @param from the first time it was trained on
/// @param to the last one
/// @param low the smallest value of each component that it has seen
/// @param high the largest
/// @param inputLow the smallest value of each input that it has seen
/// @param inputHigh the largest
/// @param settings of the training, by name; never read by the model
/// @param metrics of the trained model, by name
public record Provenance(
    double from,
    double to,
    double[] low,
    double[] high,
    double[] inputLow,
    double[] inputHigh,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  /// @throws IllegalArgumentException if a range is upside down or not finite, there are not as
  ///     many lows as highs, or a metric is not finite
  public Provenance {
    low = low.clone();
    high = high.clone();
    inputLow = inputLow.clone();
    inputHigh = inputHigh.clone();
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    requireRange("times", from, to);
    requireRanges("component", low, high);
    requireRanges("input", inputLow, inputHigh);
    metrics.forEach((name, metric) -> requireRange("metric " + name, metric, metric));
  }

  private static void requireRanges(String what, double[] low, double[] high) {
    if (low.length != high.length) {
      throw new IllegalArgumentException(
          "provenance: %d lows and %d highs of %ss; want as many"
              .formatted(low.length, high.length, what));
    }
    for (int i = 0; i < low.length; i++) {
      requireRange(what + " " + i, low[i], high[i]);
    }
  }

  private static void requireRange(String what, double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "provenance: " + what + " from " + low + " to " + high + "; want a finite range");
    }
  }

  /// The ranges of all these trajectories, without settings and metrics.
  public static Provenance of(Measurements measured) {
    DoubleSummaryStatistics times = finite(measured.states(), TimeSeries::times);
    Extremes states = Extremes.of(measured.states());
    Extremes inputs = Extremes.of(measured.inputs());
    return new Provenance(
        times.getMin(),
        times.getMax(),
        states.low,
        states.high,
        inputs.low,
        inputs.high,
        Map.of(),
        Map.of());
  }

  private record Extremes(double[] low, double[] high) {
    static Extremes of(List<TimeSeries> all) {
      int n = all.getFirst().dimension();
      Extremes found = new Extremes(new double[n], new double[n]);
      for (int i = 0; i < n; i++) {
        int component = i;
        DoubleSummaryStatistics seen = finite(all, series -> series.component(component));
        boolean any = seen.getCount() > 0;
        found.low[i] = any ? seen.getMin() : 0;
        found.high[i] = any ? seen.getMax() : 0;
      }
      return found;
    }
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
    return new Provenance(from, to, low, high, inputLow, inputHigh, settings, metrics);
  }

  @Override
  public double[] low() {
    return low.clone();
  }

  @Override
  public double[] high() {
    return high.clone();
  }

  @Override
  public double[] inputLow() {
    return inputLow.clone();
  }

  @Override
  public double[] inputHigh() {
    return inputHigh.clone();
  }

  /// In what a prediction of `y` at `t` goes beyond what was seen.
  ///
  /// @param variables the names of it all
  /// @return the names of what is out of its range; empty where nothing is
  public List<String> beyond(Variables variables, double t, double[] y) {
    List<String> beyond = new ArrayList<>();
    if (!(from <= t && t <= to)) {
      beyond.add(variables.time());
    }
    addOutside(beyond, variables.components(), low, high, y);
    return beyond;
  }

  /// The same under inputs, which are beyond what was seen, too, where they were not given and are
  /// held constant.
  public List<String> beyond(Variables variables, double t, double[] y, TimeSeries inputs) {
    List<String> beyond = beyond(variables, t, y);
    if (t < inputs.times()[0] || t > inputs.times()[inputs.size() - 1]) {
      beyond.addAll(variables.inputs());
    } else {
      addOutside(beyond, variables.inputs(), inputLow, inputHigh, inputs.at(t));
    }
    return beyond;
  }

  private static void addOutside(
      List<String> beyond, List<String> names, double[] low, double[] high, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(low[i] <= values[i] && values[i] <= high[i])) {
        beyond.add(names.get(i));
      }
    }
  }
}
