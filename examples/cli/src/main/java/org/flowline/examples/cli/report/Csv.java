package org.flowline.examples.cli.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A table of CSV.
///
/// @param rows after the header, read once
public record Csv(List<?> header, Stream<? extends List<?>> rows) {

  /// Writes the table to a file.
  public void write(Path file) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      write(csv);
    }
  }

  /// Returns the table with lines that end in `\n`.
  public String text() {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      write(csv);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void write(CsvWriter csv) {
    Stream.concat(Stream.of(header), rows)
        .forEach(row -> csv.writeRecord(row.stream().map(String::valueOf).toList()));
  }
}
