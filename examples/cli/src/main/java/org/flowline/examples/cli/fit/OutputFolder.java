package org.flowline.examples.cli.fit;

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

/// A folder for results. It is tried before the work starts; the files of one [#write()] appear all
/// together and whole, or not at all.
public final class OutputFolder {
  private final Path path;
  private final SequencedMap<String, AtomicFiles.Content> contents = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  private OutputFolder(Path path) {
    this.path = path;
  }

  /// Creates the folder where it is missing.
  ///
  /// @throws DataException if it is a file or may not be written
  public static OutputFolder open(Path path) {
    return open(path, "--out");
  }

  /// Creates the folder where it is missing.
  ///
  /// @param option which names it on the command line
  /// @throws DataException if it is a file or may not be written
  public static OutputFolder open(Path path, String option) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".flowline", ".tmp"));
      return new OutputFolder(path);
    } catch (IOException e) {
      throw DataException.unwritable(path, e, "choose another folder with " + option);
    }
  }

  /// A file to be written by [#write()].
  public void add(String name, AtomicFiles.Content content) {
    contents.put(name, content);
    names.add(name);
  }

  /// A picture to be written by [#write()], as PNG and as SVG.
  public void add(Picture picture) {
    Figure figure = Figure.of(picture);
    figures.add(figure);
    add(picture.name() + ".png", file -> Files.write(file, figure.png()));
    add(picture.name() + ".svg", picture::writeSvg);
  }

  /// The pictures so far, for a page.
  List<Figure> figures() {
    return List.copyOf(figures);
  }

  /// Removes what earlier writers of these files left behind when they were killed. For the only
  /// writer of this folder.
  public void sweep() {
    AtomicFiles.deleteLeftovers(path, contents.keySet());
  }

  /// Writes the files that were added since the last time.
  ///
  /// @throws DataException if one cannot be written; then none of these is
  public void write() {
    AtomicFiles.write(path, contents);
    contents.clear();
  }

  /// Where, and which files, written or to be written.
  @Override
  public String toString() {
    return path.toAbsolutePath().normalize() + ": " + String.join(" ", names);
  }
}
