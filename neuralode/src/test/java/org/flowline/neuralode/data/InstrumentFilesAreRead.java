package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each text holds the times 0, 0.5 and 2 with the components a: 1, −2.5, 4 and b: 10, missing, 30.
class InstrumentFilesAreRead {
  private static final CsvOptions USUAL = CsvOptions.usual();
  private static final String PLAIN = "t,a,b\n0,1,10\n0.5,-2.5,\n2,4,30\n";

  private static Measurements read(CsvOptions options, String text) {
    return CsvMeasurements.read("x.csv", new StringReader(text), options);
  }

  private static void assertPlain(Measurements read) {
    TimeSeries series = read.states().getFirst();
    assertEquals("t", series.timeName());
    assertEquals(List.of("a", "b"), series.names());
    assertArrayEquals(new double[] {0, 0.5, 2}, series.times());
    assertArrayEquals(new double[] {1, -2.5, 4}, series.component(0));
    assertArrayEquals(new double[] {10, Double.NaN, 30}, series.component(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAIN,
        "sep=;\nt;a;b\n0;1;10\n0.5;-2.5;\n2;4;30\n",
        "\"sep=;\"\nt;a;b\n0;1;10\n0.5;-2.5;\n2;4;30\n",
        "sep=\t\r\nt\ta\tb\r\n0\t1\t10\r\n0.5\t-2.5\t\r\n2\t4\t30\r\n",
        "# made by a logger, 5\" long; \"\n#\n" + PLAIN + "# end, of the file\n",
        "# t,a,b\n0,1,10\n0.5,-2.5,\n2,4,30\n",
        "#t a b\n0.0 1 10\n0.5 -2.5 nan\n2 4 30\n",
        "t,a,b\ns,mV,mV\n0,1,10\n0.5,-2.5,\n2,4,30\n",
        "t,a,b\n(s),,\nSmp,Avg,Avg\n0,1,10\n0.5,-2.5,\n2,4,30\n",
        "t,a,b,\n0,1,10,\n0.5,-2.5,,\n2,4,30,\n",
        "t,a,b,,,\n0,1,10,,,\n0.5,-2.5,,,,\n2,4,30\n",
        "t,a,b\n0,1,10,\n0.5,-2.5,,\n2,4,30,\n",
        "t a b\n0 1 10\n0.5 -2.5 NA\n2 4 30\n",
        "  t     a    b\n  0.0   1   10\n  0.5 -2.5   ?\n  2.0   4   30\n",
        "t  a  b\n0,0  1  10\n0,5  -2,5  NAN\n2  4  30\n",
      })
  void howeverTheyAreWritten(String text) {
    assertPlain(read(USUAL, text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
  void inUnicode(String charset, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.csv");
    Files.write(file, PLAIN.getBytes(Charset.forName(charset)));
    assertPlain(Measurements.read(file, USUAL));
    String marked = charset.equals("UTF-16") ? PLAIN : "\uFEFF" + PLAIN; // Java's has its own
    Files.write(file, marked.getBytes(Charset.forName(charset)));
    assertPlain(Measurements.read(file, USUAL));
    Files.write(file, new byte[] {'t', ',', 'a', '\n', (byte) 0xff});
    assertTrue(message(file).endsWith("is not UTF-8 text; save it as UTF-8 CSV"));
    Files.write(file, "PK\003\004…".getBytes(StandardCharsets.UTF_8));
    assertTrue(message(file).contains("save the table as CSV"));
  }

  private static String message(Path file) {
    return assertThrows(DataException.class, () -> Measurements.read(file, USUAL)).getMessage();
  }

  @Test
  void withWordsOfTheirOwnForMissingValues() {
    CsvOptions options = USUAL.withMissing(List.of("-9999", "off"));
    for (String word : List.of("-9999", "-9999.0", "-9.999e3", "off", "NA", "")) {
      assertPlain(read(options, PLAIN.replace("-2.5,\n", "-2.5," + word + "\n")));
    }
    assertTrue(
        assertThrows(DataException.class, () -> read(USUAL, PLAIN.replace("-2.5", "off")))
            .getMessage()
            .endsWith("give its words with --missing"));
  }

  @Test
  void withAnIncompleteFirstRow() {
    CsvOptions options = USUAL.withStart(CsvOptions.Start.FILLED);
    TimeSeries series = read(options, "t,a,b\n0,1,\n1,,2\n2,1.1,\n3,,2.1\n").states().getFirst();
    assertArrayEquals(new double[] {1, Double.NaN, 1.1, Double.NaN}, series.component(0));
    assertArrayEquals(new double[] {2, 2, Double.NaN, 2.1}, series.component(1));
    assertTrue(
        assertThrows(DataException.class, () -> read(options, "t,a,b\n0,1,\n1,2,\n"))
            .getMessage()
            .contains("column \"b\" has no value"));
  }

  @Test
  void withDatesInAColumnWithoutAName() {
    Measurements read = read(USUAL, ",a\n2024-02-28,1\n2024-03-01,2\n");
    assertEquals(Clock.DATE, read.clock());
    assertEquals("time", read.states().getFirst().timeName());
    assertEquals(List.of("a"), read.states().getFirst().names());
    assertEquals(
        "date", read(USUAL, ",time\n2024-02-28,1\n2024-03-01,2\n").states().getFirst().timeName());
  }

  @Test
  void butNoRowIsLost() {
    for (String text :
        List.of(
            "t,a\nx,y\n",
            "t,a\nx,y\nz,w\n0,1\n",
            "t,a\n0,1\nx,y\n2,3\n",
            "a,t\n1,0\n#N/A,1\n2,2\n",
            "t,a\n0,1\n1,2,3\n")) {
      assertThrows(DataException.class, () -> read(USUAL.withTime("t"), text), text);
    }
  }
}
