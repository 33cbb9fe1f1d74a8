package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class NumPyFilesAreReadOrRefused {

  /// `np.save(f, np.array([[1.5, -2, 3.25], [0, 1e300, -0.1]]))` of NumPy 2.4.6.
  static final String SAVED =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp"
          + "LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoA"
          + "AAAAAAD4PwAAAAAAAADAAAAAAAAACkAAAAAAAAAAAJx1AIg85Dd+mpmZmZmZub8=";

  private static final double[] VALUES = {1.5, -2, 3.25, 0, 1e300, -0.1};

  @Example
  void asNumPyWritesThem() {
    byte[] saved = Base64.getDecoder().decode(SAVED);
    Npy array = Npy.read("a.npy", saved);
    assertEquals(List.of(2, 3), array.shape());
    assertArrayEquals(VALUES, array.values());
    assertArrayEquals(saved, Npy.of(VALUES, 2, 3).bytes(), "the bytes of np.save");
  }

  /// Writes a file field by field, from the description of the format.
  private static byte[] file(int version, String header, ByteBuffer numbers) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(12 + text.length + numbers.capacity());
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      buffer.putShort((short) text.length);
    } else {
      buffer.putInt(text.length);
    }
    buffer.put(text).put(numbers.array());
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static String header(String type, String fortran, String shape) {
    return "{'descr': '"
        + type
        + "', 'fortran_order': "
        + fortran
        + ", 'shape': "
        + shape
        + ", }\n";
  }

  private static double[] read(String type, ByteBuffer numbers, int count) {
    return Npy.read("a.npy", file(2, header(type, "False", "(" + count + ",)"), numbers)).values();
  }

  private static ByteBuffer buffer(int bytes, ByteOrder order) {
    return ByteBuffer.allocate(bytes).order(order);
  }

  @Example
  void ofAnyTypeOfNumberInEitherByteOrder() {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      String sign = order == ByteOrder.LITTLE_ENDIAN ? "<" : ">";
      assertArrayEquals(
          new double[] {0.1, -7},
          read(sign + "f8", buffer(16, order).putDouble(0.1).putDouble(-7), 2));
      assertArrayEquals(
          new double[] {0.1f, -7},
          read(sign + "f4", buffer(8, order).putFloat(0.1f).putFloat(-7), 2));
      // 0x3C00 is one and 0xC500 is −5 in IEEE 754's binary16.
      assertArrayEquals(
          new double[] {1, -5},
          read(sign + "f2", buffer(4, order).putShort((short) 0x3C00).putShort((short) 0xC500), 2));
      assertArrayEquals(
          new double[] {1L << 53, -3},
          read(sign + "i8", buffer(16, order).putLong(1L << 53).putLong(-3), 2));
      assertArrayEquals(
          new double[] {7, -3}, read(sign + "i4", buffer(8, order).putInt(7).putInt(-3), 2));
      assertArrayEquals(
          new double[] {7, 4294967293.0},
          read(sign + "u4", buffer(8, order).putInt(7).putInt(-3), 2));
      assertArrayEquals(
          new double[] {65533}, read(sign + "u2", buffer(2, order).putShort((short) -3), 1));
      assertArrayEquals(
          new double[] {-3}, read(sign + "i2", buffer(2, order).putShort((short) -3), 1));
      assertArrayEquals(new double[] {3}, read(sign + "u8", buffer(8, order).putLong(3), 1));
    }
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {0, 1, -3});
    assertArrayEquals(new double[] {0, 1, -3}, read("|i1", bytes, 3));
    assertArrayEquals(new double[] {0, 1, 253}, read("|u1", bytes, 3));
    assertArrayEquals(new double[] {0, 1}, read("|b1", ByteBuffer.wrap(new byte[] {0, 1}), 2));
  }

  @Example
  void ofAnyVersionShapeAndOrder() {
    ByteBuffer numbers = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5});
    for (int version : new int[] {1, 2, 3}) {
      Npy array = Npy.read("a.npy", file(version, header("|u1", "True", "(2, 3)"), numbers));
      assertArrayEquals(new double[] {0, 2, 4, 1, 3, 5}, array.values(), "columns first");
    }
    Npy cube =
        Npy.read(
            "a.npy", file(1, "{'shape': (1, 2,3), 'descr':'|u1','fortran_order' : True}", numbers));
    assertEquals(List.of(1, 2, 3), cube.shape());
    assertArrayEquals(new double[] {0, 2, 4, 1, 3, 5}, cube.values());
    ByteBuffer one = ByteBuffer.wrap(new byte[] {9});
    Npy scalar = Npy.read("a.npy", file(1, header("|u1", "False", "()"), one));
    assertEquals(List.of(), scalar.shape());
    assertArrayEquals(new double[] {9}, scalar.values());
    Npy none = Npy.read("a.npy", file(1, header("<f8", "False", "(0, 3)"), ByteBuffer.allocate(0)));
    assertEquals(List.of(0, 3), none.shape());
    assertEquals(0, none.values().length);
  }

  @Property
  void everyDoubleSurvives(
      @ForAll double[] values, @ForAll @IntRange(min = 1, max = 4) int columns) {
    int rows = values.length / columns;
    double[] whole = Arrays.copyOf(values, rows * columns);
    Npy back = Npy.read("a.npy", Npy.of(whole, rows, columns).bytes());
    assertEquals(List.of(rows, columns), back.shape());
    assertArrayEquals(whole, back.values());
  }

  @Example
  void theMessageSaysWhatAndWhatToDo() {
    ByteBuffer none = ByteBuffer.allocate(0);
    byte[] saved = Base64.getDecoder().decode(SAVED);
    says("is not a .npy file; write it with np.save", new byte[0]);
    says("is not a .npy file; write it with np.save", "1,2,3".getBytes(StandardCharsets.UTF_8));
    says("ends within its header; copy or write the file again", Arrays.copyOf(saved, 7));
    says("ends within its header; copy or write the file again", Arrays.copyOf(saved, 100));
    says(
        "47 bytes of numbers; shape [2, 3] wants 48; copy or write the file again",
        Arrays.copyOf(saved, saved.length - 1));
    says(
        "49 bytes of numbers; shape [2, 3] wants 48; copy or write the file again",
        Arrays.copyOf(saved, saved.length + 1));
    says(".npy version 4.0; want 1.0, 2.0 or 3.0", file(4, header("<f8", "False", "(0,)"), none));
    String numberType = "\"; want f2, f4, f8, i1 … i8, u1 … u8 or b1: a.astype('<f8')";
    for (String type : List.of("|O", "<c16", "<U3", "=f8", "<i1", "|f8", "<f16", "")) {
      says("numbers of type \"" + type + numberType, file(1, header(type, "False", "(0,)"), none));
    }
    String wanted = "; want at most 32 dimensions and 2²⁷ numbers, like (3, 4)";
    for (String shape :
        List.of(
            "(3)",
            "(,)",
            "(3 4)",
            "(2147483648, 2147483648)",
            "(0, 9999999999)",
            "(134217729,)",
            "(99999999999999999999,)",
            "(" + "1, ".repeat(33) + ")")) {
      says(
          "shape " + DataException.quoted(shape) + wanted,
          file(1, header("<f8", "False", shape), none));
    }
    String entries = "; want 'descr' of one type of number, 'fortran_order' and 'shape'";
    for (String text :
        List.of(
            "",
            "{}",
            "{",
            "[('x', '<f8')]",
            "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (3,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), 'shape': (0,)}",
            "{'descr': '<f8', 'fortran_order': False}")) {
      says("header " + DataException.quoted(text) + entries, file(1, text, none));
    }
    says(
        "fortran_order \"(1,)\"; want True or False", file(1, header("<f8", "(1,)", "(0,)"), none));
    says("a header of 10001 bytes; want at most 10000", file(2, " ".repeat(10001), none));
    says(
        "the integer 9007199254740993 is beyond 2⁵³, where not each is a double; choose a smaller unit",
        file(
            1,
            header("<i8", "False", "(1,)"),
            buffer(8, ByteOrder.LITTLE_ENDIAN).putLong((1L << 53) + 1)));
    says(
        "the integer 18446744073709551615 is beyond 2⁵³, where not each is a double; choose a smaller"
            + " unit",
        file(1, header("<u8", "False", "(1,)"), buffer(8, ByteOrder.LITTLE_ENDIAN).putLong(-1)));
  }

  private static void says(String message, byte[] bytes) {
    assertEquals(
        "a.npy: " + message,
        assertThrows(DataException.class, () -> Npy.read("a.npy", bytes)).getMessage());
  }

  /// Flips bits in the header and cuts files short.
  @Example
  void nothingButADataExceptionEscapes() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] saved = Base64.getDecoder().decode(SAVED);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = saved.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        bytes[random.nextInt(70)] ^= (byte) (1 << random.nextInt(8));
      }
      bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
      try {
        assertEquals(48, Npy.read("a.npy", bytes).values().length * 8L, "no more than is there");
      } catch (DataException e) {
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().length() < 250, e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 15_000, refused + " refused");
  }

  /// A shape of thousands of dimensions needs no stack for each of them.
  @Example
  void deepShapesAreRefused() {
    String shape = "(" + "1,".repeat(4000) + ")";
    byte[] bytes = file(2, header("<f8", "False", shape), ByteBuffer.allocate(8));
    String message = assertThrows(DataException.class, () -> Npy.read("a.npy", bytes)).getMessage();
    assertTrue(
        message.endsWith("want at most 32 dimensions and 2²⁷ numbers, like (3, 4)"), message);
  }

  @Example
  void aShapeThatDoesNotFitItsValuesIsRefused() {
    assertEquals(
        "npy: 6 values for the shape [2, 4]; want one for each element",
        assertThrows(IllegalArgumentException.class, () -> Npy.of(VALUES, 2, 4)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Npy.of(VALUES, -2, -3));
    assertThrows(IllegalArgumentException.class, () -> Npy.of(new double[0], 65536, 65536));
  }
}
