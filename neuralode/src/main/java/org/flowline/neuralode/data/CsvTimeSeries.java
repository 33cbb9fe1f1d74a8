package org.flowline.neuralode.data;

import java.io.Reader;
import java.nio.file.Path;

/// Reads one complete [TimeSeries] from separated values: the first column is time, the others are
/// the components. A first line whose time is neither a number nor a date holds their names. For
/// anything else see [CsvMeasurements].
public final class CsvTimeSeries {
  private CsvTimeSeries() {}

  /// The series in a file of UTF-8 text.
  ///
  /// @throws DataException if the file cannot be read or is not a time series, with file, line and
  ///     column
  public static TimeSeries read(Path file) {
    return CsvMeasurements.complete(file);
  }

  /// The series in a text; closes the reader.
  ///
  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or is not a time series
  public static TimeSeries read(String source, Reader reader) {
    return CsvMeasurements.complete(source, reader);
  }
}
