package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Numbers in a NumPy file, `.npy`: `np.load` and ND4J's `Nd4j.createFromNpyFile` read what is
/// written here, to the last bit.
///
/// Read are the format's versions 1 to 3, floating point numbers of 2, 4 and 8 bytes, signed and
/// unsigned integers of 1 to 8 and truth values, in either byte order, in C's or Fortran's order of
/// indices. Written is version 1, `<f8`, C's order, the bytes of `np.save`. A file's header is held
/// against its length before anything is allocated. `numpy.lib.format`.
///
/// @param shape how many in each dimension; of a single number none
/// @param values as many as the shape asks for, the last index running fastest
public record Npy(List<Integer> shape, double[] values) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /// What `np.save` leaves free for the first dimension to grow in place.
  private static final int GROWTH_DIGITS = 21;

  /// As large as a file may be: its numbers are held in one array.
  private static final int MOST_BYTES = 1 << 30;

  /// @throws IllegalArgumentException if a dimension is negative, or there are not as many values
  ///     as the shape asks for
  public Npy {
    shape = List.copyOf(shape);
    values = values.clone();
    long wanted = 1;
    for (int size : shape) {
      wanted = size < 0 ? -1 : Math.min(wanted * size, Integer.MAX_VALUE + 1L);
      if (wanted < 0) {
        break;
      }
    }
    if (wanted != values.length) {
      throw new IllegalArgumentException(
          "npy: " + values.length + " values of shape " + shape + "; want as many as it asks for");
    }
  }

  /// Values of this shape; without one, of a vector.
  ///
  /// @throws IllegalArgumentException if the shape does not ask for as many
  public static Npy of(double[] values, int... shape) {
    return new Npy(
        shape.length == 0 ? List.of(values.length) : Arrays.stream(shape).boxed().toList(), values);
  }

  @Override
  public double[] values() {
    return values.clone();
  }

  /// The file's bytes.
  public byte[] bytes() {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String tuple = "(" + sizes + (shape.size() == 1 ? ",)" : ")");
    String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': " + tuple + ", }";
    int growth = shape.isEmpty() ? 0 : GROWTH_DIGITS - String.valueOf(shape.getFirst()).length();
    int before = MAGIC.length + 4;
    int unpadded = before + dictionary.length() + growth + 1;
    int start = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT;
    String header = dictionary + " ".repeat(start - before - dictionary.length() - 1) + "\n";
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.addExact(start, Math.multiplyExact(values.length, Double.BYTES)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.ISO_8859_1));
    buffer.asDoubleBuffer().put(values);
    return buffer.array();
  }

  /// The array in a file of at most 1 GiB.
  ///
  /// @throws DataException if the file cannot be read or does not hold an array of numbers
  public static Npy read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a .npy file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > MOST_BYTES) {
        throw new DataException(
            file + ": " + Files.size(file) + " bytes; want at most " + MOST_BYTES);
      }
      return read(file.toString(), in.readNBytes(MOST_BYTES));
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  /// The array in the bytes of a file.
  ///
  /// @param source the name used in messages
  /// @throws DataException if these bytes are not an array of numbers
  public static Npy read(String source, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    NpyHeader header = NpyHeader.read(source, buffer);
    return new Npy(header.shape(), header.values(source, buffer));
  }
}
