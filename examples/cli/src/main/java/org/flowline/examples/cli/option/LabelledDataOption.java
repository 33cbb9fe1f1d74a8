package org.flowline.examples.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flowline.neuralode.data.LabelledTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which table, and what in it is what: the user's, or two arms of a spiral.
public final class LabelledDataOption {
  private static final int SPIRAL_ROWS = 400;
  private static final double SPIRAL_NOISE = 0.05;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "A table as CSV or TSV whose first line holds names (default: two arms of a spiral, drawn"
              + " from the seed).")
  private Path path;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The column of --data that says the class.")
  private String label;

  @Option(
      names = "--features",
      paramLabel = "A,B",
      description = "The columns to tell classes by, numbers (default: all but the label).")
  private String features;

  @Option(
      names = "--new",
      paramLabel = "FILE",
      description =
          "Rows whose classes nobody knows, with these columns of features; written to new.csv.")
  private Path unlabelled;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// @throws ParameterException if words are missing that belong together
  public void require() {
    if (path != null && label == null) {
      throw wrong("--data: want --label COLUMN, too, the column that says the class");
    }
    if (path == null && (label != null || features != null)) {
      throw wrong((label != null ? "--label" : "--features") + ": want --data FILE, too");
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// What the table is called.
  public String name(long seed) {
    return path == null
        ? "two arms of a spiral, drawn from seed " + seed
        : path.getFileName().toString();
  }

  /// @throws org.flowline.neuralode.data.DataException if the file is no such table
  public LabelledTable read(long seed) {
    return path == null ? spiral(seed) : LabelledTable.read(path, label, names());
  }

  private List<String> names() {
    return features == null
        ? List.of()
        : Arrays.stream(features.split(",", -1)).map(String::strip).toList();
  }

  /// The rows to say the classes of, if there are any.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file has not these columns
  public Optional<List<double[]>> readNew(LabelledTable table) {
    return Optional.ofNullable(unlabelled)
        .map(file -> LabelledTable.readRows(file, table.features()));
  }

  /// Three quarters of a turn each, the one turned by half of one, with noise.
  private static LabelledTable spiral(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < SPIRAL_ROWS; i++) {
      double s = random.nextDouble();
      double angle = Math.PI * (1.5 * s + i % 2);
      rows.add(
          new double[] {
            (0.4 + s) * Math.cos(angle) + SPIRAL_NOISE * random.nextGaussian(),
            (0.4 + s) * Math.sin(angle) + SPIRAL_NOISE * random.nextGaussian()
          });
    }
    int[] arms = IntStream.range(0, SPIRAL_ROWS).map(i -> i % 2).toArray();
    return new LabelledTable(List.of("x", "y"), rows, List.of("arm A", "arm B"), arms);
  }
}
