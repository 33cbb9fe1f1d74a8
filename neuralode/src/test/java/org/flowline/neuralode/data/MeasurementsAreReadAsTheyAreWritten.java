package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MeasurementsAreReadAsTheyAreWritten {
  private static final CsvOptions USUAL = CsvOptions.usual();
  private static final double NAN = Double.NaN;

  private static Measurements read(CsvOptions options, String text) {
    return CsvMeasurements.read("x.csv", new StringReader(text), options);
  }

  private static TimeSeries only(CsvOptions options, String text) {
    List<TimeSeries> all = read(options, text).states();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private static void says(String message, CsvOptions options, String text) {
    assertEquals(
        message, assertThrows(DataException.class, () -> read(options, text), text).getMessage());
  }

  @Example
  void missingCellsAreNaN() {
    TimeSeries series = only(USUAL, "t;a;b\n0;1;2\n1;;3\n5;NA;\n7;NaN;-4\n");
    assertArrayEquals(new double[] {0, 1, 5, 7}, series.times());
    assertArrayEquals(new double[] {1, NAN, NAN, NAN}, series.component(0));
    assertArrayEquals(new double[] {2, 3, NAN, -4}, series.component(1));
    says(
        "x.csv:2: column \"b\" is missing in the first row of a trajectory, which starts there;"
            + " fill it in or remove the row, or start at its first value with --fill-start",
        USUAL,
        "t,a,b\n0,1,\n1,2,3\n");
    says(
        "x.csv:3: column \"a\" is not a number: \"n/a\"; write numbers like 1.5, or leave the cell"
            + " empty for a missing value, or give its words with --missing",
        USUAL,
        "t,a\n0,1\n1,n/a\n");
    says("x.csv:3: column \"t\" is empty; fill it in or remove the row", USUAL, "t,a\n0,1\n,2\n");
  }

  @Example
  void missingCellsAreWrittenAsOtherToolsDo() {
    for (String text :
        List.of(
            "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "-", " - ", "NAN", ".", "?", "None",
            "<NA>", "#NA", "-nan")) {
      TimeSeries series = only(USUAL, "t,a\n0,1\n1," + text + "\n2,-3\n");
      assertArrayEquals(new double[] {1, NAN, -3}, series.component(0), text);
    }
    for (String text : List.of("na", "n/a", "--", "missing", "+")) {
      says(
          "x.csv:3: column \"a\" is not a number: \""
              + text
              + "\"; write numbers like 1.5, or leave the cell empty for a missing value, or give its words with --missing",
          USUAL,
          "t,a\n0,1\n1," + text + "\n");
    }
  }

  /// The file that `DataFrame.to_csv` writes without `index=False`.
  @Example
  void numbersOfRowsAreNoTimes() {
    String text = ",t,a\n0,5,1\n1,7,2\n";
    says(
        "x.csv:1: column 1, the time, has no name; is it a row number? Give --time \"t\", or the column"
            + " a name",
        USUAL,
        text);
    TimeSeries series = only(USUAL.withTime("t"), text);
    assertArrayEquals(new double[] {5, 7}, series.times());
    assertEquals(List.of("a"), series.names());
    TimeSeries first = only(USUAL.withTime(""), text);
    assertArrayEquals(new double[] {0, 1}, first.times());
    assertEquals(List.of("t", "a"), first.names());
  }

  @Example
  void commasAreDecimalWhereTheyDoNotSeparate() {
    for (String text :
        List.of(
            "Zeit;A\n0,00;1,234\n0,50;-2,5e3\n1;,5\n",
            "Zeit\tA\n0,00\t1,234\n0,50\t-2,5e3\n1\t,5\n",
            "0,00;1,234\n0,50;-2,5e3\n1;,5\n",
            "0,00\t1,234\n0,50\t-2,5e3\n1\t,5\n",
            "0,00|1,234\n0,50|-2,5e3\n1|,5\n")) {
      TimeSeries series = only(USUAL, text);
      assertArrayEquals(new double[] {0, 0.5, 1}, series.times(), text);
      assertArrayEquals(new double[] {1.234, -2500, 0.5}, series.component(0), text);
    }
    says(
        "x.csv:3: \"1,5\" after \"0.5\"; is the comma a decimal one? Write all numbers with a point",
        USUAL,
        "t;a\n0.5;1\n1;1,5\n");
    says(
        "x.csv:3: \"1.5\" after \"0,5\"; is the comma a decimal one? Write all numbers with a point",
        USUAL,
        "t;a\n0,5;1\n1;1.5\n");
    says(
        "x.csv: \"1,234\" may be 1.234 or 1234; write one of them",
        USUAL,
        "t;a\n0;1,234\n1;12,500\n");
    says(
        "x.csv:2: column \"a\" is not a number: \"1,234,567\"; write numbers like 1.5, or leave the"
            + " cell empty for a missing value, or give its words with --missing",
        USUAL,
        "t;a\n0;1,234,567\n1;2\n");
  }

  @Example
  void groupsAreTrajectoriesEvenIfTheirRowsAlternate() {
    Measurements both =
        read(
            USUAL.withGroup("who").withInputs(List.of("u")),
            "who,t,u,a\nB,0,7,1\nA,0,8,2\nB,1,9,3\nA,0.5,10,4\nB,2,11,\n");
    assertEquals(List.of("B", "A"), both.experiments().stream().map(Experiment::name).toList());
    Experiment first = both.experiments().getFirst();
    assertEquals(List.of("a"), first.states().names());
    assertArrayEquals(new double[] {1, 3, NAN}, first.states().component(0));
    assertEquals(List.of("u"), first.inputs().names());
    assertArrayEquals(new double[] {7, 9, 11}, first.inputs().component(0));
    assertArrayEquals(new double[] {0, 0.5}, both.experiments().get(1).states().times());
    says(
        "x.csv: of \"A\" one row only; want two or more, a trajectory",
        USUAL.withGroup("who"),
        "who,t,a\nB,0,1\nB,1,1\nA,0,1\n");
    says(
        "x.csv:4: column \"u\" is missing, an input; fill it in or remove the row",
        USUAL.withInputs(List.of("u")),
        "t,u,a\n0,1,2\n1,2,3\n2,,3\n");
  }

  @Example
  void columnsAreChosenByName() {
    String text = "a,b,c,time\n1,x,3,0\n4,y,6,1\n";
    CsvOptions options = USUAL.withTime("time").withColumns(List.of("c", "a"));
    TimeSeries series = only(options, text);
    assertEquals(List.of("c", "a"), series.names());
    assertArrayEquals(new double[] {3, 6}, series.component(0));
    says("x.csv:1: no column \"tine\"; did you mean \"time\"?", USUAL.withTime("tine"), text);
    says(
        "x.csv:1: no column \"pressure\"; want one of \"a, b, c, time\"",
        USUAL.withInputs(List.of("pressure")),
        text);
    says(
        "x.csv:1: column \"time\" has two roles; want it as time, group, component or input",
        options.withColumns(List.of("time")),
        text);
    says(
        "x.csv:1: no column is left for the state; want time and at least one component",
        USUAL.withInputs(List.of("y")),
        "t,y\n0,1\n1,2\n");
    TimeSeries nameless =
        only(
            USUAL.withHeader(CsvOptions.Header.ABSENT).withColumns(List.of("y2")),
            "0,1,2\n1,3,4\n");
    assertArrayEquals(new double[] {2, 4}, nameless.component(0));
    TimeSeries numbered = only(USUAL.withHeader(CsvOptions.Header.PRESENT), "0,1\n0,1\n1,3\n");
    assertEquals(List.of("1"), numbered.names());
    assertEquals(List.of("a"), only(USUAL.withSeparator(' '), "t a\n0 1\n1 2\n").names());
  }

  /// Days and seconds counted by hand. 2000 to 2020 has 7305 days, 2000-01-01 is day 10957.
  @Example
  void datesAreDaysAndTimesOfDaySecondsWhereverThisRuns() {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (String language : List.of("en-US", "tr-TR", "ar-EG", "hi-IN-u-nu-deva")) {
        for (String place : List.of("UTC", "Asia/Kolkata", "America/New_York")) {
          Locale.setDefault(Locale.forLanguageTag(language));
          TimeZone.setDefault(TimeZone.getTimeZone(place));
          dates();
        }
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  private void dates() {
    assertTimes(Clock.DATE, 10957, 18262, "2000-01-01", "2020-01-01");
    assertTimes(Clock.DATE, 18321, 18322, "2020-02-29", "2020-03-01");
    assertTimes(
        Clock.DATE_TIME, 946684800, 946684801.5, "2000-01-01T00:00", "2000-01-01 00:00:01.5");
    // A day on which New York's clocks skip an hour has 24 hours here.
    assertTimes(Clock.DATE_TIME, 1710032400, 1710043200, "2024-03-10 01:00", "2024-03-10 04:00");
    assertTimes(Clock.INSTANT, 0, 1, "1970-01-01T05:30+05:30", "1970-01-01T00:00:01Z");
    assertTimes(
        Clock.INSTANT,
        1710054000,
        1710057600,
        "2024-03-10T01:00-06:00[America/Chicago]",
        "2024-03-10T08:00:00Z");
    assertEquals("2020-02-29", Clock.DATE.write(18321));
    assertEquals("2020-02-29T12:00", Clock.DATE.write(18321.5));
    assertEquals("2000-01-01T00:00:01.500", Clock.DATE_TIME.write(946684801.5));
    assertEquals("1969-12-31T23:59:59.750Z", Clock.INSTANT.write(-0.25));
    assertEquals("1.5", Clock.NUMBER.write(1.5));
    for (Clock clock : List.of(Clock.NUMBER, Clock.DATE, Clock.DATE_TIME, Clock.INSTANT)) {
      for (double time : new double[] {1e300, -1e300, NAN, Double.NEGATIVE_INFINITY, 2.6e11}) {
        assertEquals(Double.toString(time), clock.write(time));
      }
    }
  }

  private static void assertTimes(
      Clock clock, double first, double second, String one, String two) {
    Measurements read = read(USUAL, "when,I\n" + one + ",1\n" + two + ",2\n");
    assertEquals(clock, read.clock());
    assertArrayEquals(new double[] {first, second}, read.states().getFirst().times());
    for (String text : List.of(one, two)) {
      double time = clock.read(text).orElseThrow();
      assertEquals(time, clock.read(clock.write(time)).orElseThrow(), text);
    }
  }

  @Example
  void datesOfTwoKindsOrOfNoneAreRefused() {
    says(
        "x.csv:3: column \"t\" is no time like the first: \"2020-01-02T00:00\"; write all of them like"
            + " 1970-01-01",
        USUAL,
        "t,a\n2020-01-01,1\n2020-01-02T00:00,2\n");
    says(
        "x.csv:2: column \"t\" is no time: \"01/02/2020\"; is the day or the month first? Write"
            + " 2020-02-01 or 2020-01-02",
        USUAL,
        "t,a\n01/02/2020,1\n");
    says(
        "x.csv:3: time 2020-01-01 after 2020-01-01; want increasing times: sort the rows and remove"
            + " duplicates, or, if these are several trajectories, name their column with --group",
        USUAL,
        "t,a\n2020-01-01,1\n2020-01-01,2\n");
    says(
        "x.csv:2: column \"t\" is no time: \"2023-02-29\"; write times like 1.5, 2024-02-29 or"
            + " 2024-02-29T12:30Z",
        USUAL,
        "t,a\n2023-02-29,1\n");
  }

  @Example
  void aFolderIsReadInTheOrderOfItsNames() throws IOException {
    Path folder = Files.createTempDirectory("folder");
    Path two = Files.writeString(folder.resolve("2.tsv"), "t\ta\n0\t3\n1\t4\n");
    Path one = Files.writeString(folder.resolve("1.csv"), "\uFEFFt,a\r\n0,1\r\n1,2\r\n");
    Path other = Files.writeString(folder.resolve("notes.md"), "no data");
    Measurements all = Measurements.read(folder, USUAL);
    assertEquals(
        List.of("1.csv", "2.tsv"), all.experiments().stream().map(Experiment::name).toList());
    assertArrayEquals(new double[] {3, 4}, all.states().get(1).component(0));
    Files.writeString(two, "t\tb\n0\t3\n1\t4\n");
    String inFolder = folder.getFileName() + "/";
    assertEquals(
        inFolder
            + "2.tsv: other columns, or times written otherwise, than in the first file of the folder;"
            + " want the same in each, and nothing else there",
        assertThrows(DataException.class, () -> Measurements.read(folder, USUAL)).getMessage());
    Files.writeString(two, "t\ta\n0\t3\n1\tx\n");
    assertEquals(
        inFolder
            + "2.tsv:3: column \"a\" is not a number: \"x\"; write numbers like 1.5, or leave the cell"
            + " empty for a missing value, or give its words with --missing",
        assertThrows(DataException.class, () -> Measurements.read(folder, USUAL)).getMessage());
    Files.delete(two);
    Path readme = Files.writeString(folder.resolve("README.TXT"), "Written in May\n");
    assertEquals(
        inFolder
            + "README.TXT:1: one column; want time and at least one component, separated by commas; or"
            + " move it away, if it is no trajectory",
        assertThrows(DataException.class, () -> Measurements.read(folder, USUAL)).getMessage());
    Files.delete(readme);
    Files.delete(one);
    assertEquals(
        folder + ": no file in this folder ends with .csv, .tsv, .txt, .npy, .npz",
        assertThrows(DataException.class, () -> Measurements.read(folder, USUAL)).getMessage());
    Files.delete(other);
    Files.delete(folder);
  }

  @Property(tries = 2000)
  void nothingButADataExceptionEscapes(
      @ForAll @From("scraps") List<String> scraps, @ForAll @From("options") CsvOptions options) {
    String text = String.join("", scraps);
    try {
      for (Experiment experiment : read(options, text).experiments()) {
        assertTrue(experiment.size() >= 2 && experiment.states().dimension() >= 1);
      }
    } catch (DataException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().startsWith("x.csv:"), e.getMessage());
      assertTrue(e.getMessage().length() < 300, e.getMessage());
    }
  }

  @Provide
  Arbitrary<CsvOptions> options() {
    return Arbitraries.of(
        USUAL,
        USUAL.withGroup("t"),
        USUAL.withGroup("a").withTime("t"),
        USUAL.withInputs(List.of("a")),
        USUAL.withColumns(List.of("a", "b")),
        USUAL.withHeader(CsvOptions.Header.ABSENT),
        USUAL.withHeader(CsvOptions.Header.ABSENT).withGroup("t"),
        USUAL.withHeader(CsvOptions.Header.PRESENT));
  }

  @Provide
  Arbitrary<List<String>> scraps() {
    Arbitrary<String> known =
        Arbitraries.of(
            ",",
            ",",
            ",",
            ";",
            "\t",
            "|",
            "\n",
            "\n",
            "\r\n",
            "\"",
            " ",
            "1",
            "2",
            "3",
            "4e5",
            "-1e308",
            "1e308",
            "5e-324",
            "NaN",
            "NA",
            "Infinity",
            "t,a,b\n",
            "t,a,b\n0,1,2\n",
            "2020-01-01",
            "2020-01-02T10:00Z",
            "9999-12-31T23:59:59.999999999",
            "0000-01-01",
            "\uFEFF",
            "\u2028",
            "\u0000",
            "-",
            "0,5",
            "1,234",
            "null",
            "ı",
            "१");
    return Arbitraries.oneOf(known, known, known, Arbitraries.strings().ofMaxLength(3))
        .list()
        .ofMaxSize(40);
  }
}
