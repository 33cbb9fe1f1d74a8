package org.flowline.neuralode.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Named parts in one zip file: the container of models, checkpoints and NumPy's `.npz`.
///
/// Reading trusts nothing in the file. The sizes declared in the directory are checked against a
/// limit before any part is read, and no part is read beyond its declared size. Names that could
/// leave a folder are refused. The directory must agree with the parts in names, order and
/// checksums, so that a damaged file is never read as a different one.
public final class Archive {
  /// The default limit on the total size of all parts, in bytes.
  public static final long USUAL_LIMIT = 256L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final int LONGEST_NAME = 200;

  /// The number of times that a file may be replaced while it is read.
  private static final int MOST_REPLACED = 1000;

  /// A fixed date, so that equal parts give equal bytes. For 1980-01-01, the first date of the zip
  /// format, the JDK would also write the instant, which depends on the time zone.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private Archive() {}

  /// Writes the parts to a file atomically, as [#write(OutputStream, Map)].
  ///
  /// @throws DataException if the file cannot be written; an existing one is then unchanged
  public static void write(Path file, Map<String, byte[]> parts) {
    AtomicFiles.write(
        file,
        path -> {
          try (OutputStream out = Files.newOutputStream(path)) {
            write(out, parts);
          }
        });
  }

  /// Writes the parts in order, uncompressed. Does not close the stream.
  ///
  /// @throws IllegalArgumentException if [#read] would refuse a name
  public static void write(OutputStream out, Map<String, byte[]> parts) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, byte[]> part : parts.entrySet()) {
      if (!isSafe(part.getKey())) {
        throw new IllegalArgumentException("archive: " + unsafe(part.getKey()));
      }
      ZipEntry entry = new ZipEntry(part.getKey());
      entry.setTimeLocal(NO_TIME);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(part.getValue().length);
      entry.setCrc(checksum(part.getValue()));
      zip.putNextEntry(entry);
      zip.write(part.getValue());
      zip.closeEntry();
    }
    zip.finish();
  }

  /// A check of a part before its bytes are read.
  @FunctionalInterface
  public interface Check {
    /// Throws a [DataException] for a part that may not have this name or size.
    ///
    /// @param size the number of bytes
    /// @param before the parts before this one
    void part(String name, long size, SequencedMap<String, byte[]> before);
  }

  /// Returns the parts in order; see [#read(Path, long, Check)].
  public static SequencedMap<String, byte[]> read(Path file, long limit) {
    return read(file, limit, (_, _, _) -> {});
  }

  /// Returns the parts in order. If another process replaces the file meanwhile, its new content.
  ///
  /// @param limit the maximum total size of the parts in bytes, compressed or not
  /// @throws DataException if the file cannot be read, is damaged or too large, has unsafe names,
  ///     or a check fails
  public static SequencedMap<String, byte[]> read(Path file, long limit, Check check) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a file");
    }
    for (int left = MOST_REPLACED; true; left--) {
      Optional<List<Object>> before = identity(file);
      try {
        return readOnce(file, limit, check);
      } catch (DataException e) {
        if (left == 0 || before.equals(identity(file))) {
          throw e;
        }
      }
    }
  }

  private static Optional<List<Object>> identity(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          List.of(String.valueOf(now.fileKey()), now.lastModifiedTime(), now.size()));
    } catch (IOException e) {
      return Optional.empty(); // not there
    }
  }

  private static SequencedMap<String, byte[]> readOnce(Path file, long limit, Check check) {
    try {
      requireSize(file, Files.size(file), limit);
      List<ZipEntry> directory = directory(file, limit);
      try (ZipInputStream zip =
          new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        return parts(file, zip, directory, check);
      }
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw damaged(file);
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  private static List<ZipEntry> directory(Path file, long limit) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MOST_PARTS) {
        throw new DataException("%s: %s parts; want at most %s", file, zip.size(), MOST_PARTS);
      }
      List<ZipEntry> entries = List.copyOf(Collections.list(zip.entries()));
      long sum = 0;
      for (ZipEntry entry : entries) {
        if (!isSafe(entry.getName())) {
          throw new DataException(file + ": " + unsafe(entry.getName()));
        }
        if (entry.getSize() < 0) {
          throw damaged(file);
        }
        sum += Math.min(entry.getSize(), Long.MAX_VALUE / MOST_PARTS);
        requireSize(file, sum, Math.min(limit, Integer.MAX_VALUE - 8));
      }
      return entries;
    }
  }

  private static SequencedMap<String, byte[]> parts(
      Path file, ZipInputStream zip, List<ZipEntry> directory, Check check) throws IOException {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    for (ZipEntry declared : directory) {
      String name = declared.getName();
      ZipEntry entry = zip.getNextEntry();
      if (entry == null || !entry.getName().equals(name)) {
        throw damaged(file);
      }
      check.part(name, declared.getSize(), Collections.unmodifiableSequencedMap(parts));
      byte[] bytes = zip.readNBytes((int) declared.getSize());
      if (bytes.length != declared.getSize()
          || zip.read() >= 0
          || checksum(bytes) != declared.getCrc()) {
        throw damaged(file);
      }
      if (parts.put(name, bytes) != null) {
        throw new DataException(
            "%s: part %s is there twice; give every part a name of its own",
            file, DataException.quoted(name));
      }
    }
    if (zip.getNextEntry() != null) {
      throw damaged(file);
    }
    return Collections.unmodifiableSequencedMap(parts);
  }

  private static long checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return checksum.getValue();
  }

  private static void requireSize(Path file, long bytes, long limit) {
    if (bytes > limit) {
      throw new DataException(
          "%s: %s bytes or more in its parts; want at most %s", file, bytes, limit);
    }
  }

  private static DataException damaged(Path file) {
    return new DataException(
        file + ": is not a whole zip file, or is damaged; copy or write it again");
  }

  /// Returns whether the name is a relative path below a folder on every system.
  private static boolean isSafe(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && name.chars().noneMatch(c -> c == '\\' || c == ':' || Character.isISOControl(c))
        && Arrays.stream(name.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }

  private static String unsafe(String name) {
    return "a part named " + DataException.quoted(name) + "; want a relative path without . or ..";
  }
}
