package org.flowline.neuralode.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Reads a [TimeSeries] from comma-separated values: the first column is time, the others are the
/// components. A first line whose time is not a number holds their names.
public final class CsvTimeSeries {
  private static final Pattern NUMBER = Pattern.compile("[-+]?(NaN|Infinity|[0-9.][-+0-9.eE]*)");
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int LONGEST_QUOTE = 40;

  private final String source;
  private List<String> columns = List.of();
  private final List<Double> times = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();

  private CsvTimeSeries(String source) {
    this.source = source;
  }

  /// @throws DataException if the file cannot be read or is not a time series, with file, line and
  ///     column
  public static TimeSeries read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a CSV file");
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(file.getFileName().toString(), reader);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; check the path");
    } catch (AccessDeniedException e) {
      throw new DataException(file + ": may not be read; check its permissions");
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": is not UTF-8 text; save it as UTF-8 CSV");
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage());
    }
  }

  /// @param source the name used in messages
  /// @throws DataException if the text cannot be read or is not a time series
  public static TimeSeries read(String source, Reader reader) {
    CsvTimeSeries parser = new CsvTimeSeries(source);
    try (CsvReader<CsvRecord> csv = csvReader(reader)) {
      csv.forEach(parser::line);
    } catch (CsvParseException e) {
      throw new DataException(source + ": is not CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw unreadable(source, e.getCause());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
    return parser.finish();
  }

  /// Leaves rows that are too short or too long to be told of here.
  private static CsvReader<CsvRecord> csvReader(Reader reader) throws IOException {
    return CsvReader.builder()
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .trimWhitespacesAroundQuotes(true)
        .ofCsvRecord(withoutMark(reader));
  }

  private static DataException unreadable(String source, IOException e) {
    return new DataException(
        e instanceof CharacterCodingException
            ? source + ": is not UTF-8 text; save it as UTF-8 CSV"
            : source + ": cannot be read: " + e.getMessage());
  }

  /// The text behind the byte order mark that some programs put first, perhaps before a quote.
  private static Reader withoutMark(Reader reader) throws IOException {
    PushbackReader text = new PushbackReader(reader);
    int first = text.read();
    if (first >= 0 && first != BYTE_ORDER_MARK) {
      text.unread(first);
    }
    return text;
  }

  private void line(CsvRecord line) {
    List<String> fields = line.getFields().stream().map(String::strip).toList();
    if (fields.stream().allMatch(String::isEmpty)) {
      return;
    }
    String at = source + ":" + line.getStartingLineNumber() + ": ";
    if (columns.isEmpty()) {
      boolean header = number(fields.getFirst()) == null;
      if (fields.size() < 2) {
        throw new DataException(
            at
                + "one column; want time and at least one component, separated by commas"
                + otherSeparator(fields.getFirst()));
      }
      columns =
          header
              ? fields
              : IntStream.range(0, fields.size()).mapToObj(i -> i == 0 ? "t" : "y" + i).toList();
      requireNames(at);
      if (header) {
        return;
      }
    }
    if (fields.size() != columns.size()) {
      throw new DataException(
          at + fields.size() + " columns; want " + columns.size() + " as in the first line");
    }
    double time = value(at, fields, 0);
    if (!times.isEmpty() && time <= times.getLast()) {
      throw new DataException(
          at
              + "time "
              + time
              + " after "
              + times.getLast()
              + "; want increasing times: sort the"
              + " rows and remove duplicates");
    }
    times.add(time);
    rows.add(IntStream.range(1, fields.size()).mapToDouble(i -> value(at, fields, i)).toArray());
  }

  private static String otherSeparator(String line) {
    return line.contains(";") ? ", not semicolons" : line.contains("\t") ? ", not tabs" : "";
  }

  private void requireNames(String at) {
    for (int i = 1; i < columns.size(); i++) {
      String name = columns.get(i);
      if (name.isEmpty() || columns.indexOf(name) < i) {
        throw new DataException(
            at
                + "column "
                + (i + 1)
                + (name.isEmpty() ? " has no name" : " is \"" + name + "\" again")
                + "; give every column a name of its own");
      }
    }
  }

  private double value(String at, List<String> fields, int column) {
    String text = fields.get(column);
    Double value = number(text);
    String where = at + "column " + quoted(columns.get(column)) + " ";
    if (text.isEmpty()) {
      throw new DataException(where + "is empty; fill it in or remove the row");
    }
    if (value == null) {
      throw new DataException(
          where
              + "is not a number: "
              + quoted(text)
              + "; write numbers like 1.5, or remove the row");
    }
    if (!Double.isFinite(value)) {
      throw new DataException(where + "is " + text + "; want a finite number, or remove the row");
    }
    return value;
  }

  /// Fit for a message of one line: a forgotten quote can make a field of the whole file.
  private static String quoted(String text) {
    String line = text.replaceAll("\\R|\\p{Cntrl}", " ");
    boolean isLong = line.length() > LONGEST_QUOTE;
    return '"' + (isLong ? line.substring(0, LONGEST_QUOTE) + "…" : line) + '"';
  }

  /// The number, or null if the text is none; Java's own `1d` and `0x1p3` are none here.
  private static Double number(String text) {
    try {
      return NUMBER.matcher(text).matches() ? Double.valueOf(text) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private TimeSeries finish() {
    if (columns.isEmpty()) {
      throw new DataException(source + ": is empty; want a header line and two or more rows");
    }
    if (rows.size() < 2) {
      throw new DataException(
          source
              + ": "
              + (rows.isEmpty() ? "no rows" : "one row only")
              + "; want two or more, a trajectory");
    }
    return new TimeSeries(
        columns.getFirst(),
        columns.subList(1, columns.size()),
        times.stream().mapToDouble(Double::doubleValue).toArray(),
        rows);
  }
}
