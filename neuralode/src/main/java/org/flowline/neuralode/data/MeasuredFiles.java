package org.flowline.neuralode.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Files of measurements, each read as its name ends: `.npy` and `.npz` as NumPy's, any other as
/// separated values.
final class MeasuredFiles {
  private static final List<String> ARRAYS = List.of(".npy", ".npz");
  private static final List<String> SUFFIXES = List.of(".csv", ".tsv", ".txt", ".npy", ".npz");

  private MeasuredFiles() {}

  static Measurements read(Path path, CsvOptions options) {
    if (Files.isDirectory(path)) {
      return folder(path, options);
    }
    return endsWith(path, ARRAYS)
        ? NpzMeasurements.read(path, options)
        : CsvMeasurements.read(path, options);
  }

  private static Measurements folder(Path folder, CsvOptions options) {
    List<Measurements> files = new ArrayList<>();
    for (Path file : files(folder)) {
      String source = name(folder.toAbsolutePath().normalize()) + "/" + name(file);
      Measurements read = inFolder(file, source, options);
      if (!files.isEmpty() && !alike(files.getFirst(), read)) {
        throw new DataException(
            source
                + ": other columns, or times written otherwise, than in the first file of the folder;"
                + " want the same in each, and nothing else there");
      }
      files.add(read);
    }
    return new Measurements(
        files.getFirst().clock(),
        files.stream().flatMap(file -> file.experiments().stream()).toList());
  }

  private static Measurements inFolder(Path file, String source, CsvOptions options) {
    return endsWith(file, ARRAYS)
        ? NpzMeasurements.read(file, options)
        : CsvMeasurements.inFolder(file, source, options);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files =
          inside
              .filter(Files::isRegularFile)
              .filter(file -> endsWith(file, SUFFIXES))
              .sorted((a, b) -> name(a).compareTo(name(b)))
              .toList();
      if (files.isEmpty()) {
        throw new DataException(
            folder + ": no file in this folder ends with " + String.join(", ", SUFFIXES));
      }
      return files;
    } catch (IOException e) {
      throw DataException.of(folder, e);
    }
  }

  private static boolean alike(Measurements one, Measurements other) {
    Experiment a = one.experiments().getFirst();
    Experiment b = other.experiments().getFirst();
    return one.clock() == other.clock()
        && a.states().names().equals(b.states().names())
        && a.inputs().names().equals(b.inputs().names());
  }

  private static boolean endsWith(Path file, List<String> suffixes) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return suffixes.stream().anyMatch(name::endsWith);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
