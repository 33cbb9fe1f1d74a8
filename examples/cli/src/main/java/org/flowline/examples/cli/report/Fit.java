package org.flowline.examples.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowline.examples.pictures.Numbers;
import org.flowline.neuralode.data.Clock;
import org.flowline.neuralode.data.Experiment;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.model.Provenance;

/// A trained model beside the data that it learnt from and those that it is judged by.
public record Fit(Model model, Clock clock, List<FittedTrajectory> courses) {

  public Fit {
    courses = List.copyOf(courses);
  }

  /// Trajectories of which the first part is in `training` and the rest in `validation`, as
  /// [Measurements#splitByTime] makes them, are shown as one.
  public static Fit of(Model model, Measurements training, Optional<Measurements> validation) {
    List<Experiment> judging =
        new ArrayList<>(validation.map(Measurements::experiments).orElse(List.of()));
    List<FittedTrajectory> courses = new ArrayList<>();
    for (Experiment learnt : training.experiments()) {
      Optional<Experiment> later = judging.stream().filter(it -> goesOn(learnt, it)).findFirst();
      Experiment whole = later.map(rest -> joined(learnt, rest)).orElse(learnt);
      later.ifPresent(judging::remove);
      courses.add(FittedTrajectory.of(model, whole, learnt.size()));
    }
    judging.forEach(other -> courses.add(FittedTrajectory.of(model, other, 0)));
    return new Fit(model, training.clock(), courses);
  }

  /// A single trajectory, all of it to learn from.
  public static Fit of(Model model, TimeSeries series) {
    return of(model, Measurements.of(series), Optional.empty());
  }

  /// Whether it has the same rows, of which those that were learnt from do not judge.
  private static boolean goesOn(Experiment learnt, Experiment other) {
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

  /// The same fit, of the model with these notes on where it comes from.
  public Fit with(Provenance provenance) {
    return new Fit(model.with(provenance), clock, courses);
  }

  /// Whether there is something to be judged by.
  public boolean validates() {
    return courses.stream().anyMatch(FittedTrajectory::validates);
  }

  /// One for each part and component that has values.
  public List<Score> scores() {
    return Arrays.stream(Part.values())
        .flatMap(part -> scores(part).stream())
        .filter(score -> score.count() > 0)
        .toList();
  }

  private List<Score> scores(Part part) {
    return IntStream.range(0, model.names().size()).mapToObj(i -> Score.of(this, part, i)).toList();
  }

  /// Why the model's solve does not get through what it learnt from, if it does not.
  public Optional<String> failure() {
    return Double.isFinite(rmse())
        ? Optional.empty()
        : courses.stream().flatMap(course -> course.failure().stream()).findFirst();
  }

  /// Root of the mean square error over all values and components to learn from, in the data's
  /// units.
  public double rmse() {
    return rmse(Part.TRAINING).orElse(Double.NaN);
  }

  /// Root of the mean square error over all values and components of a part, in the data's units;
  /// empty where it has none.
  public OptionalDouble rmse(Part part) {
    List<Score> scores = scores(part).stream().filter(score -> score.count() > 0).toList();
    long count = scores.stream().mapToLong(Score::count).sum();
    double largest = scores.stream().mapToDouble(Score::rmse).max().orElse(Double.NaN);
    if (count == 0) {
      return OptionalDouble.empty();
    }
    if (largest == 0 || !Double.isFinite(largest)) {
      return OptionalDouble.of(largest);
    }
    double sum = 0;
    for (Score score : scores) {
      double share = score.rmse() / largest; // whose square does not overflow
      sum += score.count() * share * share;
    }
    return OptionalDouble.of(largest * Math.sqrt(sum / count));
  }

  /// The errors of training by component, in a line.
  public String perComponent() {
    return scores(Part.TRAINING).stream()
        .map(score -> score.component() + " " + Numbers.significant(score.rmse()))
        .collect(Collectors.joining(", "));
  }
}
