package org.flowline.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.flowline.neuralode.data.DataException;

/// A folder for results. It is tried before the work starts, and no file in it is ever
/// half-written.
record OutputFolder(Path path) {

  /// Writes a file's content to a path.
  @FunctionalInterface
  interface Content {
    void write(Path file) throws IOException;
  }

  /// Creates the folder where it is missing.
  ///
  /// @throws DataException if it is a file or may not be written
  static OutputFolder open(Path path) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".flowline", ".tmp"));
      return new OutputFolder(path);
    } catch (IOException e) {
      throw new DataException(
          path
              + ": cannot be written ("
              + e.getClass().getSimpleName()
              + "); choose another folder with --out");
    }
  }

  /// Writes a file beside its place and moves it there when complete.
  void write(String name, Content content) {
    Path file = path.resolve(name);
    Path partial = path.resolve("." + name + ".partial");
    try {
      content.write(partial);
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + e.getMessage());
    }
  }
}
