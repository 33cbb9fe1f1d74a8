package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Times that lose more than 10⁻¹² of their duration as doubles count from the first one, and are
/// written as in the file. All others keep their values.
class TimesAreSubtractedExactly {
  private static final CsvOptions USUAL = CsvOptions.usual();
  private static final int ROWS = 41;

  @TempDir Path folder;

  private static Measurements read(CsvOptions options, String text) {
    return CsvMeasurements.read("x.csv", new StringReader(text), options);
  }

  /// A row for each `i` at `first + i·step`, exact in decimals.
  private static String rows(String first, String step) {
    StringBuilder text = new StringBuilder("t,a\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(time(first, step, i)).append(',').append(i).append('\n');
    }
    return text.toString();
  }

  private static String time(String first, String step, int i) {
    return new BigDecimal(step)
        .multiply(BigDecimal.valueOf(i))
        .add(new BigDecimal(first))
        .toPlainString();
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000000000000, 300",
    "1700000000000000001, 1",
    "-1700000000000000001, 1",
    "1700000000.000001, 0.000001",
    "1700000000.1, 0.1",
    "60310.123456789012, 0.000000000001",
    "9223372036854775807, 1",
    "123456789012345678901234567890, 1",
  })
  void numbers(String first, String step) {
    Measurements read = read(USUAL, rows(first, step));
    double[] wanted =
        IntStream.range(0, ROWS)
            .mapToDouble(i -> new BigDecimal(step).multiply(BigDecimal.valueOf(i)).doubleValue())
            .toArray();
    assertArrayEquals(wanted, read.states().getFirst().times());
    for (int i = 0; i < ROWS; i++) {
      String text = time(first, step, i);
      assertEquals(
          0, new BigDecimal(text).compareTo(new BigDecimal(read.clock().write(wanted[i]))));
      assertEquals(wanted[i], read.clock().read(text).orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({"1900, 1", "2024.05, 0.01", "1700000000, 300", "0, 1e-13", "0.1, 0.1", "-1e15, 2"})
  void unlessDoublesHoldThem(String first, String step) {
    Measurements read = read(USUAL, rows(first, step));
    assertEquals(Clock.NUMBER, read.clock());
    double[] times = read.states().getFirst().times();
    assertEquals(Double.parseDouble(time(first, step, 7)), times[7]);
  }

  @Test
  void momentsToTheNanosecond() {
    Measurements read =
        read(
            USUAL,
            "t,a\n2024-02-29T12:30:15.000000300,1\n2024-02-29T12:30:15.000000600,2\n2024-02-29T12:30:15.000001,3\n");
    assertArrayEquals(new double[] {0, 3e-7, 7e-7}, read.states().getFirst().times());
    assertEquals("2024-02-29T12:30:15.000000600", read.clock().write(3e-7));
    Measurements zoned =
        read(USUAL, "t,a\n2024-02-29T12:30:15.0000003Z,1\n2024-02-29T13:30:15.0000006+01:00,2\n");
    assertArrayEquals(new double[] {0, 3e-7}, zoned.states().getFirst().times());
    assertEquals("2024-02-29T12:30:15.000000600Z", zoned.clock().write(3e-7));
    assertEquals(zoned.clock(), Clock.parse(zoned.clock().toString()));
  }

  @Test
  void ofGroupsAndFoldersFromOneOrigin() throws IOException {
    String base = "170000000000000";
    Measurements groups =
        read(
            USUAL.withGroup("g"),
            "g,t,a\nx,%1$s0300,1\ny,%1$s0000,1\nx,%1$s0600,2\ny,%1$s0001,2\n".formatted(base));
    assertArrayEquals(new double[] {0, 300}, groups.states().getFirst().times());
    assertArrayEquals(new double[] {-300, -299}, groups.states().getLast().times());
    Files.writeString(folder.resolve("1.csv"), "t,a\n%1$s0300,1\n%1$s0600,1\n".formatted(base));
    Files.writeString(folder.resolve("2.csv"), "t,a\n%1$s0000,1\n%1$s0001,1\n".formatted(base));
    Measurements files = Measurements.read(folder, USUAL);
    assertArrayEquals(new double[] {0, 300}, files.states().getFirst().times());
    assertArrayEquals(new double[] {-300, -299}, files.states().getLast().times());
    assertEquals(groups.clock(), files.clock());
  }

  @ParameterizedTest
  @CsvSource({"<i8, 1700000000000000001", ">i8, -1700000000000000001", "<u8, 18446744073709551000"})
  void integersOfNumPy(String type, String first) throws IOException {
    long origin = new BigDecimal(first).toBigInteger().longValue();
    String header = "{'descr': '%s', 'fortran_order': False, 'shape': (3,), }".formatted(type);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(Npy.MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    bytes.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(origin).putLong(origin + 1).putLong(origin + 300);
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    parts.put("t.npy", bytes.array());
    parts.put("a.npy", Npy.of(new double[] {1, 2, 3}).bytes());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Archive.write(out, parts);
    Path file = Files.write(folder.resolve("ns.npz"), out.toByteArray());
    Measurements read = Measurements.read(file, USUAL);
    assertArrayEquals(new double[] {0, 1, 300}, read.states().getFirst().times());
    assertEquals(first, read.clock().write(0));
    Measurements later =
        Measurements.read(file, USUAL.withOrigin(new BigDecimal(first).subtract(BigDecimal.TWO)));
    assertArrayEquals(new double[] {2, 3, 302}, later.states().getFirst().times());
    String unshifted =
        assertThrows(
                DataException.class,
                () -> Measurements.read(file, USUAL.withOrigin(BigDecimal.ZERO)))
            .getMessage();
    assertTrue(unshifted.contains("ns.npz: time series: time 1 is "), unshifted);
    assertTrue(
        assertThrows(DataException.class, () -> Measurements.read(file, USUAL.withTime("a")))
            .getMessage()
            .contains("is beyond 2⁵³"));
  }

  @Test
  void fromAGivenOrigin() {
    CsvOptions options = USUAL.withOrigin(new BigDecimal("1700000000000000000"));
    Measurements plan = read(options, "t,u\n0,1\n1700000000000000300,2\n");
    assertArrayEquals(new double[] {-1.7e18, 300}, plan.states().getFirst().times());
  }

  @Test
  void andEqualOnesAreRefused() {
    for (String text :
        List.of(
            "0,1\n1.9,2\n1.90000000000000001,3\n100,4\n",
            "-1e17,1\n1.7,2\n1.70000000000000001,3\n")) {
      String message =
          assertThrows(DataException.class, () -> read(USUAL, "t,a\n" + text)).getMessage();
      assertTrue(message.startsWith("x.csv:4: time \"1."), message);
      assertTrue(message.contains("too close together"), message);
    }
  }

  /// A double reads `1e-9999999999` as 0; its exponent is beyond those of exact decimals.
  @Test
  void exponentsBeyondAllRangesAreNoCrash() {
    for (String zero : List.of("1e-9999999999", "0.00000000000000e-9999999999")) {
      Measurements read = read(USUAL, "t,a\n%s,1\n1,2\n2,3\n".formatted(zero));
      assertEquals(0, read.states().getFirst().times()[0]);
      assertTrue(Clock.NUMBER.from(BigDecimal.ONE).exact(zero).isEmpty());
    }
  }
}
