package org.flowline.neuralode.data;

import java.io.Reader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads [Measurements] from separated values: one trajectory, or several that a group column tells
/// apart. A missing value is an empty cell or one of `NA`, `N/A`, `#N/A`, `#NA`, `<NA>`, `NaN`,
/// `nan`, `NAN`, `-nan`, `null`, `NULL`, `None`, `-`, `.` and `?`. If commas do not separate the
/// cells, they may be decimal. Comments, lines after a header without a number (units) and empty
/// columns at the end are skipped.
///
/// A file is read line by line; only the numbers of the selected columns are kept.
public final class CsvMeasurements {
  private static final double[] NONE = {};

  /// The most characters of a number that the shortest decimal of its double certainly is.
  private static final int SHORT = 15;

  private static final Pattern SLASHED =
      Pattern.compile("(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})\\b.*");

  private final String source;
  private final CsvOptions options;
  private final MissingWords missing;
  private final boolean complete;
  private final SequencedMap<String, TrajectoryRows> groups = new LinkedHashMap<>();
  private CsvLine header;
  private Columns columns;
  private Clock clock;
  private String currentGroup;
  private TrajectoryRows current;

  /// The first line of the current trajectory and the last one; null before a group column is used.
  private CsvLine firstLine;

  private CsvLine lastLine;

  /// The first row without numbers between the header and the data.
  private CsvLine units;

  /// The message for times that are equal if rounded to double; null without any.
  private DataException equalTimes;

  /// @param source the name used in messages
  /// @param complete whether missing values are refused
  CsvMeasurements(String source, CsvOptions options, boolean complete) {
    this.source = source;
    this.options = options;
    this.missing = new MissingWords(options.missing());
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
    if (groups.isEmpty() && header != null && isUnits(line)) {
      units = units == null ? line : units;
      return;
    }
    TrajectoryRows rows = rows(columns.group() < 0 ? "" : line.cell(columns.group()));
    double time = time(line);
    BigDecimal exact = exact(line);
    if (rows.size() > 0 && time <= rows.last()) {
      requireLater(line, time, exact, rows);
    }
    boolean mayMiss = !complete && (rows.size() > 0 || options.start() == CsvOptions.Start.FILLED);
    double[] states = values(line, columns.states(), mayMiss);
    rows.add(time, exact, states, values(line, columns.inputs(), false));
    firstLine = rows.size() == 1 ? line : firstLine;
    lastLine = line;
  }

  /// Returns whether a row after the header has no number and no time.
  private boolean isUnits(CsvLine line) {
    return line.all().stream()
        .allMatch(cell -> clock(line, cell).isEmpty() && !SLASHED.matcher(cell).matches());
  }

  /// Returns the time, not rounded, if the shortest decimal of its double may be another.
  private BigDecimal exact(CsvLine line) {
    String text = line.cell(columns.time());
    boolean mayRound =
        text.length() > SHORT && (clock.notation() == Clock.Notation.NUMBER || text.contains("."));
    return mayRound ? clock.exact(text.replace(',', '.')).orElse(null) : null;
  }

  /// @throws DataException if the time is not after the last one; for times that rounding makes
  ///     equal, the exception is kept until the origin is known
  private void requireLater(CsvLine line, double time, BigDecimal exact, TrajectoryRows rows) {
    BigDecimal precise = exact == null ? BigDecimal.valueOf(time) : exact;
    String now = line.cell(columns.time());
    if (time == rows.last() && precise.compareTo(rows.exactLast()) > 0) {
      equalTimes =
          equalTimes != null
              ? equalTimes
              : new DataException(
                  "%stime %s after %s; too close together to tell apart: move or remove one of them",
                  line.at(), DataException.quoted(now), rows.exactLast().toPlainString());
      return;
    }
    String remedy =
        suspect(line, time == rows.last())
            .orElse(
                "want increasing times: sort the rows and remove duplicates, or, if these are several trajectories, name their column with --group");
    throw new DataException(
        "%stime %s after %s; %s", line.at(), clock.write(time), clock.write(rows.last()), remedy);
  }

  /// Returns the remedy for a file in which a column probably tells trajectories apart: the time
  /// itself, if it repeats, or one that was constant so far and changes now.
  private Optional<String> suspect(CsvLine line, boolean repeats) {
    List<String> names = columns.names();
    if (options.group().isPresent() || names.size() < 3 || lastLine == null) {
      return Optional.empty();
    }
    String time = DataException.quoted(names.get(columns.time()));
    String taken = "column " + time + " is taken as the time; ";
    if (repeats && options.time().isEmpty()) {
      return Optional.of(
          taken + "if it names the trajectories, give --group " + time + ", else sort the rows");
    }
    return lastLine == firstLine
        ? Optional.empty()
        : IntStream.range(0, names.size())
            .filter(i -> i != columns.time() && firstLine.cell(i).equals(lastLine.cell(i)))
            .filter(i -> !line.cell(i).equals(lastLine.cell(i)))
            .mapToObj(i -> DataException.quoted(names.get(i)))
            .map(
                name ->
                    "column %s changes here: if it names the trajectories, give --group %s"
                        .formatted(name, name))
            .map(found -> taken + found + ", else sort the rows")
            .findFirst();
  }

  private TrajectoryRows rows(String group) {
    if (current == null || !group.equals(currentGroup)) {
      currentGroup = group;
      current = groups.computeIfAbsent(group, _ -> new TrajectoryRows());
    }
    return current;
  }

