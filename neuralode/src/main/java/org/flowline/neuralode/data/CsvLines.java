package org.flowline.neuralode.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the lines of separated values that are not blank, with detection of the separator.
final class CsvLines {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// The candidates; the most frequent one in the first line wins, ties in this order.
  private static final String SEPARATORS = ";,\t|";

  private static final Pattern WITHIN_NUMBER = Pattern.compile("(?<=\\d),(?=\\d)");

  private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=([^\\r\\n\"])\"?\\R");
  private static final Pattern NOT_AVAILABLE = Pattern.compile("N/?A($|[;,|\\s])");
  private static final Pattern SEPARATED = Pattern.compile("[;,|]");

  /// The separator for cells with any number of blanks between them.
  private static final char BLANK = ' ';

  private static final int LOOK_AHEAD = 1 << 16;
  private static final int FIRST_BYTES = 512;

  private CsvLines() {}

  static void read(
      Path file, String source, Optional<Character> separator, Consumer<CsvLine> lines) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a CSV file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        Reader reader = new InputStreamReader(in, charset(source, in).newDecoder())) {
      read(source, reader, separator, lines);
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  /// Returns UTF-16 for its byte order marks and for text whose every second byte is often 0, else
  /// UTF-8.
  ///
  /// @throws DataException if the file is a spreadsheet or compressed
  private static Charset charset(String source, InputStream in) throws IOException {
    in.mark(FIRST_BYTES);
    byte[] first = in.readNBytes(FIRST_BYTES);
    in.reset();
    int[] zeros = new int[2];
    for (int i = 0; i < first.length; i++) {
      zeros[i % 2] += first[i] == 0 ? 1 : 0;
    }
    String start = new String(first, 0, Math.min(2, first.length), StandardCharsets.ISO_8859_1);
    boolean often = 4 * Math.max(zeros[0], zeros[1]) > first.length && zeros[0] * zeros[1] == 0;
    return switch (start) {
      case "PK", "\u00d0\u00cf", "\u001f\u008b" ->
          throw new DataException(
              source + ": is a spreadsheet or compressed; unpack it, or save the table as CSV");
      case "\u00ff\u00fe" -> StandardCharsets.UTF_16LE;
      case "\u00fe\u00ff" -> StandardCharsets.UTF_16BE;
      default ->
          !often
              ? StandardCharsets.UTF_8
              : zeros[1] > 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    };
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

  /// Passes on rows with too few or too many cells: the consumer reports them. Skips comments,
  /// except one with as many words as the first line of numbers has cells: it holds their names.
  private static void read(String source, Reader text, char separator, Consumer<CsvLine> lines)
      throws IOException {
    Decimals decimals = new Decimals(separator);
    CsvReaderBuilder format =
        CsvReader.builder()
            .fieldSeparator(separator)
            .commentStrategy(CommentStrategy.READ)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .trimWhitespacesAroundQuotes(true);
    boolean isFirst = true;
    CsvRecord comment = null;
    try (CsvReader<CsvRecord> csv = format.ofCsvRecord(text)) {
      for (CsvRecord cells : csv) {
        CsvLine line = line(source, cells, separator, decimals, false);
        if (cells.isComment()) {
          requireComment(line);
          comment = cells;
        } else if (!line.isBlank() && !isSeparator(line)) {
          if (isFirst && comment != null) {
            names(format, comment.getField(0))
                .map(names -> line(source, names, separator, decimals, true))
                .filter(names -> name(names, line))
                .ifPresent(lines);
          }
          isFirst = false;
          lines.accept(line);
        }
      }
    }
    decimals.requireDecided(source);
  }

  /// Returns the cells of a line; between blanks, those that are not empty.
  private static CsvLine line(
      String source, CsvRecord cells, char separator, Decimals decimals, boolean isComment) {
    List<String> fields = cells.getFields();
    return new CsvLine(
        source,
        cells.getStartingLineNumber(),
        separator == BLANK ? fields.stream().filter(field -> !field.isBlank()).toList() : fields,
        decimals,
        isComment);
  }

  /// Returns whether the line is Excel's `sep=;`.
  private static boolean isSeparator(CsvLine line) {
    return line.number() == 1 && line.cell(0).startsWith("sep=") && line.size() <= 2;
  }

  /// Refuses a row that begins with a missing value like a comment.
  private static void requireComment(CsvLine line) {
    if (NOT_AVAILABLE.matcher(line.cell(0)).lookingAt()) {
      throw new DataException(line.at() + "begins with #N/A like a comment; write NA");
    }
  }

  private static Optional<CsvRecord> names(CsvReaderBuilder format, String comment) {
    return comment.isBlank() || comment.indexOf('"') >= 0
        ? Optional.empty()
        : Optional.of(format.ofSingleCsvRecord(comment.strip()));
  }

  private static boolean name(CsvLine names, CsvLine line) {
    return names.size() > 1
        && names.size() == line.size()
        && names.all().stream().noneMatch(names::isNumber)
        && line.all().stream().anyMatch(line::isNumber);
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

  /// Returns the separator that a line `sep=;` names, else the most frequent one outside quotes in
  /// the first line that has other characters, too. A semicolon wins over commas, which may be
  /// decimal, and so does a tab or a bar if all commas are within numbers. Without any, blanks
  /// separate if the next line has as many words, one of them a number.
  private static char separator(String start) {
    Matcher named = SEPARATOR_LINE.matcher(start);
    if (named.lookingAt()) {
      return named.group(1).charAt(0);
    }
    List<String> lines = firstLines(start);
    String line = lines.isEmpty() ? "" : lines.getFirst();
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
    if (lines.size() > 1 && areWords(line, lines.getLast())) {
      return BLANK;
    }
    long within = WITHIN_NUMBER.matcher(line).results().count();
    boolean decimal = within == counts[comma] && within <= counts[other] + 1;
    return SEPARATORS.charAt(
        best == comma && within > 0 && counts[other] > 0 && decimal ? other : best);
  }

  /// Returns whether blanks separate the cells of two lines: of names or numbers, and of numbers.
  private static boolean areWords(String line, String next) {
    Decimals decimals = new Decimals(BLANK);
    List<String> first = List.of(line.strip().split("\\s+"));
    List<String> second = List.of(next.strip().split("\\s+"));
    boolean separated =
        line.indexOf('\t') >= 0
            || first.stream()
                .anyMatch(word -> !decimals.isComma(word) && SEPARATED.matcher(word).find());
    return !separated
        && first.size() > 1
        && first.size() == second.size()
        && second.stream().anyMatch(it -> Clock.number(it).isPresent() || decimals.isComma(it));
  }

  /// Returns the first two lines with more than separators, without comments and quoted parts.
  private static List<String> firstLines(String start) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    boolean blank = true;
    for (char c : (start + "\n").toCharArray()) {
      boolean isComment = !line.isEmpty() && line.charAt(0) == '#';
      quoted ^= c == '"' && !isComment;
      if (!quoted && (c == '\n' || c == '\r')) {
        if (!blank && !isComment) {
          lines.add(line.toString());
        }
        if (lines.size() == 2) {
          break;
        }
        blank = true;
        line.setLength(0);
      } else {
        blank &= SEPARATORS.indexOf(c) >= 0 && !quoted || Character.isWhitespace(c);
        if (!quoted) {
          line.append(c);
        }
      }
    }
    return lines;
  }
}
