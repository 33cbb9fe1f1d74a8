package org.flowline.neuralode.data;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// An array of numbers in a NumPy file, `.npy`. `np.load` and ND4J's `Nd4j.createFromNpyFile` read
/// the files written here, to the last bit.
///
/// Reads format versions 1 to 3: floating point numbers of 2, 4 and 8 bytes, signed and unsigned
/// integers of 1 to 8 bytes and booleans, in either byte order and in C or Fortran order. Writes
/// version 1, `<f8`, C order, the bytes of `np.save`. The header is checked against the length of
/// the file before anything is allocated. Format: `numpy.lib.format`.
///
/// @param shape the size of each dimension; empty for a single number
/// @param values the elements, the last index running fastest
public record Npy(List<Integer> shape, double[] values) {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /// The space that `np.save` leaves for the first dimension to grow in place.
  private static final int GROWTH_DIGITS = 21;

  private static final int MOST_BYTES = 1 << 30;

  /// @throws IllegalArgumentException if the shape does not have this number of elements
  public Npy {
    shape = List.copyOf(shape);
    values = values.clone();
    double wanted = 1;
    for (int size : shape) {
      wanted *= size < 0 ? Double.NaN : size;
    }
    if (wanted != values.length) {
      throw new IllegalArgumentException(
          "npy: %s values for the shape %s; want one for each element"
              .formatted(values.length, shape));
    }
  }

  /// Returns an array of this shape; without a shape, a vector.
  ///
  /// @throws IllegalArgumentException if the shape does not have this number of elements
  public static Npy of(double[] values, int... shape) {
    return new Npy(
        shape.length == 0 ? List.of(values.length) : Arrays.stream(shape).boxed().toList(), values);
  }

  @Override
  public double[] values() {
    return values.clone();
  }

  /// Returns the bytes of the file.
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

  /// Reads the array in a file of at most 1 GiB.
  ///
  /// @throws DataException if the file cannot be read or does not hold an array of numbers
  public static Npy read(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a folder; want a .npy file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > MOST_BYTES) {
        throw new DataException(
            "%s: %s bytes; want at most %s", file, Files.size(file), MOST_BYTES);
      }
      return read(file.toString(), in.readNBytes(MOST_BYTES));
    } catch (IOException e) {
      throw DataException.of(file, e);
    }
  }

  /// Reads the array in the bytes of a file.
  ///
  /// @param source the name used in messages
  /// @throws DataException if these bytes are not an array of numbers
  public static Npy read(String source, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    NpyHeader header = NpyHeader.read(source, buffer);
    return new Npy(header.shape(), header.values(source, buffer, 0));
  }

  /// Reads an array as [#read(String, byte[])]; integers beyond 2⁵³ as their exact differences from
  /// the first one.
  ///
  /// @param origin receives the first one
  static Npy read(String source, byte[] bytes, Consumer<BigDecimal> origin) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    NpyHeader header = NpyHeader.read(source, buffer);
    long first = header.origin(buffer);
    if (first != 0) {
      origin.accept(header.value(first));
    }
    return new Npy(header.shape(), header.values(source, buffer, first));
  }

  @Override
  public String toString() {
    return "npy of shape " + shape;
  }
}
