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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One line after the other of separated values, whatever separates them.
final class CsvLines {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// Tried in this order; of several in the first line the most frequent.
  private static final String SEPARATORS = ";,\t|";

  private static final int LOOK_AHEAD = 1 << 16;

  /// What reads the lines that are not blank.
  @FunctionalInterface
  interface Reading {
    void line(CsvLine line);
  }

  private CsvLines() {}

  static void read(Path file, Optional<Character> separator, Reading reading) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a CSV file");
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read(file.getFileName().toString(), reader, separator, reading);
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  static void read(String source, Reader reader, Optional<Character> separator, Reading reading) {
    try (CsvReader<CsvRecord> csv = csvReader(reader, separator)) {
      for (CsvRecord cells : csv) {
        CsvLine line = new CsvLine(source, cells);
        if (!line.isBlank()) {
          reading.line(line);
        }
      }
    } catch (CsvParseException e) {
      throw new DataException(source + ": is not CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw unreadable(source, e.getCause());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /// Leaves rows that are too short or too long to be told of by the reading.
  private static CsvReader<CsvRecord> csvReader(Reader reader, Optional<Character> separator)
      throws IOException {
    PushbackReader text = new PushbackReader(reader, LOOK_AHEAD);
    char[] start = new char[LOOK_AHEAD];
    int length = 0;
    for (int count = 0; count >= 0 && length < LOOK_AHEAD; length += Math.max(count, 0)) {
      count = text.read(start, length, LOOK_AHEAD - length);
    }
    int mark = length > 0 && start[0] == BYTE_ORDER_MARK ? 1 : 0;
    text.unread(start, mark, length - mark);
    return CsvReader.builder()
        .fieldSeparator(separator.orElseGet(() -> separator(new String(start))))
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .trimWhitespacesAroundQuotes(true)
        .ofCsvRecord(text);
  }

  /// The most frequent in the first line that has more than separators, outside quotes. A semicolon
  /// beats commas: those may be within numbers.
  private static char separator(String start) {
    int[] counts = new int[SEPARATORS.length()];
    boolean quoted = false;
    boolean blank = true;
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      int which = SEPARATORS.indexOf(c);
      if (c == '"') {
        quoted = !quoted;
      }
      if (!quoted && (c == '\n' || c == '\r')) {
        if (!blank) {
          break;
        }
        counts = new int[SEPARATORS.length()];
      } else if (!quoted && which >= 0) {
        counts[which]++;
      } else {
        blank &= Character.isWhitespace(c) || c == 0 || c == BYTE_ORDER_MARK;
      }
    }
    int best = SEPARATORS.indexOf(',');
    for (int i = 0; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return SEPARATORS.charAt(counts[0] > 0 && SEPARATORS.charAt(best) == ',' ? 0 : best);
  }

  private static DataException unreadable(String source, IOException e) {
    return new DataException(
        e instanceof CharacterCodingException
            ? source + ": is not UTF-8 text; save it as UTF-8 CSV"
            : source + ": cannot be read: " + e.getMessage());
  }
}
