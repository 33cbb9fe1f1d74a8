package org.flowline.examples.cli.option;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.flowline.examples.cli.report.Text;
import org.flowline.neuralode.data.CsvMeasurements;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Measurements;
import org.flowline.neuralode.data.Scaling;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Variables;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options for the measurements and the layout of their files; without any, the shipped pelts
/// of the Hudson's Bay Company.
public final class DataOption {
  /// The label of options whose values are names of columns, separated by commas.
  static final String LIST = "A,B";

  private static final Pattern CODE = Pattern.compile("-?9{3,}|-99|-?32768");

  private static final String SHIPPED = "lynx-hare.csv";

  /// The kinds of header.
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

  @Option(names = "--data", paramLabel = "FILE|FOLDER")
  private Path path;

  @Option(names = "--time", paramLabel = "COLUMN")
  private String time;

  @Option(names = "--columns", paramLabel = LIST)
  private String columns;

  @Option(names = "--input", paramLabel = LIST)
  private String inputs;

  @Option(names = "--group", paramLabel = "COLUMN")
  private String group;

  @Option(names = "--delimiter", paramLabel = "C")
  private String delimiter;

  @Option(names = "--missing", paramLabel = LIST)
  private String missing;

  @Option(names = "--fill-start")
  private boolean fillStart;

  @Option(names = "--header", paramLabel = "HEADER", defaultValue = "auto")
  private Header header;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// Returns the name of the data.
  public String name() {
    return path == null ? SHIPPED : path.toString();
  }

  /// Reads the measurements.
  ///
  /// @throws DataException if the files are not as described, or a component is measured in first
  ///     rows only
  public Measurements read() {
    Measurements measured = path == null ? shipped() : Measurements.read(path, layout());
    try {
      Scaling scaling = Variables.of(measured).scaling(); // can be standardised
      measured.states().forEach(series -> scaling.scaledTimes(series.times()));
    } catch (DataException e) {
      throw new DataException(name() + ": " + e.getMessage());
    }
    List<String> names = measured.states().getFirst().names();
    for (int i = 0; i < names.size(); i++) {
      int component = i;
      if (measured.states().stream().noneMatch(one -> measuredLater(one, component))) {
        throw new DataException(
            "%s: column \"%s\" has values in first rows only; want one later, or leave it out with --columns",
            name(), names.get(i));
      }
      suspect(measured, component);
    }
    return measured;
  }

  /// Says that a component has an extreme value of nines far from all others, such as −9999, which
  /// instruments write for a missing value.
  private void suspect(Measurements measured, int component) {
    double[] sorted =
        measured.states().stream()
            .flatMapToDouble(series -> Arrays.stream(series.component(component)))
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    for (double code : new double[] {sorted[0], sorted[sorted.length - 1]}) {
      double[] others = Arrays.stream(sorted).filter(value -> value != code).toArray();
      if (others.length > 0 && CODE.matcher(Text.number(code)).matches()) {
        double range = others[others.length - 1] - others[0];
        double distance =
            Math.min(Math.abs(code - others[0]), Math.abs(code - others[others.length - 1]));
        if (distance > 5 * range) {
          CommandWords.say(
              spec,
              "%s: column \"%s\" has %d times %s, far from its other values; if it means a missing value, give --missing=%s",
              name(),
              measured.states().getFirst().names().get(component),
              sorted.length - others.length,
              Text.number(code),
              Text.number(code));
        }
      }
    }
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

  private static boolean measuredLater(TimeSeries series, int component) {
    return Arrays.stream(series.component(component)).skip(1).anyMatch(x -> !Double.isNaN(x));
  }

  /// Reads one complete trajectory without inputs.
  ///
  /// @throws DataException if the data are different, and as [#read()]
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
            .withInputs(names(inputs))
            .withMissing(names(missing))
            .withStart(fillStart ? CsvOptions.Start.FILLED : CsvOptions.Start.COMPLETE);
    layout = time == null ? layout : layout.withTime(time);
    layout = group == null ? layout : layout.withGroup(group);
    return delimiter == null ? layout : layout.withSeparator(separator());
  }

  private char separator() {
    String character = delimiter.equals("tab") ? "\t" : delimiter;
    if (character.length() != 1 || "\"\r\n".contains(character)) {
      throw CommandWords.wrong(spec, "--delimiter: \"%s\"; want one character, or tab", delimiter);
    }
    return character.charAt(0);
  }

  private static List<String> names(String text) {
    return text == null ? List.of() : Arrays.stream(text.split(",")).map(String::strip).toList();
  }
}
