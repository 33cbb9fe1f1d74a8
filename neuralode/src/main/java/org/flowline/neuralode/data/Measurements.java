package org.flowline.neuralode.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// Measured trajectories of one system, all with the same columns.
///
/// @param clock the notation of their times
/// @param experiments one or more
public record Measurements(Clock clock, List<Experiment> experiments) {

  private static final List<String> ARRAYS = List.of(".npy", ".npz");
  private static final List<String> SUFFIXES = List.of(".csv", ".tsv", ".txt", ".npy", ".npz");

  /// A training and a validation part.
  public record Split(Measurements training, Measurements validation) {}

  /// @throws IllegalArgumentException if there is no trajectory, or columns differ
  public Measurements {
    experiments = List.copyOf(experiments);
    if (experiments.isEmpty()) {
      throw new IllegalArgumentException("measurements: no trajectories; want one or more");
    }
    Experiment first = experiments.getFirst();
    for (Experiment other : experiments) {
      if (!other.hasColumnsOf(first)) {
        throw new IllegalArgumentException(
            "measurements: columns %s and inputs %s after %s and %s; want the same in each trajectory"
                .formatted(
                    other.states().names(),
                    other.inputs().names(),
                    first.states().names(),
                    first.inputs().names()));
      }
    }
  }

  /// Reads the trajectories of a file, or of all files of a folder whose names end with `.csv`,
  /// `.tsv`, `.txt`, `.npy` or `.npz`, in the order of their names. [NpzMeasurements] reads arrays,
  /// [CsvMeasurements] all other files.
  ///
  /// @throws DataException if a file cannot be read, does not match the options, or has other
  ///     columns than the first one
  public static Measurements read(Path path, CsvOptions options) {
    if (Files.isDirectory(path)) {
      return folder(path, options);
    }
    return endsWith(path, ARRAYS)
        ? NpzMeasurements.read(path, options)
        : CsvMeasurements.read(path, options);
  }

  private static Measurements folder(Path folder, CsvOptions options) {
    List<Measurements> files = new ArrayList<>();
    for (Path file : files(folder)) {
      String source = name(folder.toAbsolutePath().normalize()) + "/" + name(file);
      Measurements read =
          endsWith(file, ARRAYS)
              ? NpzMeasurements.read(file, options)
              : CsvMeasurements.inFolder(file, source, options);
      Measurements first = files.isEmpty() ? read : files.getFirst();
      if (read.clock().notation() != first.clock().notation()
          || !first.experiments().getFirst().hasColumnsOf(read.experiments().getFirst())) {
        throw new DataException(
            "%s: other columns, or times written otherwise, than in the first file of the folder; %s",
            source, "want the same in each, and nothing else there");
      }
      files.add(read);
    }
    Optional<Clock> shifted =
        files.stream().map(Measurements::clock).filter(Clock::isShifted).findFirst();
    if (shifted.isPresent() && options.origin().isEmpty()) {
      return folder(folder, options.withOrigin(shifted.get().origin()));
    }
    return new Measurements(
        files.getFirst().clock(),
        files.stream().flatMap(file -> file.experiments().stream()).toList());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files =
          inside
              .filter(file -> Files.isRegularFile(file) && endsWith(file, SUFFIXES))
              .sorted(Comparator.comparing(Measurements::name))
              .toList();
      if (files.isEmpty()) {
        throw new DataException(
            "%s: no file in this folder ends with %s", folder, String.join(", ", SUFFIXES));
      }
      return files;
    } catch (IOException e) {
      throw DataException.of(folder, e);
    }
  }

  private static boolean endsWith(Path file, List<String> suffixes) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return suffixes.stream().anyMatch(name::endsWith);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Returns one trajectory without inputs, its times as numbers.
  ///
  /// @throws IllegalArgumentException if the first row is incomplete
  public static Measurements of(TimeSeries states) {
    List<double[]> nothing = Collections.nCopies(states.size(), new double[0]);
    TimeSeries inputs = new TimeSeries(states.timeName(), List.of(), states.times(), nothing);
    return new Measurements(Clock.NUMBER, List.of(new Experiment("", states, inputs)));
  }

  /// Returns the states of all trajectories.
  public List<TimeSeries> states() {
    return experiments.stream().map(Experiment::states).toList();
  }

  /// Returns the inputs of all trajectories.
  public List<TimeSeries> inputs() {
    return experiments.stream().map(Experiment::inputs).toList();
  }

  /// Splits each trajectory in time: its first part is for training. In the validation part, the
  /// states of the first part are missing except for the first row, the initial state; inputs are
  /// kept. A trajectory without measurements after the first part has no validation part.
  ///
  /// @param share the training share of the duration, between 0 and 1
  /// @throws IllegalArgumentException if the share is out of range
  /// @throws DataException if the training part has fewer than two rows of a trajectory, or one
  ///     part has nothing measured
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
            "split: %s has one row in the first %s of its time; want two or more: choose a larger share",
            DataException.quoted(experiment.name()), share);
      }
      training.add(experiment.between(0, count));
      Experiment later = experiment.withoutStates(1, count);
      if (later.isMeasured()) {
        validation.add(later);
      }
    }
    return split(training, validation);
  }

  /// Splits whole trajectories at random, reproducibly for a seed. Each part has at least one, in
  /// the original order.
  ///
  /// @param share the training share of the trajectories, between 0 and 1
  /// @throws IllegalArgumentException if the share is out of range
  /// @throws DataException if there is one trajectory only, or one part has nothing measured
  public Split splitByTrajectory(double share, long seed) {
    requireShare(share);
    int all = experiments.size();
    if (all < 2) {
      throw new DataException("split: one trajectory; want two or more, or a split by time");
    }
    List<Experiment> shuffled = new ArrayList<>(experiments);
    Collections.shuffle(shuffled, new Random(seed));
    int count = (int) Math.clamp(Math.round(share * all), 1, all - 1L);
    Set<Experiment> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
    chosen.addAll(shuffled.subList(0, count));
    List<Experiment> training = new ArrayList<>();
    List<Experiment> validation = new ArrayList<>();
    for (Experiment experiment : experiments) {
      (chosen.contains(experiment) ? training : validation).add(experiment);
    }
    return split(training, validation);
  }

  private Split split(List<Experiment> training, List<Experiment> validation) {
    if (training.stream().noneMatch(Experiment::isMeasured)) {
      throw new DataException(
          "split: nothing after the first rows is left to learn from; choose a larger share");
    }
    if (validation.stream().noneMatch(Experiment::isMeasured)) {
      throw new DataException("split: nothing is left to validate by; choose a smaller share");
    }
    return new Split(new Measurements(clock, training), new Measurements(clock, validation));
  }

  static void requireShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "split: a share of " + share + " to learn from; want one between 0 and 1");
    }
  }
}
