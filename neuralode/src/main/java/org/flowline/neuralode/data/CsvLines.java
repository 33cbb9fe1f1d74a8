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
import java.util.regex.Pattern;

/// One line after the other of separated values, whatever separates them.
final class CsvLines {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// Tried in this order; of several in the first line the most frequent.
  private static final String SEPARATORS = ";,\t|";

  private static final Pattern WITHIN_NUMBER = Pattern.compile("(?<=\\d),(?=\\d)");

  private static final int LOOK_AHEAD = 1 << 16;

  /// What reads the lines that are not blank.
  @FunctionalInterface
  interface Reading {
    void line(CsvLine line);
  }

  private CsvLines() {}

  static void read(Path file, String source, Optional<Character> separator, Reading reading) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a CSV file");
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read(source, reader, separator, reading);
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  static void read(String source, Reader reader, Optional<Character> separator, Reading reading) {
    try {
      PushbackReader text = new PushbackReader(reader, LOOK_AHEAD);
      String start = start(text);
      read(source, text, separator.orElseGet(() -> separator(start)), reading);
    } catch (CsvParseException e) {
      throw new DataException(source + ": is not CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw unreadable(source, e.getCause());
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  /// Leaves rows that are too short or too long to be told of by the reading.
  private static void read(String source, Reader text, char separator, Reading reading)
      throws IOException {
    Decimals decimals = new Decimals(separator);
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(separator)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .trimWhitespacesAroundQuotes(true)
            .ofCsvRecord(text)) {
      for (CsvRecord cells : csv) {
        CsvLine line = new CsvLine(source, cells, decimals);
        if (!line.isBlank()) {
          reading.line(line);
        }
      }
    }
    decimals.requireDecided(source);
  }

  /// What a text begins with, which is read again then, without a byte order mark.
  private static String start(PushbackReader text) throws IOException {
    char[] start = new char[LOOK_AHEAD];
    int length = 0;
    for (int count = 0; count >= 0 && length < LOOK_AHEAD; length += Math.max(count, 0)) {
      count = text.read(start, length, LOOK_AHEAD - length);
    }
    int mark = length > 0 && start[0] == BYTE_ORDER_MARK ? 1 : 0;
    text.unread(start, mark, length - mark);
    return new String(start, mark, length - mark);
  }

  /// The most frequent in the first line that has more than separators, outside quotes. A semicolon
  /// beats commas, which may be within numbers, and so does a tab or a bar where all of them are.
  private static char separator(String start) {
    String line = firstLine(start);
    int[] counts = new int[SEPARATORS.length()];
    line.chars().map(SEPARATORS::indexOf).filter(i -> i >= 0).forEach(i -> counts[i]++);
    int comma = SEPARATORS.indexOf(',');
    int best = comma;
    int other = comma + 1;
    for (int i = 0; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
      other = i > comma && counts[i] > counts[other] ? i : other;
    }
    if (best == comma && counts[0] > 0) {
      return SEPARATORS.charAt(0);
    }
    long within = WITHIN_NUMBER.matcher(line).results().count();
    boolean decimal = within == counts[comma] && within <= counts[other] + 1;
    return SEPARATORS.charAt(
        best == comma && within > 0 && counts[other] > 0 && decimal ? other : best);
  }

  /// The first that has more than separators, without what is in quotes.
  private static String firstLine(String start) {
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    boolean blank = true;
    for (int i = 0; i < start.length(); i++) {
      char c = start.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      }
      if (!quoted && (c == '\n' || c == '\r')) {
        if (!blank) {
          break;
        }
        line.setLength(0);
      } else {
        boolean separates = SEPARATORS.indexOf(c) >= 0;
        blank &= separates && !quoted || Character.isWhitespace(c);
        if (!quoted) {
          line.append(c);
        }
      }
    }
    return line.toString();
  }

  private static DataException unreadable(String source, IOException e) {
    return new DataException(
        e instanceof CharacterCodingException
            ? source + ": is not UTF-8 text; save it as UTF-8 CSV"
            : source + ": cannot be read: " + e.getMessage());
  }
}
