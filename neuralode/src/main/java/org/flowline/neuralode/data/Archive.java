package org.flowline.neuralode.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Named parts in one zip file, as models, checkpoints and NumPy's `.npz` are.
///
/// A file is trusted in nothing. The sum of the sizes that its directory declares is held against a
/// limit before a part is read, and no part is read beyond its own; a name is refused that could
/// leave a folder; names and order of the directory have to be those of the parts, and each part
/// has to have its checksum, so that a damaged file is not read as another one.
public final class Archive {
  /// As many bytes as the parts of a file have together, unless more are allowed.
  public static final long USUAL_LIMIT = 256L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final int LONGEST_NAME = 200;

  /// The same parts are the same bytes. Of the first moment that a zip file knows, 1980-01-01, the
  /// JDK would write the instant too, which depends on the time zone.
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private Archive() {}

  /// Writes the parts in their order, not compressed. Does not close the stream.
  ///
  /// @throws IllegalArgumentException if a name would be refused in reading
  public static void write(OutputStream out, Map<String, byte[]> parts) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (Map.Entry<String, byte[]> part : parts.entrySet()) {
      if (!isSafe(part.getKey())) {
        throw new IllegalArgumentException("archive: " + unsafe(part.getKey()));
      }
      CRC32 checksum = new CRC32();
      checksum.update(part.getValue());
      ZipEntry entry = new ZipEntry(part.getKey());
      entry.setTimeLocal(NO_TIME);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(part.getValue().length);
      entry.setCrc(checksum.getValue());
      zip.putNextEntry(entry);
      zip.write(part.getValue());
      zip.closeEntry();
    }
    zip.finish();
  }

  /// The parts in their order.
  ///
  /// @param limit the most bytes of all parts together, compressed or not
  /// @throws DataException if the file cannot be read, is not a whole zip file, has parts with
  ///     dangerous names, or is too large
  public static SequencedMap<String, byte[]> read(Path file, long limit) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a file");
    }
    try {
      requireSize(file, Files.size(file), limit);
      List<ZipEntry> directory = directory(file, limit);
      try (ZipInputStream zip =
          new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        return parts(file, zip, directory);
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
        throw new DataException(file + ": " + zip.size() + " parts; want at most " + MOST_PARTS);
      }
      long sum = 0;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!isSafe(entry.getName())) {
          throw new DataException(file + ": " + unsafe(entry.getName()));
        }
        if (entry.getSize() < 0) {
          throw damaged(file);
        }
        sum += Math.min(entry.getSize(), Long.MAX_VALUE / MOST_PARTS);
        requireSize(file, sum, Math.min(limit, Integer.MAX_VALUE - 8));
      }
      return List.copyOf(Collections.list(zip.entries()));
    }
  }

  private static SequencedMap<String, byte[]> parts(
      Path file, ZipInputStream zip, List<ZipEntry> directory) throws IOException {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    for (ZipEntry declared : directory) {
      ZipEntry entry = zip.getNextEntry();
      if (entry == null || !entry.getName().equals(declared.getName())) {
        throw damaged(file);
      }
      byte[] bytes = zip.readNBytes((int) declared.getSize());
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      boolean isWhole =
          bytes.length == declared.getSize()
              && zip.read() < 0
              && checksum.getValue() == declared.getCrc();
      if (!isWhole) {
        throw damaged(file);
      }
      if (parts.put(declared.getName(), bytes) != null) {
        throw new DataException(
            file
                + ": part "
                + DataException.quoted(declared.getName())
                + " is there twice; give every part a name of its own");
      }
    }
    if (zip.getNextEntry() != null) {
      throw damaged(file);
    }
    return Collections.unmodifiableSequencedMap(parts);
  }

  private static void requireSize(Path file, long bytes, long limit) {
    if (bytes > limit) {
      throw new DataException(
          file + ": " + bytes + " bytes or more in its parts; want at most " + limit);
    }
  }

  private static DataException damaged(Path file) {
    return new DataException(
        file + ": is not a whole zip file, or is damaged; copy or write it again");
  }

  /// Whether the name is a path below a folder, on any system.
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