  /// Assigns the columns and returns whether the line holds their names. A first column without a
  /// name waits for the next line: it is the time if that has a date there, else row numbers.
  private boolean header(CsvLine line) {
    if (header != null) {
      boolean dated = clock(line, line.cell(0)).filter(it -> it != Clock.NUMBER).isPresent();
      columns = Columns.of(header.at(), dated ? timed(header.names()) : header.names(), options);
      return false;
    }
    if (line.isComment() && options.header() == CsvOptions.Header.ABSENT) {
      return true;
    }
    List<String> cells = line.names();
    if (line.size() < 2) {
      throw new DataException(
          line.at() + "one column; want time and at least one component, separated by commas");
    }
    boolean named =
        switch (options.header()) {
          case DETECTED ->
              line.isComment() || options.namesColumns() || clock(line, line.cell(0)).isEmpty();
          case PRESENT -> true;
          case ABSENT -> false;
        };
    header = named ? line : null;
    if (named && cells.getFirst().isEmpty() && options.time().isEmpty()) {
      return true;
    }
    List<String> names =
        IntStream.range(0, line.size()).mapToObj(i -> i == 0 ? "t" : "y" + i).toList();
    columns = Columns.of(line.at(), named ? cells : names, options);
    return named;
  }

  private static List<String> timed(List<String> names) {
    List<String> timed = new ArrayList<>(names);
    timed.set(0, names.contains("time") ? "date" : "time");
    return timed;
  }

  private static Optional<Clock> clock(CsvLine line, String text) {
    return line.isNumber(text) ? Optional.of(Clock.NUMBER) : Clock.of(text);
  }

  private double time(CsvLine line) {
    String text = line.cell(columns.time());
    String name = columns.names().get(columns.time());
    if (clock == null && !text.isEmpty()) {
      clock = clock(line, text).orElseThrow(() -> line.wrong(name, noTime(text, name)));
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

  private String noTime(String text, String name) {
    Matcher date = SLASHED.matcher(text);
    String remedy = "write times like 1.5, 2024-02-29 or 2024-02-29T12:30Z";
    if (date.matches()) {
      String year = date.group(3) + "-";
      String one = two(date.group(1));
      String other = two(date.group(2));
      remedy = "is the day or the month first? Write " + year + other + "-" + one;
      remedy += " or " + year + one + "-" + other;
    } else if (mayBeGroup(text) && options.time().isEmpty()) {
      remedy += ", or, if it names the trajectories, give --group " + DataException.quoted(name);
    }
    return "is no time: " + DataException.quoted(text) + "; " + remedy;
  }

  private static String two(String digits) {
    return digits.length() == 1 ? "0" + digits : digits;
  }

  private boolean mayBeGroup(String text) {
    return columns.names().size() > 2
        && options.group().isEmpty()
        && Character.isLetter(text.charAt(0));
  }

  private double[] values(CsvLine line, List<Integer> which, boolean mayMiss) {
    double[] values = which.isEmpty() ? NONE : new double[which.size()];
    for (int i = 0; i < values.length; i++) {
      int column = which.get(i);
      String text = line.cell(column);
      String name = columns.names().get(column);
      if (complete) {
        values[i] = line.finite(text, name, "write numbers like 1.5, or remove the row");
      } else if (!missing.has(text)) {
        values[i] = line.finite(text, name, remedy(line, text, name));
      } else if (mayMiss) {
        values[i] = Double.NaN;
      } else {
        throw line.wrong(
            name,
            columns.inputs().contains(column)
                ? "is missing, an input; fill it in or remove the row"
                : "is missing in the first row of a trajectory, which starts there; fill it in or remove the row, or start at its first value with --fill-start");
      }
    }
    return values;
  }

  private String remedy(CsvLine line, String text, String name) {
    String remedy =
        "write numbers like 1.5, or leave the cell empty for a missing value, or give its words with --missing";
    return groups.size() == 1 && current.size() == 0 && !line.isNumber(text) && mayBeGroup(text)
        ? "if it names the trajectories, give --group %s, else --columns without it"
            .formatted(DataException.quoted(name))
        : remedy;
  }

  /// @param name the trajectory's name if there is no group column
  private Measurements finish(String name) {
    if (header == null && columns == null) {
      throw new DataException(source + ": is empty; want a header line and two or more rows");
    }
    if (columns == null) {
      Columns.of(header.at(), header.names(), options);
    }
    if (units != null && groups.isEmpty()) {
      time(units);
    }
    if (groups.isEmpty()) {
      throw new DataException(source + ": no rows; want two or more, a trajectory");
    }
    boolean grouped = columns.group() >= 0;
    groups.forEach(
        (group, rows) -> {
          if (rows.size() < 2) {
            throw new DataException(
                "%s: %sone row only; want two or more, a trajectory",
                source, grouped ? "of " + DataException.quoted(group) + " " : "");
          }
        });
    BigDecimal origin = options.origin().orElseGet(() -> TrajectoryRows.origin(groups.values()));
    List<Experiment> experiments = new ArrayList<>();
    groups.forEach(
        (group, rows) -> {
          rows.shift(origin);
          if (!rows.increases()) {
            throw equalTimes != null ? equalTimes : tooClose(rows);
          }
          rows.fillStart();
          experiments.add(experiment(rows, grouped ? group : name));
        });
    return new Measurements(clock.from(origin), experiments);
  }

  private DataException tooClose(TrajectoryRows rows) {
    return new DataException(
        "%s: times of column %s are too close together at their distance from %s; want larger steps",
        source,
        DataException.quoted(columns.names().get(columns.time())),
        rows.exactLast().toPlainString());
  }

  private Experiment experiment(TrajectoryRows rows, String name) {
    OptionalInt empty = rows.missingStart();
    if (empty.isPresent()) {
      throw new DataException(
          "%s: column %s has no value in %s; leave it out with --columns",
          source,
          DataException.quoted(columns.names(columns.states()).get(empty.getAsInt())),
          DataException.quoted(name));
    }
    return rows.experiment(columns, name);
  }
}
