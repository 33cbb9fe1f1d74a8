package org.flowline.examples.cli.option;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.CsvMeasurements;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Variables;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which measurements, and how their files are laid out: the user's, or those
/// of the Hudson's Bay Company.
public final class DataOption {
  /// How help calls names of columns with commas between them.
  static final String LIST = "A,B";

  private static final String SHIPPED = "lynx-hare.csv";

  /// Whether files begin with a line of names.
  public enum Header {
    AUTO(CsvOptions.Header.DETECTED),
    YES(CsvOptions.Header.PRESENT),
    NO(CsvOptions.Header.ABSENT);

    private final CsvOptions.Header header;

    Header(CsvOptions.Header header) {
      this.header = header;
    }

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @Option(
      names = "--data",
      paramLabel = "FILE|FOLDER",
      description =
          "Measurements as CSV, TSV or NumPy's .npz or .npy, or a folder of such files, a trajectory each"
              + " (default: hare and lynx pelts of the Hudson's Bay Company, thousands, 1900-1920).")
  private Path path;

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description = "The column of times, numbers or ISO dates (default: the first).")
  private String time;

  @Option(
      names = "--columns",
      paramLabel = LIST,
      description = "The components of the state (default: all other columns).")
  private String columns;

  @Option(
      names = "--input",
      paramLabel = LIST,
      description = "Columns that drive the system and are not predicted.")
  private String inputs;

  @Option(
      names = "--group",
      paramLabel = "COLUMN",
      description = "Its values tell one trajectory of a file from the other.")
  private String group;

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description = "Between the cells, \"tab\" for one (default: what the first line has).")
  private String delimiter;

  @Option(
      names = "--header",
      paramLabel = "WHETHER",
      defaultValue = "auto",
      description = "Whether the first line holds names: yes, no or auto (default).")
  private Header header;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public String name() {
    return path == null ? SHIPPED : path.toString();
  }

  /// @throws DataException if the files are not what the options say, or a component is measured
  ///     nowhere but at the start
  public Measurements read() {
    Measurements measured = path == null ? shipped() : Measurements.read(path, layout());
    requireUnits(measured);
    List<TimeSeries> states = measured.states();
    TimeSeries first = states.getFirst();
    for (int i = 0; i < first.dimension(); i++) {
      int component = i;
      if (states.stream().noneMatch(one -> measuredLater(one, component))) {
        throw new DataException(
            "%s: column \"%s\" has values in first rows only; want one later, or leave it out with --columns"
                .formatted(name(), first.names().get(i)));
      }
    }
    return measured;
  }

  private Measurements shipped() {
    return CsvMeasurements.read(
        SHIPPED,
        new InputStreamReader(
            Objects.requireNonNull(
                DataOption.class.getResourceAsStream("/org/flowline/examples/gallery/" + SHIPPED)),
            StandardCharsets.UTF_8),
        layout());
  }

  /// That all can be standardised.
  private void requireUnits(Measurements measured) {
    try {
      Variables.of(measured);
    } catch (DataException e) {
      throw new DataException(name() + ": " + e.getMessage());
    }
  }

  private static boolean measuredLater(TimeSeries series, int component) {
    double[] values = series.component(component);
    return IntStream.range(1, values.length).anyMatch(k -> !Double.isNaN(values[k]));
  }

  /// One trajectory on which nothing is missing.
  ///
  /// @throws DataException if it is not, as [#read()]
  public TimeSeries readComplete() {
    Measurements measured = read();
    TimeSeries only = measured.states().getFirst();
    boolean driven = measured.inputs().getFirst().dimension() > 0;
    if (measured.experiments().size() > 1 || !only.isComplete() || driven) {
      throw new DataException(
          name() + ": want one trajectory here, without missing values and without inputs");
    }
    return only;
  }

  private CsvOptions layout() {
    CsvOptions layout =
        CsvOptions.usual()
            .withHeader(header.header)
            .withColumns(names(columns))
            .withInputs(names(inputs));
    layout = time == null ? layout : layout.withTime(time);
    layout = group == null ? layout : layout.withGroup(group);
    return delimiter == null ? layout : layout.withSeparator(separator());
  }

  private char separator() {
    String character = delimiter.equals("tab") ? "\t" : delimiter;
    if (character.length() != 1 || "\"\r\n".contains(character)) {
      throw new ParameterException(
          spec.commandLine(), "--delimiter: \"" + delimiter + "\"; want one character, or tab");
    }
    return character.charAt(0);
  }

  private static List<String> names(String text) {
    return text == null ? List.of() : Arrays.stream(text.split(",")).map(String::strip).toList();
  }
}
