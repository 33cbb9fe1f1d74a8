package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CsvFilesAreReadOrRefused {

  private static TimeSeries read(String text) {
    return TimeSeries.read("pelts.csv", new StringReader(text));
  }

  private static void reads(String text) {
    TimeSeries series = read(text);
    assertEquals("year", series.timeName(), text);
    assertEquals(List.of("hare", "lynx"), series.names(), text);
    assertSeries(series, text);
  }

  private static void assertSeries(TimeSeries series, String text) {
    assertArrayEquals(new double[] {1900, 1901.5, 1902}, series.times(), text);
    assertArrayEquals(new double[] {30, -47.2, 7e-3}, series.component(0), text);
    assertArrayEquals(new double[] {4, 6.1, 0}, series.component(1), text);
  }

  @Example
  void howeverTheyAreWritten() {
    String plain = "year,hare,lynx\n1900,30,4\n1901.5,-47.2,6.1\n1902,7e-3,+0.0\n";
    reads(plain);
    reads(plain.strip());
    reads(plain.replace("\n", "\r\n"));
    reads(plain.replace("\n", "\r"));
    reads("\uFEFF" + plain);
    reads(plain.replace(",", " ,\t "));
    reads(plain.replace("\n", "\n\n") + "\n\n");
    reads("\n , ,\n" + plain + ",,\n  \n");
    reads(plain.replaceAll("[^,\n]+", "\"$0\""));
    reads("\uFEFF" + plain.replaceAll("[^,\n]+", "\"$0\""));
    reads(plain.replaceAll("[^,\n]+", " \"$0\" "));
    reads(plain.replace("7e-3", ".7E-2"));
    for (String separator : List.of(";", "\t", "|", " ; ", " | ")) {
      reads(plain.replace(",", separator));
    }
  }

  @Example
  void withoutAHeaderUnderNamesOfTheirOwn() {
    String text = "1900,30,4\n1901.5,-47.2,6.1\n1902,7e-3,0\n";
    TimeSeries series = read(text);
    assertEquals("t", series.timeName());
    assertEquals(List.of("y1", "y2"), series.names());
    assertSeries(series, text);
  }

  @Example
  void withAnyNames() {
    TimeSeries series = read("*,\"a, \"\"b\"\"\nc\",1901\n0,1,2\n1,2,3\n");
    assertEquals("*", series.timeName());
    assertEquals(List.of("a, \"b\"\nc", "1901"), series.names());
    assertArrayEquals(new double[] {0, 1}, series.times());
  }

  @Example
  void theMessageSaysWhereWhatAndWhatToDo() {
    says("pelts.csv: is empty; want a header line and two or more rows", "");
    says("pelts.csv: is empty; want a header line and two or more rows", "\n \n,,\n");
    says("pelts.csv: no rows; want two or more, a trajectory", "year,hare\n");
    says("pelts.csv: one row only; want two or more, a trajectory", "year,hare\n1900,30\n");
    says("pelts.csv: one row only; want two or more, a trajectory", "1900,30\n");
    String tooFew = "one column; want time and at least one component, separated by commas";
    says("pelts.csv:1: " + tooFew, "year\n1900\n1901\n");
    says(
        "pelts.csv:1: column 3 is \"hare\" again; give every column a name of its own",
        "year,hare,hare\n1900,30,4\n");
    says(
        "pelts.csv:1: column 2 has no name; give every column a name of its own",
        "year,,hare\n1900,30,4\n");
    says(
        "pelts.csv:1: column 1, the time, has no name; is it a row number? Give --time \"year\", or the"
            + " column a name",
        ",year,hare\n0,1900,30\n1,1901,4\n");
    says("pelts.csv:2: " + tooFew, "\n1900\n1901\n");
    says(
        "pelts.csv:4: column \"lynx\" is not a number: \"n/a\"; write numbers like 1.5, or remove the row",
        "year,hare,lynx\n1900,30,4\n\n1901,47.2,n/a\n");
    for (String text : List.of("1.5d", "0x1p3", "nan", "1,5", "1e", "--1", "1 000")) {
      says(
          "pelts.csv:3: column \"hare\" is not a number: \""
              + text
              + "\"; write numbers like 1.5, or remove the row",
          "year,hare\n1900,30\n1901,\"" + text + "\"\n");
    }
    says(
        "pelts.csv:1: column \"y2\" is not a number: \"n/a\"; write numbers like 1.5, or remove the row",
        "1900,30,n/a\n1901,47.2,6.1\n1902,70.2,9.8\n");
    says(
        "pelts.csv:3: column \"year\" is not a number: \"MCMI\"; write numbers like 1.5, or remove the row",
        "year,hare\n1900,30\nMCMI,47.2\n");
    says(
        "pelts.csv:2: column \"hare\" is empty; fill it in or remove the row",
        "year,hare,lynx\n1900,,4\n1901,47.2,6.1\n");
    says(
        "pelts.csv:2: column \"year\" is empty; fill it in or remove the row",
        "year,hare\n,4\n1901,47.2\n");
    for (String text : List.of("NaN", "Infinity", "-Infinity", "1e999")) {
      says(
          "pelts.csv:3: column \"hare\" is " + text + "; want a finite number, or remove the row",
          "year,hare\r\n1900,30\r\n1901," + text + "\r\n");
    }
    says(
        "pelts.csv:3: 2 columns; want 3 as in the first line",
        "year,hare,lynx\n1900,30,4\n1901,47.2\n");
    says(
        "pelts.csv:3: 4 columns; want 3 as in the first line",
        "year,hare,lynx\n1900,30,4\n1901,47,2,6\n");
    String sort =
        "; want increasing times: sort the rows and remove duplicates, or, if these are"
            + " several trajectories, name their column with --group";
    says(
        "pelts.csv:4: time 1901.0 after 1902.0" + sort,
        "year,hare\n1900,30\n1902,47.2\n1901,70.2\n");
    says("pelts.csv:3: time 1900.0 after 1900.0" + sort, "year,hare\n1900,30\n1900.0,47.2\n");
  }

  /// A forgotten quote makes one field of all that follows; the message stays one short line.
  @Example
  void evenIfAFieldIsTheWholeFile() {
    String text = "year,hare\n1900,30\n1901,\"47.2\n" + "1902,1\n".repeat(1000);
    assertEquals(
        "pelts.csv:3: column \"hare\" is not a number: \"47.2 1902,1 1902,1 1902,1 1902,1 1902,1 …\"; "
            + "write numbers like 1.5, or remove the row",
        assertThrows(DataException.class, () -> read(text)).getMessage());
  }

  private static void says(String message, String text) {
    assertEquals(
        message, assertThrows(DataException.class, () -> read(text), text).getMessage(), text);
  }

  @Example
  void soDoFiles() throws IOException {
    Path folder = Files.createTempDirectory("csv");
    Path file = folder.resolve("my pelts.csv");
    says(file + ": no such file; check the path", file);
    says(folder + ": is a folder; want a CSV file", folder);
    Files.write(file, "year,hare\n1900,30\n1901,4\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
    says(file.getFileName() + ": is not UTF-8 text; save it as UTF-8 CSV", file);
    Files.writeString(file, "");
    says("my pelts.csv: is empty; want a header line and two or more rows", file);
    Files.writeString(file, "year,hare\n1900,30\n1901,ä\n");
    says(
        "my pelts.csv:3: column \"hare\" is not a number: \"ä\"; write numbers like 1.5, or remove the row",
        file);
    Files.writeString(file, "\uFEFFyear,hare\n1900,30\n1901,31\n");
    assertEquals("year", TimeSeries.read(file).timeName());
    Files.delete(file);
    Files.delete(folder);
  }

  private static void says(String message, Path file) {
    assertEquals(
        message, assertThrows(DataException.class, () -> TimeSeries.read(file)).getMessage());
  }

  @Example
  void soDoReadersThatFail() {
    for (int after : new int[] {0, 3, 100}) {
      Reader broken =
          new Reader() {
            private int left = after;

            @Override
            public int read(char[] buffer, int offset, int length) throws IOException {
              if (left == 0) {
                throw new IOException("disk on fire");
              }
              int count = Math.min(length, left);
              Arrays.fill(buffer, offset, offset + count, '1');
              left -= count;
              return count;
            }

            @Override
            public void close() {}
          };
      assertEquals(
          "x.csv: cannot be read: disk on fire",
          assertThrows(DataException.class, () -> TimeSeries.read("x.csv", broken)).getMessage());
    }
  }

  @Property(tries = 1000)
  void nothingButADataExceptionEscapes(@ForAll @From("scraps") List<String> scraps) {
    String text = String.join("", scraps);
    try {
      TimeSeries series = read(text);
      assertTrue(series.size() >= 2 && series.dimension() >= 1);
    } catch (DataException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().startsWith("pelts.csv:"), e.getMessage());
      assertTrue(e.getMessage().length() < 250, e.getMessage());
    }
  }

  @Provide
  Arbitrary<List<String>> scraps() {
    Arbitrary<String> known =
        Arbitraries.of(
            ",",
            ",",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\"",
            "\"\"",
            " ",
            "\t",
            "1",
            "2",
            "3.5",
            "-4e5",
            "NaN",
            "Infinity",
            "-",
            "+",
            ".",
            "e",
            "1e309",
            "year",
            "\uFEFF",
            "#",
            ";",
            "\u0000",
            "\u2028",
            "\u0085",
            "0x1p3",
            "1d");
    return Arbitraries.oneOf(known, known, known, Arbitraries.strings().ofMaxLength(3))
        .list()
        .ofMaxSize(40);
  }

  @Property(tries = 100)
  void everyFiniteNumberSurvives(
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @Size(max = 30) List<Double> numbers) {
    int rows = numbers.size() / columns;
    if (rows < 2) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      text.append(i)
          .append(',')
          .append(
              numbers.subList(i * columns, (i + 1) * columns).stream()
                  .map(String::valueOf)
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    TimeSeries series = read(text.toString());
    assertEquals(rows, series.size());
    assertFalse(series.names().isEmpty());
    for (int i = 0; i < rows * columns; i++) {
      assertEquals(numbers.get(i), series.rows().get(i / columns)[i % columns]);
    }
  }
}
