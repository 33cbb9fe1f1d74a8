package org.flowline.neuralode.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/// Trajectories of one system, all with the same columns.
///
/// @param clock how their times were written
/// @param experiments one or more
public record Measurements(Clock clock, List<Experiment> experiments) {

  /// What a model learns from, and what it is judged by.
  public record Split(Measurements training, Measurements validation) {}

  /// @throws IllegalArgumentException if there are none, or their columns differ
  public Measurements {
    experiments = List.copyOf(experiments);
    if (experiments.isEmpty()) {
      throw new IllegalArgumentException("measurements: no trajectories; want one or more");
    }
    Experiment first = experiments.getFirst();
    for (Experiment other : experiments) {
      if (!other.states().names().equals(first.states().names())
          || !other.inputs().names().equals(first.inputs().names())) {
        throw new IllegalArgumentException(
            "measurements: columns "
                + other.states().names()
                + " and inputs "
                + other.inputs().names()
                + " after "
                + first.states().names()
                + " and "
                + first.inputs().names()
                + "; want the same in each trajectory");
      }
    }
  }

  /// The trajectories of a file, or of all files of a folder whose names end with `.csv`, `.tsv`,
  /// `.txt`, `.npy` or `.npz`, in the order of their names. Arrays are read as [NpzMeasurements],
  /// all else as [CsvMeasurements].
  ///
  /// @throws DataException if a file cannot be read, is not what the options say, or has other
  ///     columns than the first
  public static Measurements read(Path path, CsvOptions options) {
    return MeasuredFiles.read(path, options);
  }

  /// One trajectory that nothing drives, its times numbers.
  ///
  /// @throws IllegalArgumentException if its first row is not complete
  public static Measurements of(TimeSeries states) {
    List<double[]> nothing = Collections.nCopies(states.size(), new double[0]);
    TimeSeries inputs = new TimeSeries(states.timeName(), List.of(), states.times(), nothing);
    return new Measurements(Clock.NUMBER, List.of(new Experiment("", states, inputs)));
  }

  /// The states of all trajectories.
  public List<TimeSeries> states() {
    return experiments.stream().map(Experiment::states).toList();
  }

  /// The inputs of all trajectories.
  public List<TimeSeries> inputs() {
    return experiments.stream().map(Experiment::inputs).toList();
  }

  /// The first part of each trajectory's duration to learn from. In validation that part is
  /// missing but for the first row, where the model starts; what drove the system stays. A
  /// trajectory of which nothing was measured after that part is left out of it.
  ///
  /// @param share of the duration, between 0 and 1, to learn from
  /// @throws IllegalArgumentException if the share is not in there
  /// @throws DataException if training has fewer than two rows of a trajectory, or nothing is left
  ///     to learn from or to validate by
  public Split splitByTime(double share) {
    requireShare(share);
    List<Experiment> training = new ArrayList<>();
    List<Experiment> validation = new ArrayList<>();
    for (Experiment experiment : experiments) {
      double[] times = experiment.states().times();
      double end = times[0] + share * (times[times.length - 1] - times[0]);
      int count = 0;
      while (count < times.length && times[count] <= end) {
        count++;
      }
      if (count < 2) {
        throw new DataException(
            "split: "
                + DataException.quoted(experiment.name())
                + " has one row in the first "
                + share
                + " of its time; want two or more: choose a larger share");
      }
      training.add(experiment.between(0, count));
      Experiment later = experiment.withoutStates(1, count);
      if (later.isMeasured()) {
        validation.add(later);
      }
    }
    return split(training, validation);
  }

  /// Of each trajectory the first rows.
  ///
  /// @param rows how many of so many; at least two are taken, at most all
  public Measurements first(IntUnaryOperator rows) {
    return new Measurements(
        clock,
        experiments.stream()
            .map(one -> one.between(0, Math.clamp(rows.applyAsInt(one.size()), 2, one.size())))
            .toList());
  }

  /// Each trajectory in `pieces` of about as many rows, each of which ends with the row that the
  /// next starts with: one of which all components were measured. Fewer pieces where there are not
  /// so many such rows.
  public Measurements inPieces(int pieces) {
    return new Measurements(
        clock, experiments.stream().flatMap(one -> one.inPieces(pieces).stream()).toList());
  }

  /// Whole trajectories to learn from and others to be judged by, chosen at random: the same from
  /// the same seed. Each part has at least one, in the order of the files.
  ///
  /// @param share of the trajectories, between 0 and 1, to learn from
  /// @throws IllegalArgumentException if the share is not in there
  /// @throws DataException if there is one trajectory only, or nothing is left to learn from or to
  ///     validate by
  public Split splitByTrajectory(double share, long seed) {
    requireShare(share);
    int all = experiments.size();
    if (all < 2) {
      throw new DataException("split: one trajectory; want two or more, or a split by time");
    }
    List<Experiment> shuffled = new ArrayList<>(experiments);
    Collections.shuffle(shuffled, new Random(seed));
    int count = (int) Math.clamp(Math.round(share * all), 1, all - 1L);
    List<Experiment> chosen = shuffled.subList(0, count);
    List<Experiment> training = new ArrayList<>();
    List<Experiment> validation = new ArrayList<>();
    for (Experiment experiment : experiments) {
      boolean learnt = chosen.stream().anyMatch(one -> one == experiment);
      (learnt ? training : validation).add(experiment);
    }
    return split(training, validation);
  }

  private Split split(List<Experiment> training, List<Experiment> validation) {
    if (training.stream().noneMatch(Experiment::isMeasured)) {
      throw new DataException(
          "split: behind the first rows nothing is left to learn from; choose a larger share");
    }
    if (validation.stream().noneMatch(Experiment::isMeasured)) {
      throw new DataException("split: nothing is left to validate by; choose a smaller share");
    }
    return new Split(new Measurements(clock, training), new Measurements(clock, validation));
  }

  private static void requireShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "split: a share of " + share + " to learn from; want one between 0 and 1");
    }
  }
}
