package org.flowline.examples.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.flowline.examples.pictures.Figure;
import org.flowline.examples.pictures.Picture;
import org.flowline.neuralode.data.AtomicFiles;
import org.flowline.neuralode.data.DataException;

/// A folder for results. [#open] checks that it can be written; the files of one [#write()] appear
/// together and complete, or not at all.
public final class OutputFolder {
  private final Path path;
  private final SequencedMap<String, AtomicFiles.Content> contents = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  private OutputFolder(Path path) {
    this.path = path;
  }

  /// Opens the folder that `--out` names; see [#open(Path, String)].
  public static OutputFolder open(Path path) {
    return open(path, "--out");
  }

  /// Creates the folder if it is missing, and writes a file there as a test.
  ///
  /// @param option that names the folder, for messages
  /// @throws DataException if it is a file or cannot be written
  public static OutputFolder open(Path path, String option) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".flowline", ".tmp"));
      return new OutputFolder(path);
    } catch (IOException e) {
      throw DataException.unwritable(path, e, "choose another folder with " + option);
    }
  }

  /// Adds a file for the next [#write()].
  public void add(String name, AtomicFiles.Content content) {
    contents.put(name, content);
    names.add(name);
  }

  /// Adds a picture for the next [#write()], as PNG and SVG.
  public void add(Picture picture) {
    byte[] png = picture.png();
    figures.add(Figure.of(picture, png));
    add(picture.name() + ".png", file -> Files.write(file, png));
    add(picture.name() + ".svg", picture::writeSvg);
  }

  /// Returns the pictures so far.
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /// Removes temporary files of killed processes; for the only writer of the folder.
  public void sweep() {
    AtomicFiles.deleteLeftovers(path, contents.keySet());
  }

  /// Writes the files that were added since the last write.
  ///
  /// @throws DataException if one cannot be written; then none is written
  public void write() {
    AtomicFiles.write(path, contents);
    contents.clear();
  }

  /// Returns the path and the names of all files.
  @Override
  public String toString() {
    return path.toAbsolutePath().normalize() + ": " + String.join(" ", names);
  }
}
