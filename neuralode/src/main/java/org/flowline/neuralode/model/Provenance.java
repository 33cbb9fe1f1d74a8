package org.flowline.neuralode.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;

/// The origin of a [Model]: the ranges of its training data, the settings and the metrics.
///
/// @param from the first time of the training data
/// @param to the last time
/// @param low the minimum of each component
/// @param high the maximum of each component
/// @param inputLow the minimum of each input
/// @param inputHigh the maximum of each input
/// @param settings the settings of the training by name; the model never reads them
/// @param metrics the metrics of the trained model by name
public record Provenance(
    double from,
    double to,
    List<Double> low,
    List<Double> high,
    List<Double> inputLow,
    List<Double> inputHigh,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  /// @throws IllegalArgumentException if a range is reversed or not finite, the numbers of minima
  ///     and maxima differ, or a metric is not finite
  public Provenance {
    low = List.copyOf(low);
    high = List.copyOf(high);
    inputLow = List.copyOf(inputLow);
    inputHigh = List.copyOf(inputHigh);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    requireRange("times", from, to);
    requireRanges("component", low, high);
    requireRanges("input", inputLow, inputHigh);
    metrics.forEach((name, metric) -> requireRange("metric " + name, metric, metric));
  }

  private static void requireRanges(String what, List<Double> low, List<Double> high) {
    if (low.size() != high.size()) {
      throw new IllegalArgumentException(
          "provenance: %s lows and %s highs of %ss; want as many"
              .formatted(low.size(), high.size(), what));
    }
    for (int i = 0; i < low.size(); i++) {
      requireRange(what + " " + i, low.get(i), high.get(i));
    }
  }

  private static void requireRange(String what, double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException(
          "provenance: " + what + " from " + low + " to " + high + "; want a finite range");
    }
  }

  /// Returns the ranges of all these trajectories, without settings and metrics.
  public static Provenance of(Measurements measured) {
    DoubleSummaryStatistics times =
        measured.states().stream()
            .flatMapToDouble(series -> Arrays.stream(series.times()))
            .summaryStatistics();
    return new Provenance(
        times.getMin(),
        times.getMax(),
        extremes(measured.states(), DoubleSummaryStatistics::getMin),
        extremes(measured.states(), DoubleSummaryStatistics::getMax),
        extremes(measured.inputs(), DoubleSummaryStatistics::getMin),
        extremes(measured.inputs(), DoubleSummaryStatistics::getMax),
        Map.of(),
        Map.of());
  }

  /// Returns an extreme of each component; 0 for one without values.
  private static List<Double> extremes(
      List<TimeSeries> all, ToDoubleFunction<DoubleSummaryStatistics> extreme) {
    return IntStream.range(0, all.getFirst().dimension())
        .mapToObj(
            i ->
                all.stream()
                    .flatMapToDouble(series -> Arrays.stream(series.component(i)))
                    .filter(Double::isFinite)
                    .summaryStatistics())
        .map(values -> values.getCount() == 0 ? 0 : extreme.applyAsDouble(values))
        .toList();
  }

  /// Returns the ranges of all finite numbers, for a model without training data.
  ///
  /// @throws IllegalArgumentException if the number of components is not in 0 … 1,000,000
  public static Provenance unbounded(int components) {
    if (components < 0 || components > 1_000_000) {
      throw new IllegalArgumentException(
          "provenance: " + components + " components; want 0 … 1000000");
    }
    double most = Double.MAX_VALUE;
    List<Double> low = Collections.nCopies(components, -most);
    List<Double> high = Collections.nCopies(components, most);
    return new Provenance(-most, most, low, high, List.of(), List.of(), Map.of(), Map.of());
  }

  /// Returns these ranges with other settings and metrics.
  public Provenance with(Map<String, String> settings, Map<String, Double> metrics) {
    return new Provenance(from, to, low, high, inputLow, inputHigh, settings, metrics);
  }

  /// Returns the names of the quantities of a prediction `y` at `t` that are outside the ranges of
  /// the training data (extrapolation).
  public List<String> beyond(Variables variables, double t, double[] y) {
    List<String> beyond = new ArrayList<>();
    if (!(from <= t && t <= to)) {
      beyond.add(variables.time());
    }
    addOutside(beyond, variables.components(), low, high, y);
    return beyond;
  }

  /// Returns the same for a prediction under inputs. All inputs are included at times before their
  /// first or after their last row, where they are held constant.
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
      List<String> beyond,
      List<String> names,
      List<Double> low,
      List<Double> high,
      double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(low.get(i) <= values[i] && values[i] <= high.get(i))) {
        beyond.add(names.get(i));
      }
    }
  }
}
