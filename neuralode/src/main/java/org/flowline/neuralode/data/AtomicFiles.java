package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// Writes files atomically: a reader finds either the previous content or all of the new one, even
/// if the process or the machine fails, and with any number of concurrent writers. Each file is
/// written under a temporary name in the same folder, forced to disk and moved into place.
///
/// A replaced file keeps its mode and, as far as permitted, its owner. Symbolic links are followed.
/// Two kinds of files cannot be replaced, and are written in place: a device, FIFO or socket, and a
/// file with several hard links, which a failure of the machine can leave incomplete.
public final class AtomicFiles {

  /// Writes a file's content to a path.
  @FunctionalInterface
  public interface Content {
    /// Writes all of the content to `file`, which does not exist yet, is empty, or is a device,
    /// FIFO or socket. May be called again if it fails.
    ///
    /// @throws IOException if that fails; rethrown as a [DataException]
    void write(Path file) throws IOException;
  }

  private static final String PARTIAL = ".partial";
  private static final int MOST_LINKS = 40;
  private static final int PERMISSIONS = 07777;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

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

  /// Repeats a write that an interrupt of the thread has ended, which closes open channels; the
  /// thread is interrupted afterwards.
  ///
  /// @param asked the user's path of the folder, or of the only file
  private static void write(Path folder, SequencedMap<String, Content> contents, Path asked) {
    boolean interrupted = Thread.interrupted();
    try {
      while (!isWritten(folder, contents, asked)) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Writes all files, and returns false if an interrupt has prevented it.
  private static boolean isWritten(
      Path folder, SequencedMap<String, Content> contents, Path asked) {
    Map<String, Path> partial = new LinkedHashMap<>();
    String current = "";
    try {
      for (Map.Entry<String, Content> file : contents.entrySet()) {
        current = file.getKey();
        if (!isSpecial(folder.resolve(current))) {
          Path target = target(folder.resolve(current));
          Path beside =
              target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + PARTIAL);
          partial.put(current, beside);
          writePart(file.getValue(), beside, target);
        }
      }
      for (Map.Entry<String, Content> file : contents.entrySet()) {
        current = file.getKey();
        Path part = partial.get(current);
        if (part == null) {
          file.getValue().write(folder.resolve(current));
        } else {
          replace(target(folder.resolve(current)), part);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      if (Thread.interrupted()) {
        return false;
      }
      throw unwritable(
          asked, current, e instanceof IOException io ? io : (IOException) e.getCause());
    } finally {
      partial.values().forEach(AtomicFiles::delete);
    }
    forceFolder(folder);
    return true;
  }

  /// Returns whether the path leads to a device, FIFO or socket.
  private static boolean isSpecial(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false; // usually not there
    }
  }

  /// Returns the path to which symbolic links lead from `file`, whether it exists or not.
  private static Path target(Path file) throws IOException {
    Path target = file;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(file.toString(), null, "Too many levels of symbolic links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  /// Writes a temporary file, with the owner and the mode of the file that it will replace.
  private static void writePart(Content content, Path part, Path target) throws IOException {
    boolean replaces = hasUnixAttributes(target) && Files.isRegularFile(target);
    if (replaces) {
      if (!Files.isWritable(target)) {
        throw new AccessDeniedException(target.toString());
      }
      Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    content.write(part);
    if (replaces) {
      Map<String, Object> kept = Files.readAttributes(target, "unix:uid,gid,mode");
      for (String owner : new String[] {"gid", "uid"}) {
        try {
          Files.setAttribute(part, "unix:" + owner, kept.get(owner));
        } catch (IOException e) {
          // Only the superuser can give files to others.
        }
      }
      Files.setAttribute(part, "unix:mode", (int) kept.get("mode") & PERMISSIONS);
    }
    force(part, StandardOpenOption.WRITE);
  }

  private static boolean hasUnixAttributes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /// Moves a temporary file into place, or copies it into a file that has other names, too.
  private static void replace(Path target, Path part) throws IOException {
    boolean shared =
        hasUnixAttributes(target)
            && Files.isRegularFile(target)
            && (int) Files.getAttribute(target, "unix:nlink") > 1;
    if (!shared) {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    try (OutputStream out =
        Files.newOutputStream(
            target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      Files.copy(part, out);
    }
    force(target, StandardOpenOption.WRITE);
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
    for (String name : names) {
      try {
        Path target = target(folder.resolve(name));
        String own = target.getFileName().toString();
        try (DirectoryStream<Path> parts =
            Files.newDirectoryStream(
                target.getParent(), part -> isPart(part.getFileName().toString(), own))) {
          parts.forEach(AtomicFiles::delete);
        }
      } catch (IOException | DirectoryIteratorException e) {
        // A leftover that cannot be listed or deleted only takes space.
      }
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
