package org.flowline.neuralode.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Reads the lines of separated values that are not blank, with detection of the separator.
final class CsvLines {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// The candidates; the most frequent one in the first line wins, ties in this order.
  private static final String SEPARATORS = ";,\t|";

  private static final Pattern WITHIN_NUMBER = Pattern.compile("(?<=\\d),(?=\\d)");

  private static final int LOOK_AHEAD = 1 << 16;

  private CsvLines() {}

  static void read(
      Path file, String source, Optional<Character> separator, Consumer<CsvLine> lines) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a CSV file");
    }
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      read(source, reader, separator, lines);
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  static void read(
      String source, Reader reader, Optional<Character> separator, Consumer<CsvLine> lines) {
    try {
      PushbackReader text = new PushbackReader(reader, LOOK_AHEAD);
      String start = start(text);
      read(source, text, separator.orElseGet(() -> separator(start)), lines);
    } catch (CsvParseException e) {
      throw new DataException("%s: is not CSV: %s", source, e.getMessage());
    } catch (UncheckedIOException e) {
      throw DataException.of(source, e.getCause());
    } catch (IOException e) {
      throw DataException.of(source, e);
    }
  }

  /// Passes on rows with too few or too many cells: the consumer reports them.
  private static void read(String source, Reader text, char separator, Consumer<CsvLine> lines)
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
          lines.accept(line);
        }
      }
    }
    decimals.requireDecided(source);
  }

  /// Returns the beginning of a text without a byte order mark, and leaves the reader there.
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

  /// Returns the most frequent separator outside quotes in the first line that has other
  /// characters, too. A semicolon wins over commas, which may be decimal, and so does a tab or a
  /// bar if all commas are within numbers.
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

  /// Returns the first line with more than separators, without its quoted parts.
  private static String firstLine(String start) {
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    boolean blank = true;
    for (char c : start.toCharArray()) {
      quoted ^= c == '"';
      if (!quoted && (c == '\n' || c == '\r')) {
        if (!blank) {
          break;
        }
        line.setLength(0);
      } else {
        blank &= SEPARATORS.indexOf(c) >= 0 && !quoted || Character.isWhitespace(c);
        if (!quoted) {
          line.append(c);
        }
      }
    }
    return line.toString();
  }
}
