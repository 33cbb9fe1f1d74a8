package org.flowline.neuralode.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Reads files of measurements by their suffix: `.npy` and `.npz` as NumPy arrays, all others as
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
      Measurements read =
          endsWith(file, ARRAYS)
              ? NpzMeasurements.read(file, options)
              : CsvMeasurements.inFolder(file, source, options);
      Measurements first = files.isEmpty() ? read : files.getFirst();
      if (read.clock() != first.clock()
          || !first.experiments().getFirst().hasColumnsOf(read.experiments().getFirst())) {
        throw new DataException(
            "%s: other columns, or times written otherwise, than in the first file of the folder; %s",
            source, "want the same in each, and nothing else there");
      }
      files.add(read);
    }
    return new Measurements(
        files.getFirst().clock(),
        files.stream().flatMap(file -> file.experiments().stream()).toList());
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> files =
          inside
              .filter(file -> Files.isRegularFile(file) && endsWith(file, SUFFIXES))
              .sorted(Comparator.comparing(MeasuredFiles::name))
              .toList();
      if (files.isEmpty()) {
        throw new DataException(
            "%s: no file in this folder ends with %s", folder, String.join(", ", SUFFIXES));
      }
      return files;
    } catch (IOException e) {
      throw DataException.of(folder, e);
    }
  }

  private static boolean endsWith(Path file, List<String> suffixes) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return suffixes.stream().anyMatch(name::endsWith);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
