package org.flowline.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flowline.examples.pictures.Picture;
import org.flowline.neuralode.data.DataException;

/// A folder for results. It is tried before the work starts; its files appear all together and
/// whole, or not at all.
final class OutputFolder {

  /// Writes a file's content to a path.
  @FunctionalInterface
  interface Content {
    void write(Path file) throws IOException;
  }

  private final Path path;
  private final Map<String, Content> contents = new LinkedHashMap<>();

  private OutputFolder(Path path) {
    this.path = path;
  }

  /// Creates the folder where it is missing.
  ///
  /// @throws DataException if it is a file or may not be written
  static OutputFolder open(Path path) {
    return open(path, "--out");
  }

  /// Creates the folder where it is missing.
  ///
  /// @param option which names it on the command line
  /// @throws DataException if it is a file or may not be written
  static OutputFolder open(Path path, String option) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".flowline", ".tmp"));
      return new OutputFolder(path);
    } catch (IOException e) {
      String why =
          Files.exists(path) && !Files.isDirectory(path)
              ? "it is a file"
              : "no permission, or a file in its way";
      throw new DataException(
          path + ": cannot be written: " + why + "; choose another folder with " + option);
    }
  }

  /// A file to be written by [#write()].
  void add(String name, Content content) {
    contents.put(name, content);
  }

  /// A picture to be written by [#write()], as PNG and as SVG.
  void add(Picture picture) {
    add(picture.name() + ".png", picture::writePng);
    add(picture.name() + ".svg", picture::writeSvg);
  }

  /// Writes the files beside their places, and moves them there when all are complete.
  ///
  /// @throws DataException if one cannot be written; then none is
  void write() {
    String current = "";
    try {
      for (Map.Entry<String, Content> file : contents.entrySet()) {
        current = file.getKey();
        file.getValue().write(partial(current));
      }
      for (String name : contents.keySet()) {
        current = name;
        Files.move(
            partial(name),
            path.resolve(name),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new DataException(
          path.resolve(current)
              + ": cannot be written; is the disk full, or something in its way?");
    } finally {
      contents.keySet().forEach(this::forget);
    }
  }

  private Path partial(String name) {
    return path.resolve("." + name + ".partial");
  }

  private void forget(String name) {
    try {
      Files.deleteIfExists(partial(name));
    } catch (IOException e) {
      // The folder itself is gone or closed to us, and with it what could be left behind.
    }
  }

  /// Where, and which files.
  @Override
  public String toString() {
    return path.toAbsolutePath().normalize() + ": " + String.join(" ", contents.keySet());
  }
}
