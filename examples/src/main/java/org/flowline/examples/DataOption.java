package org.flowline.examples;

import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.flowline.neuralode.data.CsvTimeSeries;
import org.flowline.neuralode.data.TimeSeries;
import picocli.CommandLine.Option;

/// The option `--data`: the user's measurements, or those of the Hudson's Bay Company.
final class DataOption {
  private static final String SHIPPED = "lynx-hare.csv";

  @Option(
      names = "--data",
      paramLabel = "FILE.csv",
      description =
          "First column time, the rest the state, a header line with names (default: hare and lynx pelts of the Hudson's"
              + " Bay Company, thousands, 1900-1920).")
  private Path file;

  String name() {
    return file == null ? SHIPPED : file.toString();
  }

  /// @throws org.flowline.neuralode.data.DataException if the file is not a time series
  TimeSeries read() {
    if (file != null) {
      return CsvTimeSeries.read(file);
    }
    return CsvTimeSeries.read(
        SHIPPED,
        new InputStreamReader(
            Objects.requireNonNull(DataOption.class.getResourceAsStream(SHIPPED)),
            StandardCharsets.UTF_8));
  }
}
