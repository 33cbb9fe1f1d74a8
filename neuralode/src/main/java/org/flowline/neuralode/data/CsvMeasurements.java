package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Reads [Measurements] from separated values: a file of one trajectory, a file of several that a
/// column tells apart, or a folder of files. An empty cell, `NA` and `NaN` are a missing value.
///
/// A file is read line by line; what is held are the numbers of the columns that are asked for.
public final class CsvMeasurements {
  private static final Set<String> MISSING = Set.of("", "NA", "NaN");
  private static final Set<String> SUFFIXES = Set.of(".csv", ".tsv", ".txt");

  private static final double[] NONE = {};

  private final String source;
  private final CsvOptions options;
  private final boolean complete;
  private final SequencedMap<String, Rows> groups = new LinkedHashMap<>();
  private CsvColumns columns;
  private Clock clock;
  private String currentGroup;
  private Rows current;

  private CsvMeasurements(String source, CsvOptions options, boolean complete) {
    this.source = source;
    this.options = options;
    this.complete = complete;
  }

  /// The trajectories of a file, or of all files of a folder whose names end with `.csv`, `.tsv` or
  /// `.txt`, in the order of their names.
  ///
  /// @throws DataException if a file cannot be read or is not what the options say, with file, line
  ///     and column
  public static Measurements read(Path path, CsvOptions options) {
    if (!Files.isDirectory(path)) {
      CsvMeasurements parser = new CsvMeasurements(name(path), options, false);
      CsvLines.read(path, options.separator(), parser::line);
      return parser.finish();
    }
    List<Measurements> files = new ArrayList<>();
    for (Path file : files(path)) {
      Measurements read = read(file, options);
      if (!files.isEmpty() && !alike(files.getFirst(), read)) {
        throw new DataException(
            file
                + ": other columns, or times written otherwise, than in the first file of the folder;"
                + " want the same in each");
      }
      files.add(read);
    }
    return new Measurements(
        files.getFirst().clock(),
        files.stream().flatMap(file -> file.experiments().stream()).toList());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files =
          inside
              .filter(Files::isRegularFile)
              .filter(file -> SUFFIXES.stream().anyMatch(name(file)::endsWith))
              .sorted((a, b) -> name(a).compareTo(name(b)))
              .toList();
      if (files.isEmpty()) {
        throw new DataException(folder + ": no file in this folder ends with .csv, .tsv or .txt");
      }
      return files;
    } catch (IOException e) {
      throw DataException.of(folder, e);
    }
  }

  private static boolean alike(Measurements one, Measurements other) {
    Experiment a = one.experiments().getFirst();
    Experiment b = other.experiments().getFirst();
    return one.clock() == other.clock()
        && a.states().names().equals(b.states().names())
        && a.inputs().names().equals(b.inputs().names());
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// The trajectories of a text; closes the reader.
  ///
  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or is not what the options say
  public static Measurements read(String source, Reader reader, CsvOptions options) {
    CsvMeasurements parser = new CsvMeasurements(source, options, false);
    CsvLines.read(source, reader, options.separator(), parser::line);
    return parser.finish();
  }

  /// One trajectory without missing values.
  static TimeSeries complete(Path file) {
    CsvMeasurements parser = new CsvMeasurements(name(file), CsvOptions.usual(), true);
    CsvLines.read(file, parser.options.separator(), parser::line);
    return parser.finish().states().getFirst();
  }

  static TimeSeries complete(String source, Reader reader) {
    CsvMeasurements parser = new CsvMeasurements(source, CsvOptions.usual(), true);
    CsvLines.read(source, reader, parser.options.separator(), parser::line);
    return parser.finish().states().getFirst();
  }

  private void line(CsvLine line) {
    if (columns == null && header(line)) {
      return;
    }
    columns.requireWidth(line);
    Rows rows = rows(columns.group() < 0 ? "" : line.cell(columns.group()));
    double time = time(line);
    if (rows.size > 0 && time <= rows.last()) {
      throw new DataException(
          line.at()
              + "time "
              + clock.write(time)
              + " after "
              + clock.write(rows.last())
              + "; want increasing times: sort the rows and remove duplicates");
    }
    double[] states = values(line, columns.states(), !complete && rows.size > 0);
    rows.add(time, states, values(line, columns.inputs(), false));
  }

  private Rows rows(String group) {
    if (current == null || !group.equals(currentGroup)) {
      currentGroup = group;
      current = groups.computeIfAbsent(group, _ -> new Rows());
    }
    return current;
  }

  /// Whether the first line holds names.
  private boolean header(CsvLine line) {
    List<String> cells = line.all();
    if (cells.size() < 2) {
      throw new DataException(
          line.at() + "one column; want time and at least one component, separated by commas");
    }
    boolean header =
        switch (options.header()) {
          case DETECTED -> options.namesColumns() || Clock.of(cells.getFirst()).isEmpty();
          case PRESENT -> true;
          case ABSENT -> false;
        };
    List<String> names =
        IntStream.range(0, cells.size()).mapToObj(i -> i == 0 ? "t" : "y" + i).toList();
    columns = CsvColumns.of(line.at(), header ? cells : names, options);
    return header;
  }

  private double time(CsvLine line) {
    String text = line.cell(columns.time());
    String name = columns.names().get(columns.time());
    if (clock == null && !text.isEmpty()) {
      clock =
          Clock.of(text)
              .orElseThrow(
                  () ->
                      line.wrong(
                          name,
                          "is no time: "
                              + DataException.quoted(text)
                              + "; write times like 1.5, 2024-02-29 or 2024-02-29T12:30Z"));
    }
    if (clock == null || clock == Clock.NUMBER || text.isEmpty()) {
      return line.finite(text, name, "write numbers like 1.5, or remove the row");
    }
    OptionalDouble time = clock.read(text);
    if (time.isEmpty()) {
      throw line.wrong(
          name,
          "is no time like the first: "
              + DataException.quoted(text)
              + "; write all of them like "
              + clock.write(0));
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
      } else if (!MISSING.contains(text)) {
        values[i] =
            line.finite(
                text, name, "write numbers like 1.5, or leave the cell empty for a missing value");
      } else if (mayMiss) {
        values[i] = Double.NaN;
      } else {
        String what =
            columns.inputs().contains(column)
                ? "is missing, an input"
                : "is missing in the first row of a trajectory, which starts there";
        throw line.wrong(name, what + "; fill it in or remove the row");
      }
    }
    return values;
  }

  private Measurements finish() {
    if (columns == null) {
      throw new DataException(source + ": is empty; want a header line and two or more rows");
    }
    if (groups.isEmpty()) {
      throw new DataException(source + ": no rows; want two or more, a trajectory");
    }
    List<Experiment> experiments = new ArrayList<>();
    for (Map.Entry<String, Rows> group : groups.entrySet()) {
      if (group.getValue().size < 2) {
        throw new DataException(
            source
                + ": "
                + (columns.group() < 0 ? "" : "of " + DataException.quoted(group.getKey()) + " ")
                + "one row only; want two or more, a trajectory");
      }
      experiments.add(group.getValue().experiment(columns.group() < 0 ? source : group.getKey()));
    }
    return new Measurements(clock, experiments);
  }

  /// The rows of one trajectory, as many as there are so far.
  private final class Rows {
    private int size;
    private double[] times = new double[16];
    private final List<double[]> states = new ArrayList<>();
    private final List<double[]> inputs = new ArrayList<>();

    double last() {
      return times[size - 1];
    }

    void add(double time, double[] state, double[] input) {
      times = size == times.length ? Arrays.copyOf(times, 2 * size) : times;
      times[size++] = time;
      states.add(state);
      inputs.add(input);
    }

    Experiment experiment(String name) {
      String timeName = columns.names().get(columns.time());
      double[] whole = Arrays.copyOf(times, size);
      return new Experiment(
          name,
          new TimeSeries(timeName, columns.names(columns.states()), whole, states),
          new TimeSeries(timeName, columns.names(columns.inputs()), whole, inputs));
    }
  }
}
