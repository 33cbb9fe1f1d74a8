package org.flowline.neuralode.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
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
    double[] low,
    double[] high,
    double[] inputLow,
    double[] inputHigh,
    Map<String, String> settings,
    Map<String, Double> metrics) {

  /// @throws IllegalArgumentException if a range is reversed or not finite, the numbers of minima
  /// and
  ///     maxima differ, or a metric is not finite
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
          "provenance: %s lows and %s highs of %ss; want as many"
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

  /// Returns the ranges of all these trajectories, without settings and metrics.
  public static Provenance of(Measurements measured) {
    DoubleSummaryStatistics times =
        measured.states().stream()
            .flatMapToDouble(s -> Arrays.stream(s.times()))
            .summaryStatistics();
    double[][] states = ranges(measured.states());
    double[][] inputs = ranges(measured.inputs());
    return new Provenance(
        times.getMin(),
        times.getMax(),
        states[0],
        states[1],
        inputs[0],
        inputs[1],
        Map.of(),
        Map.of());
  }

  /// Returns the ranges of all finite numbers, for a model without training data.
  public static Provenance unbounded(int components) {
    double[] high = new double[components];
    Arrays.fill(high, Double.MAX_VALUE);
    double[] low = Arrays.stream(high).map(x -> -x).toArray();
    double[] none = {};
    return new Provenance(
        -Double.MAX_VALUE, Double.MAX_VALUE, low, high, none, none, Map.of(), Map.of());
  }

  /// Returns the minimum and the maximum of each component; 0 for one without values.
  private static double[][] ranges(List<TimeSeries> all) {
    double[][] ranges = new double[2][all.getFirst().dimension()];
    for (int i = 0; i < ranges[0].length; i++) {
      int component = i;
      DoubleSummaryStatistics values =
          all.stream()
              .flatMapToDouble(series -> DoubleStream.of(series.component(component)))
              .filter(Double::isFinite)
              .summaryStatistics();
      ranges[0][i] = values.getCount() == 0 ? 0 : values.getMin();
      ranges[1][i] = values.getCount() == 0 ? 0 : values.getMax();
    }
    return ranges;
  }

  /// Returns these ranges with other settings and metrics.
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
      List<String> beyond, List<String> names, double[] low, double[] high, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(low[i] <= values[i] && values[i] <= high[i])) {
        beyond.add(names.get(i));
      }
    }
  }
}
