package org.flowline.neuralode.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Measurements from a NumPy file, `.npz`, as `np.savez("data.npz", t=t, y=y)` writes it. An array
/// of n numbers is a column of its name, an array `y` of n × d is d columns, `y1`, `y2`, …; NaN is
/// a missing value. And from an array of its own, `.npy`, of n rows of a time and d numbers, which
/// are called `t`, `y1`, `y2`, ….
public final class NpzMeasurements {
  private NpzMeasurements() {}

  /// The trajectories of a file, one for each value of the column that tells them apart.
  ///
  /// @param options which columns are meant; the first array is time unless they say otherwise
  /// @throws DataException if the file is not what the options say
  public static Measurements read(Path file, CsvOptions options) {
    boolean alone = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    SequencedMap<String, double[]> table = alone ? rows(file) : columns(file);
    List<String> names = List.copyOf(table.sequencedKeySet());
    if (names.isEmpty()) {
      throw new DataException(file + ": no arrays; want times and at least one component");
    }
    CsvColumns columns = CsvColumns.of(file + ": ", names, options);
    List<double[]> values = List.copyOf(table.sequencedValues());
    Map<Double, List<Integer>> groups = new LinkedHashMap<>();
    for (int row = 0; row < values.getFirst().length; row++) {
      double group = columns.group() < 0 ? 0 : values.get(columns.group())[row];
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
    }
    if (groups.isEmpty()) {
      throw new DataException(file + ": no rows; want two or more, a trajectory");
    }
    List<Experiment> experiments = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          String name = columns.group() < 0 ? file.getFileName().toString() : shown(group);
          experiments.add(experiment(file, name, columns, values, rows));
        });
    return new Measurements(Clock.NUMBER, experiments);
  }

  /// The arrays as columns of one length.
  private static SequencedMap<String, double[]> columns(Path file) {
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    Npz.read(file)
        .forEach(
            (name, array) -> {
              List<Integer> shape = array.shape();
              if (shape.isEmpty() || shape.size() > 2) {
                throw new DataException(
                    "%s: array \"%s\" has the shape %s; want n numbers, or n rows of d"
                        .formatted(file, name, shape));
              }
              int n = shape.getFirst();
              int d = shape.size() == 1 ? 1 : shape.getLast();
              double[] all = array.values();
              for (int j = 0; j < d; j++) {
                columns.put(shape.size() == 1 ? name : name + (j + 1), column(all, n, d, j));
              }
              int rows = columns.firstEntry().getValue().length;
              if (n != rows) {
                throw new DataException(
                    "%s: array \"%s\" has %d rows, the first %d; want as many"
                        .formatted(file, name, n, rows));
              }
            });
    return columns;
  }

  /// The columns of one array.
  private static SequencedMap<String, double[]> rows(Path file) {
    Npy array = Npy.read(file);
    List<Integer> shape = array.shape();
    if (shape.size() != 2 || shape.getLast() < 2) {
      throw new DataException(
          "%s: has the shape %s; want n rows of a time and at least one component"
              .formatted(file, shape));
    }
    double[] all = array.values();
    int n = shape.getFirst();
    int d = shape.getLast();
    boolean down = IntStream.range(1, n).allMatch(i -> all[i * d] > all[(i - 1) * d]);
    if (!down && d > n && IntStream.range(1, d).allMatch(j -> all[j] > all[j - 1])) {
      throw new DataException(
          "%s: has the shape %s, and its first row increases as times do; want a row for each time:"
                  .formatted(file, shape)
              + " save the array's .T");
    }
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    for (int j = 0; j < d; j++) {
      columns.put(j == 0 ? "t" : "y" + j, column(all, n, d, j));
    }
    return columns;
  }

  private static double[] column(double[] all, int n, int d, int column) {
    return IntStream.range(0, n).mapToDouble(i -> all[i * d + column]).toArray();
  }

  private static Experiment experiment(
      Path file, String name, CsvColumns columns, List<double[]> values, List<Integer> rows) {
    try {
      if (rows.size() < 2) {
        throw new IllegalArgumentException("one row only; want two or more, a trajectory");
      }
      return new Experiment(
          name,
          series(columns, columns.states(), values, rows),
          series(columns, columns.inputs(), values, rows));
    } catch (IllegalArgumentException e) {
      throw new DataException(
          file + ": " + (columns.group() < 0 ? "" : "of " + name + ": ") + e.getMessage());
    }
  }

  private static TimeSeries series(
      CsvColumns columns, List<Integer> which, List<double[]> values, List<Integer> rows) {
    double[] times = values.get(columns.time());
    return new TimeSeries(
        columns.names().get(columns.time()),
        columns.names(which),
        rows.stream().mapToDouble(row -> times[row]).toArray(),
        rows.stream()
            .map(row -> which.stream().mapToDouble(column -> values.get(column)[row]).toArray())
            .toList());
  }

  /// A group's number, a whole one without a point.
  private static String shown(double group) {
    return group == Math.rint(group) && Math.abs(group) < 1e15
        ? Long.toString((long) group)
        : Double.toString(group);
  }
}
