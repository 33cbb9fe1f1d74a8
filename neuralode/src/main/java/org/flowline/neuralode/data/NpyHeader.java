package org.flowline.neuralode.data;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The header of a NumPy file: type, order and shape of its numbers.
///
/// @param kind `f` floating point, `i` signed, `u` unsigned, `b` boolean
/// @param width the bytes of a number
/// @param order the order of those bytes
/// @param fortran whether the first index runs fastest
/// @param shape the size of each dimension
record NpyHeader(char kind, int width, ByteOrder order, boolean fortran, List<Integer> shape) {
  private static final int LONGEST = 10_000;
  private static final int MOST_DIMENSIONS = 32;
  private static final int MOST_NUMBERS = 1 << 27;
  private static final long EXACT = 1L << 53;
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*'(descr|fortran_order|shape)'\\s*:\\s*('[^']*'|True|False|\\([0-9, L]*\\))\\s*(,|$)");
  private static final Pattern NUMBER_TYPE = Pattern.compile("([<>|])(f[248]|[iu][1248]|b1)");

  /// Sizes in parentheses; the possessive quantifier needs no stack for each of them.
  private static final Pattern SHAPE =
      Pattern.compile(
          "\\(\\s*|\\(\\s*\\d{1,10}L?\\s*,\\s*|\\(\\s*\\d{1,10}L?(\\s*,\\s*\\d{1,10}L?)++\\s*,?\\s*");
  private static final Pattern SIZE = Pattern.compile("\\d+");

  /// Reads a header and leaves the buffer at the first number, in their byte order. The remaining
  /// bytes match the shape.
  static NpyHeader read(String source, ByteBuffer buffer) {
    byte[] magic = new byte[Math.min(Npy.MAGIC.length, buffer.remaining())];
    buffer.get(magic);
    if (!Arrays.equals(magic, Npy.MAGIC)) {
      throw new DataException(source + ": is not a .npy file; write it with np.save");
    }
    require(source, buffer, 2);
    int version = buffer.get();
    int minor = buffer.get();
    if (version < 1 || version > 3 || minor != 0) {
      throw new DataException(
          "%s: .npy version %s.%s; want 1.0, 2.0 or 3.0", source, version, minor);
    }
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    require(source, buffer, version == 1 ? Short.BYTES : Integer.BYTES);
    long length =
        version == 1
            ? Short.toUnsignedInt(buffer.getShort())
            : Integer.toUnsignedLong(buffer.getInt());
    if (length > LONGEST) {
      throw new DataException("%s: a header of %s bytes; want at most %s", source, length, LONGEST);
    }
    require(source, buffer, (int) length);
    byte[] text = new byte[(int) length];
    buffer.get(text);
    NpyHeader header = parse(source, new String(text, StandardCharsets.UTF_8));
    long wanted = header.count() * header.width;
    if (buffer.remaining() != wanted) {
      throw new DataException(
          "%s: %s bytes of numbers; shape %s wants %s; copy or write the file again",
          source, buffer.remaining(), header.shape, wanted);
    }
    buffer.order(header.order);
    return header;
  }

  private static void require(String source, ByteBuffer buffer, int bytes) {
    if (buffer.remaining() < bytes) {
      throw new DataException(source + ": ends within its header; copy or write the file again");
    }
  }

  private static NpyHeader parse(String source, String text) {
    String dictionary = text.strip();
    Map<String, String> entries = new HashMap<>();
    boolean isWhole = dictionary.startsWith("{") && dictionary.endsWith("}");
    String inside = isWhole ? dictionary.substring(1, dictionary.length() - 1).strip() : "";
    Matcher entry = ENTRY.matcher(inside);
    while (entry.lookingAt()) {
      isWhole &= entries.put(entry.group(1), entry.group(2)) == null;
      entry.region(entry.end(), inside.length());
    }
    if (!isWhole || entry.regionStart() < inside.length() || entries.size() != 3) {
      throw new DataException(
          "%s: header %s; want 'descr' of one type of number, 'fortran_order' and 'shape'",
          source, DataException.quoted(dictionary));
    }
    String type = entries.get("descr").replace("'", "");
    if (!NUMBER_TYPE.matcher(type).matches() || type.startsWith("|") != type.endsWith("1")) {
      throw new DataException(
          "%s: numbers of type %s; want f2, f4, f8, i1 … i8, u1 … u8 or b1: a.astype('<f8')",
          source, DataException.quoted(type));
    }
    String order = entries.get("fortran_order");
    if (!order.equals("True") && !order.equals("False")) {
      throw new DataException(
          "%s: fortran_order %s; want True or False", source, DataException.quoted(order));
    }
    return new NpyHeader(
        type.charAt(1),
        type.charAt(2) - '0',
        type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        order.equals("True"),
        shape(source, entries.get("shape")));
  }

