package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// Reads [Measurements] from separated values: one trajectory, or several that a group column tells
/// apart. A missing value is an empty cell or one of `NA`, `N/A`, `#N/A`, `NaN`, `nan`, `null`,
/// `NULL` and `-`. If commas do not separate the cells, they may be decimal.
///
/// A file is read line by line; only the numbers of the selected columns are kept.
public final class CsvMeasurements {
  private static final Set<String> MISSING =
      Set.of("", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "-");

  private static final double[] NONE = {};

  private final String source;
  private final CsvOptions options;
  private final boolean complete;
  private final SequencedMap<String, TrajectoryRows> groups = new LinkedHashMap<>();
  private Columns columns;
  private Clock clock;
  private String currentGroup;
  private TrajectoryRows current;

  /// @param source the name used in messages
  /// @param complete whether missing values are refused
  CsvMeasurements(String source, CsvOptions options, boolean complete) {
    this.source = source;
    this.options = options;
    this.complete = complete;
  }

  /// Reads the trajectories of a file.
  ///
  /// @throws DataException if the file cannot be read or does not match the options, with file,
  ///     line and column
  public static Measurements read(Path file, CsvOptions options) {
    return new CsvMeasurements(String.valueOf(file.getFileName()), options, false).parse(file);
  }

  /// Reads the trajectories of a text and closes the reader.
  ///
  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or does not match the options
  public static Measurements read(String source, Reader reader, CsvOptions options) {
    return new CsvMeasurements(source, options, false).parse(reader);
  }

  /// Reads a file of a folder. Before the first row is read, a message adds that the file may not
  /// hold a trajectory at all.
  static Measurements inFolder(Path file, String source, CsvOptions options) {
    CsvMeasurements parser = new CsvMeasurements(source, options, false);
    try {
      return parser.parse(file);
    } catch (DataException e) {
      if (parser.groups.values().stream().anyMatch(rows -> rows.size() > 0)) {
        throw e;
      }
      throw new DataException(e.getMessage() + "; or move it away, if it is no trajectory");
    }
  }

  Measurements parse(Path file) {
    CsvLines.read(file, source, options.separator(), this::line);
    return finish(String.valueOf(file.getFileName()));
  }

  Measurements parse(Reader reader) {
    CsvLines.read(source, reader, options.separator(), this::line);
    return finish(source);
  }

  private void line(CsvLine line) {
    if (columns == null && header(line)) {
      return;
    }
    columns.requireWidth(line);
    TrajectoryRows rows = rows(columns.group() < 0 ? "" : line.cell(columns.group()));
    double time = time(line);
    if (rows.size() > 0 && time <= rows.last()) {
      String sort =
          "want increasing times: sort the rows and remove duplicates, or, if these are several trajectories, name their column with --group";
      throw new DataException(
          "%stime %s after %s; %s", line.at(), clock.write(time), clock.write(rows.last()), sort);
    }
    double[] states = values(line, columns.states(), !complete && rows.size() > 0);
    rows.add(time, states, values(line, columns.inputs(), false));
  }

  private TrajectoryRows rows(String group) {
    if (current == null || !group.equals(currentGroup)) {
      currentGroup = group;
      current = groups.computeIfAbsent(group, _ -> new TrajectoryRows());
    }
    return current;
  }

  /// Assigns the columns and returns whether the line holds their names.
  private boolean header(CsvLine line) {
    List<String> cells = line.all();
    if (cells.size() < 2) {
      throw new DataException(
          line.at() + "one column; want time and at least one component, separated by commas");
    }
    boolean header =
        switch (options.header()) {
          case DETECTED -> options.namesColumns() || clock(line, cells.getFirst()).isEmpty();
          case PRESENT -> true;
          case ABSENT -> false;
        };
    List<String> names =
        IntStream.range(0, cells.size()).mapToObj(i -> i == 0 ? "t" : "y" + i).toList();
    columns = Columns.of(line.at(), header ? cells : names, options);
    return header;
  }

  private static Optional<Clock> clock(CsvLine line, String text) {
    return line.isNumber(text) ? Optional.of(Clock.NUMBER) : Clock.of(text);
  }

  private double time(CsvLine line) {
    String text = line.cell(columns.time());
    String name = columns.names().get(columns.time());
    if (clock == null && !text.isEmpty()) {
      String problem =
          "is no time: %s; write times like 1.5, 2024-02-29 or 2024-02-29T12:30Z"
              .formatted(DataException.quoted(text));
      clock = clock(line, text).orElseThrow(() -> line.wrong(name, problem));
    }
    if (clock == null || clock == Clock.NUMBER || text.isEmpty()) {
      return line.finite(text, name, "write numbers like 1.5, or remove the row");
    }
    OptionalDouble time = clock.read(text);
    if (time.isEmpty()) {
      String problem = "is no time like the first: %s; write all of them like %s";
      throw line.wrong(name, problem.formatted(DataException.quoted(text), clock.write(0)));
    }
    return time.getAsDouble();
  }

  private double[] values(CsvLine line, List<Integer> which, boolean mayMiss) {
    double[] values = which.isEmpty() ? NONE : new double[which.size()];
    for (int i = 0; i < values.length; i++) {
      int column = which.get(i);
      String text = line.cell(column);
      String name = columns.names().get(column);
      if (complete) {
        values[i] = line.finite(text, name, "write numbers like 1.5, or remove the row");
      } else if (!isMissing(text)) {
        values[i] =
            line.finite(
                text, name, "write numbers like 1.5, or leave the cell empty for a missing value");
      } else if (mayMiss) {
        values[i] = Double.NaN;
      } else {
        String problem =
            columns.inputs().contains(column)
                ? "is missing, an input"
                : "is missing in the first row of a trajectory, which starts there";
        throw line.wrong(name, problem + "; fill it in or remove the row");
      }
    }
    return values;
  }

  /// Tests the first character before the set: most cells are numbers.
  private static boolean isMissing(String text) {
    boolean digit = !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    return !digit && MISSING.contains(text);
  }

  /// @param name the trajectory's name if there is no group column
  private Measurements finish(String name) {
    if (columns == null) {
      throw new DataException(source + ": is empty; want a header line and two or more rows");
    }
    if (groups.isEmpty()) {
      throw new DataException(source + ": no rows; want two or more, a trajectory");
    }
    boolean grouped = columns.group() >= 0;
    List<Experiment> experiments = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          if (rows.size() < 2) {
            throw new DataException(
                "%s: %sone row only; want two or more, a trajectory",
                source, grouped ? "of " + DataException.quoted(group) + " " : "");
          }
          experiments.add(rows.experiment(columns, grouped ? group : name));
        });
    return new Measurements(clock, experiments);
  }
}
