package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;

/// Reads one complete [TimeSeries] from separated values: the first column is time, the others are
/// the components. A first line whose time is neither a number nor a date holds their names. For
/// anything else see [CsvMeasurements].
public final class CsvTimeSeries {
  private CsvTimeSeries() {}

  /// @throws DataException if the file cannot be read or is not a time series, with file, line and
  ///     column
  public static TimeSeries read(Path file) {
    return CsvMeasurements.complete(file);
  }

  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or is not a time series
  public static TimeSeries read(String source, Reader reader) {
    return CsvMeasurements.complete(source, reader);
  }
}
