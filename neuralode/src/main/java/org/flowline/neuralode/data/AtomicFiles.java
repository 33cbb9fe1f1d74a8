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

/// Writes files atomically: a reader finds either the previous content or all of the new one, even
/// if the process or the machine fails, and with any number of concurrent writers. Each file is
/// written under a temporary name in the same folder, forced to disk and moved into place.
public final class AtomicFiles {

  /// Writes a file's content to a path.
  @FunctionalInterface
  public interface Content {
    /// Writes all of the content to `file`, which does not exist yet.
    ///
    /// @throws IOException if that fails; rethrown as a [DataException]
    void write(Path file) throws IOException;
  }

  private static final String PARTIAL = ".partial";

  private AtomicFiles() {}

  /// Writes one file, replacing the existing one.
  ///
  /// @throws DataException if it cannot be written; the existing file is then unchanged
  public static void write(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    SequencedMap<String, Content> one = new LinkedHashMap<>();
    one.put(whole.getFileName().toString(), content);
    write(whole.getParent(), one, file);
  }

  /// Writes several files of a folder, moved into place once all are complete.
  ///
  /// @param contents by file name
  /// @throws DataException if one cannot be written; then none is
  public static void write(Path folder, SequencedMap<String, Content> contents) {
    write(folder.toAbsolutePath(), contents, folder);
  }

  /// @param asked the user's path of the folder, or of the only file
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
      partial.values().forEach(AtomicFiles::delete);
    }
    forceFolder(folder);
  }

  private static DataException unwritable(Path asked, String current, IOException e) {
    Path file = asked.endsWith(current) ? asked : asked.resolve(current);
    return DataException.unwritable(file, e, "choose another place");
  }

  /// Deletes the temporary files that killed writers of these files have left. Call it only while
  /// no other writer is active: its temporary files would be deleted, too.
  ///
  /// @param names the names of files in this folder
  public static void deleteLeftovers(Path folder, Collection<String> names) {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(
            folder,
            part -> names.stream().anyMatch(of -> isPart(part.getFileName().toString(), of)))) {
      parts.forEach(AtomicFiles::delete);
    } catch (IOException | DirectoryIteratorException e) {
      // A leftover that cannot be listed or deleted only takes space.
    }
  }

  /// Returns whether `part` is a temporary file of `name`, or a temporary file of one.
  private static boolean isPart(String part, String name) {
    return part.matches(
        "\\.+" + Pattern.quote(name) + "(\\.[0-9a-f-]{36}" + Pattern.quote(PARTIAL) + ")+");
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /// Forces the moves to disk, on systems that can open a folder.
  private static void forceFolder(Path folder) {
    try {
      force(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      // Elsewhere the system orders moves, and a lost one leaves the previous file.
    }
  }

  private static void delete(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The folder itself is gone or not accessible.
    }
  }
}
