package org.flowline.neuralode.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Reports an error in a user's data: the file, line and column, the value found and the remedy.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_QUOTE = 40;
  private static final int LONGEST_MESSAGE = 2000;

  /// Line ends, control characters of seven and eight bits, and invisible ones that change the
  /// direction of a text.
  private static final Pattern UNPRINTABLE =
      Pattern.compile(
          "\\R|[\\p{Cc}\u2028\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

  /// Creates an exception with a one-line message for the user: *where: what came; what to do*.
  ///
  /// @param format the message; with `values`, a pattern for [String#format(String, Object...)]
  public DataException(String format, Object... values) {
    super(line(values.length == 0 ? format : format.formatted(values)));
  }

  /// Returns a message in one line without control characters, its middle cut if it is long: names
  /// in files can have any length and any characters.
  public static String line(String message) {
    String text = message;
    if (text.length() > LONGEST_MESSAGE) {
      int end = text.length() - LONGEST_MESSAGE / 2;
      text = text.substring(0, LONGEST_MESSAGE / 2) + " … " + text.substring(end);
    }
    return UNPRINTABLE.matcher(text).replaceAll(" ");
  }

  /// Reports a file, or another source of text, that cannot be read.
  static DataException of(Object source, IOException e) {
    return new DataException(
        source
            + switch (e) {
              case NoSuchFileException _ -> ": no such file; check the path";
              case AccessDeniedException _ -> ": may not be read; check its permissions";
              case NotDirectoryException _ -> ": is not a folder; check the path";
              case CharacterCodingException _ -> ": is not UTF-8 text; save it as UTF-8 CSV";
              default -> ": cannot be read: " + e.getMessage();
            });
  }

  /// Reports a file or folder that cannot be written.
  ///
  /// @param remedy the end of the message
  public static DataException unwritable(Path file, IOException e, String remedy) {
    IOException root = e; // image writers wrap the cause
    while (root.getCause() instanceof IOException cause) {
      root = cause;
    }
    String why =
        switch (root) {
          case NoSuchFileException _ -> "its folder is not there";
          case AccessDeniedException _ -> "no permission";
          case FileAlreadyExistsException there ->
              there.getFile().equals(file.toString()) ? "it is a file" : "a file is in its way";
          case FileSystemException known when known.getReason() != null -> known.getReason();
          default -> String.valueOf(root.getMessage());
        };
    return new DataException("%s: cannot be written: %s; %s", file, why, remedy);
  }

  /// Quotes a cell in one short line; an unclosed quote can make the whole file one cell.
  static String quoted(String text) {
    boolean isLong = text.length() > LONGEST_QUOTE;
    return line('"' + (isLong ? text.substring(0, LONGEST_QUOTE) + "…" : text) + '"');
  }
}
