package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Named arrays in a NumPy file, `.npz`: `np.load` reads what is written here, and what `np.savez`
/// and `np.savez_compressed` wrote is read, where the arrays are numbers ([Npy]).
public final class Npz {
  private static final String SUFFIX = ".npy";

  private Npz() {}

  /// Writes the arrays in their order. Does not close the stream.
  ///
  /// @throws IllegalArgumentException if a name is none for a part of an [Archive]
  public static void write(OutputStream out, Map<String, Npy> arrays) throws IOException {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    arrays.forEach((name, array) -> parts.put(name + SUFFIX, array.bytes()));
    Archive.write(out, parts);
  }

  /// The arrays of a file of the usual size.
  ///
  /// @throws DataException as [#read(Path, long)]
  public static SequencedMap<String, Npy> read(Path file) {
    return read(file, Archive.USUAL_LIMIT);
  }

  /// The arrays in their order.
  ///
  /// @param limit the most bytes of all arrays together
  /// @throws DataException if the file is no whole [Archive], too large, or a part is not an [Npy]
  public static SequencedMap<String, Npy> read(Path file, long limit) {
    SequencedMap<String, Npy> arrays = new LinkedHashMap<>();
    Archive.read(file, limit)
        .forEach(
            (name, bytes) -> {
              if (!name.endsWith(SUFFIX)) {
                throw new DataException(
                    file
                        + ": part "
                        + DataException.quoted(name)
                        + "; want .npy only: is it a model? Load it as one");
              }
              arrays.put(
                  name.substring(0, name.length() - SUFFIX.length()),
                  Npy.read(file + "/" + name, bytes));
            });
    return arrays;
  }
}