  private static List<Integer> shape(String source, String text) {
    List<Long> sizes =
        SHAPE.matcher(text.substring(0, text.length() - 1)).matches()
            ? SIZE.matcher(text).results().map(r -> Long.valueOf(r.group())).toList()
            : List.of(-1L);
    double product = 1;
    for (long size : sizes) {
      product *= Math.max(1, size);
      if (size < 0 || product > MOST_NUMBERS || sizes.size() > MOST_DIMENSIONS) {
        throw new DataException(
            "%s: shape %s; want at most %s dimensions and 2²⁷ numbers, like (3, 4)",
            source, DataException.quoted(text), MOST_DIMENSIONS);
      }
    }
    return sizes.stream().map(Math::toIntExact).toList();
  }

  long count() {
    return shape.stream().mapToLong(Integer::intValue).reduce(1, (a, b) -> a * b);
  }

  /// Returns the first number if it is an integer beyond 2⁵³, from which the others can be counted
  /// exactly, else 0.
  long origin(ByteBuffer buffer) {
    if (kind == 'f' || width < Long.BYTES || count() == 0) {
      return 0;
    }
    long first = buffer.getLong(buffer.position());
    return first > EXACT || first < (kind == 'i' ? -EXACT : 0) ? first : 0;
  }

  /// Returns the value of a number of [#origin].
  BigDecimal value(long origin) {
    return new BigDecimal(kind == 'i' ? Long.toString(origin) : Long.toUnsignedString(origin));
  }

  /// Reads the numbers after the header minus an integer, the last index running fastest.
  double[] values(String source, ByteBuffer buffer, long origin) {
    double[] values = new double[(int) count()];
    int[] index = new int[shape.size()];
    for (int i = 0; i < values.length; i++) {
      int to = i;
      if (fortran) {
        to = 0;
        for (int d = 0; d < index.length; d++) {
          to = to * shape.get(d) + index[d];
        }
        for (int d = 0; d < index.length && ++index[d] == shape.get(d); d++) {
          index[d] = 0;
        }
      }
      values[to] = next(source, buffer, origin);
    }
    return values;
  }

  private double next(String source, ByteBuffer buffer, long origin) {
    if (kind == 'f') {
      return switch (width) {
        case 2 -> Float.float16ToFloat(buffer.getShort());
        case 4 -> buffer.getFloat();
        default -> buffer.getDouble();
      };
    }
    boolean signed = kind == 'i';
    long number =
        switch (width) {
          case 1 -> signed ? buffer.get() : Byte.toUnsignedLong(buffer.get());
          case 2 -> signed ? buffer.getShort() : Short.toUnsignedLong(buffer.getShort());
          case 4 -> signed ? buffer.getInt() : Integer.toUnsignedLong(buffer.getInt());
          default -> buffer.getLong();
        };
    boolean isLater =
        (signed ? Long.compare(number, origin) : Long.compareUnsigned(number, origin)) >= 0;
    long difference = number - origin;
    if (Math.abs(difference) > EXACT
        || difference == Long.MIN_VALUE
        || isLater != difference >= 0) {
      throw new DataException(
          "%s: the integer %s is beyond 2⁵³, where not each is a double; choose a smaller unit",
          source, signed ? Long.toString(number) : Long.toUnsignedString(number));
    }
    return difference;
  }
}
