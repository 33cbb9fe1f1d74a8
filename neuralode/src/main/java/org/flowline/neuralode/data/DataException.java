package org.flowline.neuralode.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/// What is wrong with a user's data: which file, line and column, what came, what to do.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_QUOTE = 40;

  /// A message of one line, as the user will read it: *where: what came; what to do*.
  public DataException(String message) {
    super(message);
  }

  /// A file that cannot be read.
  static DataException of(Path file, IOException e) {
    return new DataException(
        file
            + switch (e) {
              case NoSuchFileException _ -> ": no such file; check the path";
              case AccessDeniedException _ -> ": may not be read; check its permissions";
              case NotDirectoryException _ -> ": is not a folder; check the path";
              case CharacterCodingException _ -> ": is not UTF-8 text; save it as UTF-8 CSV";
              default -> ": cannot be read: " + e.getMessage();
            });
  }

  /// A file that cannot be written, or a folder.
  ///
  /// @param remedy what to do, told at the end of the message
  public static DataException unwritable(Path file, IOException e, String remedy) {
    IOException root = e; // those who draw pictures wrap it
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
    return new DataException(file + ": cannot be written: " + why + "; " + remedy);
  }

  /// A word of a file, fit for a message of one line: a forgotten quote can make a field of the
  /// whole file.
  static String quoted(String text) {
    boolean isLong = text.length() > LONGEST_QUOTE;
    String start = isLong ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    return '"' + start.replaceAll("\\R|\\p{Cntrl}|[\u2028\u2029\u0085]", " ") + '"';
  }
}
