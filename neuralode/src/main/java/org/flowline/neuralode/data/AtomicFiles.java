package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.regex.Pattern;

/// Writes files that are there whole or not at all, whenever the process or the machine dies, and
/// however many write at once: each is written beside its place under a name of its own, forced to
/// the disk and moved to its place, and then the folder is forced to the disk too.
public final class AtomicFiles {

  /// Writes a file's content to a path.
  @FunctionalInterface
  public interface Content {
    /// Writes all of the content to `file`, which is not there yet. What it throws becomes a
    /// [DataException].
    void write(Path file) throws IOException;
  }

  private static final String PARTIAL = ".partial";

  private AtomicFiles() {}

  /// Writes one file; what was there before is there until then.
  ///
  /// @throws DataException if it cannot be written; what was there before is there still
  public static void write(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    SequencedMap<String, Content> one = new LinkedHashMap<>();
    one.put(whole.getFileName().toString(), content);
    write(whole.getParent(), one, file);
  }

  /// Writes files of a folder, which are moved to their places when all are complete.
  ///
  /// @param contents by the files' names
  /// @throws DataException if one cannot be written; then none is
  public static void write(Path folder, SequencedMap<String, Content> contents) {
    write(folder.toAbsolutePath(), contents, folder);
  }

  /// @param asked what the user calls the folder, or the only file
  private static void write(Path folder, SequencedMap<String, Content> contents, Path asked) {
    Map<String, Path> partial = new LinkedHashMap<>();
    String current = "";
    try {
      for (Map.Entry<String, Content> file : contents.entrySet()) {
        current = file.getKey();
        Path beside = folder.resolve("." + current + "." + UUID.randomUUID() + PARTIAL);
        partial.put(current, beside);
        file.getValue().write(beside);
        force(beside, StandardOpenOption.WRITE);
      }
      for (String name : contents.keySet()) {
        current = name;
        Files.move(
            partial.get(name),
            folder.resolve(name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw unwritable(asked, current, e);
    } catch (UncheckedIOException e) {
      throw unwritable(asked, current, e.getCause());
    } finally {
      partial.values().forEach(AtomicFiles::forget);
    }
    forceFolder(folder);
  }

  private static DataException unwritable(Path asked, String current, IOException e) {
    Path file = asked.endsWith(current) ? asked : asked.resolve(current);
    return DataException.unwritable(file, e, "choose another place");
  }

  /// Removes what writers of these files left behind when they were killed. For those who know that
  /// nobody else is writing them now, whose parts it would remove, too.
  ///
  /// @param names of files in this folder
  public static void sweep(Path folder, Collection<String> names) {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(
            folder,
            part -> names.stream().anyMatch(of -> isPart(part.getFileName().toString(), of)))) {
      parts.forEach(AtomicFiles::forget);
    } catch (IOException | DirectoryIteratorException e) {
      // What cannot be seen or removed takes room and does no harm.
    }
  }

  /// Of a file, or of a part of it that was written as a whole itself.
  private static boolean isPart(String part, String name) {
    return part.matches(
        "\\.+" + Pattern.quote(name) + "(\\.[0-9a-f-]{36}" + Pattern.quote(PARTIAL) + ")+");
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /// So that the moves are on the disk too. Some systems have no such thing as an open folder.
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      // There the system itself orders moves, and one that was lost leaves the file before it.
    }
  }

  private static void forget(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The folder itself is gone or closed to us, and with it what could be left behind.
    }
  }
}
