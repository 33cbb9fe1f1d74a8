package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flowline.examples.pictures.Numbers;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.model.Provenance;

/// A trained model and its solutions for the training and validation data.
public record Fit(Model model, Clock clock, List<FittedTrajectory> trajectories) {

  /// Solves the model for the data. A trajectory that [Measurements#splitByTime] cut in two is one
  /// again.
  public static Fit of(Model model, Measurements training, Optional<Measurements> validation) {
    List<Experiment> heldOut = validation.map(Measurements::experiments).orElse(List.of());
    Map<String, List<Experiment>> byName = new LinkedHashMap<>();
    heldOut.forEach(it -> byName.computeIfAbsent(it.name(), _ -> new LinkedList<>()).add(it));
    int count = training.experiments().size() + heldOut.size();
    List<FittedTrajectory> trajectories = new ArrayList<>();
    for (Experiment learnt : training.experiments()) {
      List<Experiment> same = byName.getOrDefault(learnt.name(), List.of());
      Optional<Experiment> later =
          same.stream().filter(it -> isContinuation(learnt, it)).findFirst();
      later.ifPresent(same::remove);
      Experiment whole = later.map(rest -> joined(learnt, rest)).orElse(learnt);
      trajectories.add(FittedTrajectory.of(model, whole, learnt.size(), count));
    }
    Set<Experiment> others = Collections.newSetFromMap(new IdentityHashMap<>());
    byName.values().forEach(others::addAll);
    heldOut.stream()
        .filter(others::contains)
        .forEach(other -> trajectories.add(FittedTrajectory.of(model, other, 0, count)));
    return new Fit(model, training.clock(), List.copyOf(trajectories));
  }

  /// Returns whether `other` has the rows of `learnt`, with missing values, and further ones.
  private static boolean isContinuation(Experiment learnt, Experiment other) {
    int count = learnt.size();
    if (!learnt.name().equals(other.name()) || other.size() <= count) {
      return false;
    }
    List<double[]> rows = other.states().rows();
    return Arrays.equals(learnt.states().times(), Arrays.copyOf(other.states().times(), count))
        && Arrays.equals(learnt.states().rows().getFirst(), rows.getFirst())
        && rows.subList(1, count).stream().flatMapToDouble(Arrays::stream).allMatch(Double::isNaN);
  }

  private static Experiment joined(Experiment learnt, Experiment whole) {
    TimeSeries states = whole.states();
    List<double[]> rows = new ArrayList<>(learnt.states().rows());
    rows.addAll(states.rows().subList(learnt.size(), states.size()));
    return new Experiment(
        learnt.name(),
        new TimeSeries(states.timeName(), states.names(), states.times(), rows),
        whole.inputs());
  }

  /// Returns this fit with another provenance of the model.
  public Fit with(Provenance provenance) {
    return new Fit(model.with(provenance), clock, trajectories);
  }

  /// Writes a time; a whole number without its fraction.
  String time(double time) {
    return clock.write(time).replaceFirst("\\.0$", "");
  }

  /// Returns whether there are validation data.
  public boolean validates() {
    return trajectories.stream().anyMatch(FittedTrajectory::validates);
  }

  /// Returns a score for each part and component that has values.
  public List<Score> scores() {
    return Arrays.stream(Part.values()).flatMap(part -> scores(part).stream()).toList();
  }

  private List<Score> scores(Part part) {
    return IntStream.range(0, model.names().size())
        .mapToObj(i -> Score.of(this, part, i))
        .filter(score -> score.count() > 0)
        .toList();
  }

  /// Returns the failure of a solve, if one does not reach all training data.
  public Optional<String> failure() {
    return Double.isFinite(rmse())
        ? Optional.empty()
        : trajectories.stream().flatMap(one -> one.failure().stream()).findFirst();
  }

  /// Returns the root mean square error over all training values, in the units of the data.
  public double rmse() {
    return rmse(Part.TRAINING).orElse(Double.NaN);
  }

  /// Returns the root mean square error over all values of a part; empty if it has none.
  public OptionalDouble rmse(Part part) {
    List<Score> scores = scores(part);
    if (scores.isEmpty()) {
      return OptionalDouble.empty();
    }
    long count = scores.stream().mapToLong(Score::count).sum();
    double largest = scores.stream().mapToDouble(Score::rmse).max().orElseThrow();
    if (largest == 0 || !Double.isFinite(largest)) {
      return OptionalDouble.of(largest);
    }
    double sum = 0;
    for (Score score : scores) {
      double share = score.rmse() / largest; // its square does not overflow
      sum += score.count() * share * share;
    }
    return OptionalDouble.of(largest * Math.sqrt(sum / count));
  }

  /// Returns the training errors by component, in a line.
  public String perComponent() {
    return scores(Part.TRAINING).stream()
        .map(score -> score.component() + " " + Numbers.significant(score.rmse()))
        .collect(Collectors.joining(", "));
  }

  /// Returns data and model at the times of the data; with columns for trajectory and part where
  /// there are several. A cell is empty where a value is missing or the solve failed.
  public Csv predictions() {
    List<Object> header = leading("trajectory", model.timeName());
    boolean inParts = validates();
    header.addAll(inParts ? List.of("part") : List.of());
    model.names().forEach(name -> header.addAll(List.of(name, name + " (model)")));
    return new Csv(header, trajectories.stream().flatMap(one -> predictions(one, inParts)));
  }

  private Stream<List<Object>> predictions(FittedTrajectory one, boolean inParts) {
    double[] times = one.series().times();
    List<double[]> rows = one.series().rows();
    return IntStream.range(0, times.length)
        .mapToObj(
            i -> {
              List<Object> row = leading(one.name(), clock.write(times[i]));
              if (inParts) {
                row.add(i < one.trained() ? Part.TRAINING : Part.VALIDATION);
              }
              double[] data = rows.get(i);
              for (int j = 0; j < data.length; j++) {
                row.add(cell(data[j]));
                row.add(cell(one.predicted().get(i)[j]));
              }
              return row;
            });
  }

  /// Returns the model at many times between the times of the data.
  public Csv curve() {
    List<Object> header = leading("trajectory", model.timeName());
    header.addAll(model.names());
    return new Csv(header, trajectories.stream().flatMap(this::curve));
  }

  private Stream<List<Object>> curve(FittedTrajectory one) {
    return IntStream.range(0, one.fineTimes().length)
        .mapToObj(
            i -> {
              List<Object> row = leading(one.name(), clock.write(one.fineTimes()[i]));
              Arrays.stream(one.fine().get(i)).forEach(value -> row.add(cell(value)));
              return row;
            });
  }

  private List<Object> leading(String trajectory, String time) {
    return new ArrayList<>(trajectories.size() > 1 ? List.of(trajectory, time) : List.of(time));
  }

  private static Object cell(double value) {
    return Double.isNaN(value) ? "" : value;
  }
}
