package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// Reads [Measurements] from NumPy files. In an `.npz`, as `np.savez("data.npz", t=t, y=y)` writes
/// it, an array of n numbers is a column of its name, and an array `y` of n × d is the d columns
/// `y1`, `y2`, …; NaN is a missing value. An `.npy` has n rows of a time and d numbers, the columns
/// `t`, `y1`, `y2`, ….
public final class NpzMeasurements {
  private static final int MOST_COLUMNS = 100_000;

  private NpzMeasurements() {}

  /// Reads the trajectories of a file, one for each value of the group column.
  ///
  /// @param options the roles of columns; by default the first one is time
  /// @throws DataException if the file does not match the options
  public static Measurements read(Path file, CsvOptions options) {
    boolean isArray = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    Map<String, BigDecimal> origins = new HashMap<>();
    SequencedMap<String, double[]> table = isArray ? rows(file) : columns(file, origins);
    List<String> names = List.copyOf(table.sequencedKeySet());
    if (names.isEmpty()) {
      throw new DataException(file + ": no arrays; want times and at least one component");
    }
    Columns columns = Columns.of(file + ": ", names, options);
    List<double[]> values = List.copyOf(table.sequencedValues());
    String timeName = names.get(columns.time());
    BigDecimal from = origins.getOrDefault(timeName, BigDecimal.ZERO);
    origins.forEach(
        (name, first) -> {
          if (!name.equals(timeName)) {
            throw new DataException(
                "%s: array \"%s\": the integer %s is beyond 2⁵³, where not each is a double; choose a smaller unit",
                file, name, first);
          }
        });
    BigDecimal origin = options.origin().orElse(from);
    boolean grouped = columns.group() >= 0;
    Map<Double, TrajectoryRows> groups = new LinkedHashMap<>();
    for (int i = 0; i < values.getFirst().length; i++) {
      int row = i;
      double group = grouped ? values.get(columns.group())[row] : 0;
      groups
          .computeIfAbsent(group, _ -> new TrajectoryRows())
          .add(
              values.get(columns.time())[row],
              exact(values.get(columns.time())[row], from, origin),
              columns.states().stream().mapToDouble(j -> values.get(j)[row]).toArray(),
              columns.inputs().stream().mapToDouble(j -> values.get(j)[row]).toArray());
    }
    if (groups.isEmpty()) {
      throw new DataException(file + ": no rows; want two or more, a trajectory");
    }
    List<Experiment> experiments = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          String name = grouped ? text(group) : file.getFileName().toString();
          try {
            if (rows.size() < 2) {
              throw new IllegalArgumentException("one row only; want two or more, a trajectory");
            }
            rows.shift(origin);
            experiments.add(rows.experiment(columns, name));
          } catch (IllegalArgumentException e) {
            throw new DataException(
                "%s: %s%s", file, grouped ? "of " + name + ": " : "", e.getMessage());
          }
        });
    return new Measurements(Clock.NUMBER.from(origin), experiments);
  }

  /// Returns a time that is to be shifted, not rounded; null if it is not shifted or not finite.
  private static BigDecimal exact(double time, BigDecimal from, BigDecimal origin) {
    boolean plain = origin.signum() == 0 && from.signum() == 0;
    return plain || !Double.isFinite(time) ? null : new BigDecimal(time).add(from);
  }

  /// Returns the arrays of an `.npz` as columns of equal length.
  ///
  /// @param origins receives the first number of each array of integers beyond 2⁵³, which counts
  ///     from there
  private static SequencedMap<String, double[]> columns(
      Path file, Map<String, BigDecimal> origins) {
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    Npz.read(
            file,
            (name, source, bytes) -> Npy.read(source, bytes, origin -> origins.put(name, origin)))
        .forEach(
            (name, array) -> {
              List<Integer> shape = array.shape();
              if (shape.isEmpty() || shape.size() > 2) {
                throw new DataException(
                    "%s: array \"%s\" has the shape %s; want n numbers, or n rows of d",
                    file, name, shape);
              }
              boolean isVector = shape.size() == 1;
              int n = shape.getFirst();
              int d = isVector ? 1 : shape.getLast();
              requireSize(file, n, columns.size() + (long) d);
              double[] all = array.values();
              for (int j = 0; j < d; j++) {
                columns.put(isVector ? name : name + (j + 1), column(all, n, d, j));
              }
              int rows = columns.firstEntry().getValue().length;
              if (n != rows) {
                throw new DataException(
                    "%s: array \"%s\" has %s rows, the first %s; want as many",
                    file, name, n, rows);
              }
            });
    return columns;
  }

  /// Returns the columns of an `.npy`.
  private static SequencedMap<String, double[]> rows(Path file) {
    Npy array = Npy.read(file);
    List<Integer> shape = array.shape();
    if (shape.size() != 2 || shape.getLast() < 2) {
      throw new DataException(
          "%s: has the shape %s; want n rows of a time and at least one component", file, shape);
    }
    int n = shape.getFirst();
    int d = shape.getLast();
    requireSize(file, n, d);
    double[] all = array.values();
    boolean down = IntStream.range(1, n).allMatch(i -> all[i * d] > all[(i - 1) * d]);
    if (!down && d > n && IntStream.range(1, d).allMatch(j -> all[j] > all[j - 1])) {
      throw new DataException(
          "%s: has the shape %s, and its first row increases as times do; %s",
          file, shape, "want a row for each time: save the array's .T");
    }
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    for (int j = 0; j < d; j++) {
      columns.put(j == 0 ? "t" : "y" + j, column(all, n, d, j));
    }
    return columns;
  }

  /// Requires a table with rows and not too many columns, before any column is copied.
  private static void requireSize(Path file, int rows, long columns) {
    if (rows == 0) {
      throw new DataException(file + ": no rows; want two or more, a trajectory");
    }
    if (columns > MOST_COLUMNS) {
      throw new DataException("%s: %s columns; want at most %s", file, columns, MOST_COLUMNS);
    }
  }

  private static double[] column(double[] all, int n, int d, int column) {
    return IntStream.range(0, n).mapToDouble(i -> all[i * d + column]).toArray();
  }

  /// Formats a group's number, whole ones without a point.
  private static String text(double group) {
    return group == Math.rint(group) && Math.abs(group) < 1e15
        ? Long.toString((long) group)
        : Double.toString(group);
  }
}
