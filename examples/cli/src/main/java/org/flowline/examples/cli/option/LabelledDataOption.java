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

/// The options of `classify` for the table: a file, or the shipped spiral with two arms.
public final class LabelledDataOption {
  private static final int SPIRAL_ROWS = 400;
  private static final double SPIRAL_NOISE = 0.05;

  @Option(names = "--data", paramLabel = "FILE")
  private Path path;

  @Option(names = "--label", paramLabel = "COLUMN")
  private String label;

  @Option(names = "--features", paramLabel = "A,B")
  private String features;

  @Option(names = "--new", paramLabel = "FILE")
  private Path unlabelled;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// Checks that options that belong together are set.
  ///
  /// @throws ParameterException if one is missing
  public void require() {
    if (path != null && label == null) {
      throw CommandWords.wrong(
          spec, "--data: want --label COLUMN, too, the column with the classes");
    }
    if (path == null && (label != null || features != null)) {
      throw CommandWords.wrong(
          spec, (label != null ? "--label" : "--features") + ": want --data FILE, too");
    }
  }

  /// Returns the name of the table.
  public String name(long seed) {
    return path == null
        ? "a spiral with two arms, drawn from seed " + seed
        : path.getFileName().toString();
  }

  /// Reads the table.
  ///
  /// @throws org.flowline.neuralode.data.DataException if the file is not such a table
  public LabelledTable read(long seed) {
    return path == null ? spiral(seed) : LabelledTable.read(path, label, names());
  }

  private List<String> names() {
    return features == null
        ? List.of()
        : Arrays.stream(features.split(",", -1)).map(String::strip).toList();
  }

  /// Reads the unlabelled rows, if there are any.
  ///
  /// @throws org.flowline.neuralode.data.DataException if a column is missing
  public Optional<List<double[]>> readNew(LabelledTable table) {
    return Optional.ofNullable(unlabelled)
        .map(file -> LabelledTable.readRows(file, table.features()));
  }

  /// Two noisy arms of three quarters of a turn each, half a turn apart.
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
