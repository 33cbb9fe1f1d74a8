package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Named arrays in a NumPy file, `.npz`. `np.load` reads the files written here; files of
/// `np.savez` and `np.savez_compressed` are read if their arrays are numbers ([Npy]).
public final class Npz {
  private static final String SUFFIX = ".npy";

  /// Numbers of one byte in a file are eight times as large in memory.
  private static final long MOST_NUMBERS = Archive.USUAL_LIMIT / Double.BYTES;

  private Npz() {}

  /// Writes the arrays in order. Does not close the stream.
  ///
  /// @throws IllegalArgumentException if a name is not allowed in an [Archive]
  public static void write(OutputStream out, Map<String, Npy> arrays) throws IOException {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    arrays.forEach((name, array) -> parts.put(name + SUFFIX, array.bytes()));
    Archive.write(out, parts);
  }

  /// Returns the arrays of a file in order.
  ///
  /// @throws DataException if [Archive#read] refuses the file at the usual limit, the arrays exceed
  ///     this limit in memory, or a part is not an [Npy]
  public static SequencedMap<String, Npy> read(Path file) {
    return read(file, (_, source, bytes) -> Npy.read(source, bytes));
  }

  /// Reads one array.
  interface Reader {
    /// Returns the array of this name in the bytes of a part.
    Npy read(String name, String source, byte[] bytes);
  }

  static SequencedMap<String, Npy> read(Path file, Reader reader) {
    SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
    long[] numbers = {0};
    Archive.read(file, Archive.USUAL_LIMIT)
        .forEach(
            (name, bytes) -> {
              if (!name.endsWith(SUFFIX)) {
                throw new DataException(
                    "%s: part %s; want .npy only: is it a model? Load it as one",
                    file, DataException.quoted(name));
              }
              String array = name.substring(0, name.length() - SUFFIX.length());
              String source = file + "/" + name;
              numbers[0] += NpyHeader.read(source, ByteBuffer.wrap(bytes)).count();
              if (numbers[0] > MOST_NUMBERS) {
                throw new DataException(
                    "%s: %s numbers or more in its arrays; want at most %s",
                    file, numbers[0], MOST_NUMBERS);
              }
              arrays.put(array, reader.read(array, source, bytes));
            });
    return arrays;
  }
}
