package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same numbers in arrays of NumPy and in a CSV file are the same measurements.
class ArraysAreMeasurementsToo {
  private static final double[] T = {0, 0.1, 0.7, 0, 2};
  private static final double[] Y = {1, 2, 3, Double.NaN, 5, 6, 7, 8, 1 / 3.0, 10};
  private static final double[] RAT = {1, 1, 1, 2, 2};
  private static final double[] DOSE = {0, 1, 1, 0, 2};

  @TempDir Path folder;

  private Path file(Map<String, Npy> arrays) throws IOException {
    Path file = folder.resolve("data.npz");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npz.write(out, arrays);
    }
    return file;
  }

  private static Map<String, Npy> arrays() {
    Map<String, Npy> arrays = new LinkedHashMap<>();
    arrays.put("t", Npy.of(T));
    arrays.put("y", Npy.of(Y, 5, 2));
    arrays.put("rat", Npy.of(RAT));
    arrays.put("dose", Npy.of(DOSE));
    return arrays;
  }

  @Test
  void withGroupsInputsAndGaps() throws IOException {
    CsvOptions options = CsvOptions.usual().withGroup("rat").withInputs(List.of("dose"));
    StringBuilder csv = new StringBuilder("t,y1,y2,rat,dose\n");
    for (int i = 0; i < T.length; i++) {
      String gap = Double.isNaN(Y[2 * i + 1]) ? "" : Double.toString(Y[2 * i + 1]);
      csv.append(T[i]).append(',').append(Y[2 * i]).append(',').append(gap).append(',');
      csv.append((int) RAT[i]).append(',').append(DOSE[i]).append('\n');
    }
    Path text = Files.writeString(folder.resolve("data.csv"), csv);
    Measurements wanted = CsvMeasurements.read(text, options);
    Measurements came = NpzMeasurements.read(file(arrays()), options);
    assertEquals(wanted.clock(), came.clock());
    assertEquals(2, came.experiments().size());
    for (int k = 0; k < 2; k++) {
      Experiment want = wanted.experiments().get(k);
      Experiment have = came.experiments().get(k);
      assertEquals(want.name(), have.name());
      assertSame(want.states(), have.states());
      assertSame(want.inputs(), have.inputs());
    }
  }

  private static void assertSame(TimeSeries wanted, TimeSeries came) {
    assertEquals(wanted.timeName(), came.timeName());
    assertEquals(wanted.names(), came.names());
    assertArrayEquals(wanted.times(), came.times());
    for (int i = 0; i < wanted.size(); i++) {
      assertArrayEquals(wanted.rows().get(i), came.rows().get(i));
    }
  }

  private Path array(double[] values, int... shape) throws IOException {
    return Files.write(folder.resolve("data.NPY"), Npy.of(values, shape).bytes());
  }

  @Test
  void asRowsOfATimeAndNumbers() throws IOException {
    Path file = array(new double[] {0, 1, 2, 0.5, 3, Double.NaN, 2, 5, 6}, 3, 3);
    Measurements came = Measurements.read(file, CsvOptions.usual());
    Path text = Files.writeString(folder.resolve("data.csv"), "t,y1,y2\n0,1,2\n0.5,3,\n2,5,6\n");
    assertSame(
        Measurements.read(text, CsvOptions.usual()).states().getFirst(), came.states().getFirst());
    Measurements driven = Measurements.read(file, CsvOptions.usual().withInputs(List.of("y1")));
    assertEquals(List.of("y2"), driven.states().getFirst().names());
    Files.delete(text);
    Files.copy(file, folder.resolve("more.npy"));
    assertEquals(2, Measurements.read(folder, CsvOptions.usual()).experiments().size());
  }

  @Test
  void butNotInAnyShape() throws IOException {
    String wanted = "; want n rows of a time and at least one component";
    arrayRefused("has the shape [4]" + wanted, new double[4], 4);
    arrayRefused("has the shape [4, 1]" + wanted, new double[4], 4, 1);
    arrayRefused("has the shape [2, 2, 1]" + wanted, new double[4], 2, 2, 1);
    arrayRefused("no rows; want two or more, a trajectory", new double[0], 0, 3);
    arrayRefused("one row only; want two or more, a trajectory", new double[] {0, 1}, 1, 2);
    arrayRefused(
        "has the shape [2, 3], and its first row increases as times do; want a row for each time:"
            + " save the array's .T",
        new double[] {0, 1, 2, -7, 8, 9},
        2,
        3);
  }

  /// Few rows of many components, the first row increasing: the times increase, too, so these are
  /// rows.
  @Test
  void ofFewRowsToo() throws IOException {
    Path file = folder.resolve("few.npy");
    Files.write(file, Npy.of(new double[] {0, 1, 2, 3, 1, 5, 4, 3}, 2, 4).bytes());
    TimeSeries read = Measurements.read(file, CsvOptions.usual()).states().getFirst();
    assertArrayEquals(new double[] {0, 1}, read.times());
    assertArrayEquals(new double[] {5, 4, 3}, read.rows().get(1));
  }

  private void arrayRefused(String message, double[] values, int... shape) throws IOException {
    Path file = array(values, shape);
    DataException e =
        assertThrows(DataException.class, () -> Measurements.read(file, CsvOptions.usual()));
    assertEquals(file + ": " + message, e.getMessage());
  }

  @Test
  void orRefused() throws IOException {
    refused("no column \"tt\"; did you mean \"t\"?", arrays(), CsvOptions.usual().withTime("tt"));
    refused(
        "time series: time 3 is 0.0 after 0.7; want finite, increasing times",
        arrays(),
        CsvOptions.usual());
    Map<String, Npy> cube = arrays();
    cube.put("cube", Npy.of(new double[5], 5, 1, 1));
    refused(
        "array \"cube\" has the shape [5, 1, 1]; want n numbers, or n rows of d",
        cube,
        CsvOptions.usual());
    Map<String, Npy> longer = arrays();
    longer.put("z", Npy.of(new double[6]));
    refused("array \"z\" has 6 rows, the first 5; want as many", longer, CsvOptions.usual());
    refused("no arrays; want times", Map.of(), CsvOptions.usual());
  }

  /// Files of a few bytes or columns without end, refused before memory is allocated.
  @Test
  @Timeout(20)
  void tablesWithoutRowsOrWithTooManyColumnsAreRefused() throws IOException {
    arrayRefused("no rows; want two or more, a trajectory", new double[0], 0, 1 << 27);
    arrayRefused("100001 columns; want at most 100000", new double[200_002], 2, 100_001);
    Map<String, Npy> wide = new LinkedHashMap<>(Map.of("t", Npy.of(new double[] {0, 1})));
    wide.put("y", Npy.of(new double[200_000], 2, 100_000));
    refused("100001 columns; want at most 100000", wide, CsvOptions.usual());
    Map<String, Npy> empty = new LinkedHashMap<>(Map.of("t", Npy.of(new double[0])));
    empty.put("y", Npy.of(new double[0], 0, 1 << 27));
    refused("no rows; want two or more", empty, CsvOptions.usual());
  }

  /// The time of a search for each name would be 10¹⁰ comparisons of texts.
  @Test
  @Timeout(60)
  void manyColumnsAreReadInLinearTime() throws IOException {
    int columns = 99_999;
    double[] values = new double[2 * (columns + 1)];
    Arrays.setAll(values, i -> i);
    Measurements read = Measurements.read(array(values, 2, columns + 1), CsvOptions.usual());
    assertEquals(columns, read.states().getFirst().dimension());
    List<String> inputs = IntStream.range(2, columns + 1).mapToObj(i -> "y" + i).toList();
    read = Measurements.read(array(values, 2, columns + 1), CsvOptions.usual().withInputs(inputs));
    assertEquals(1, read.states().getFirst().dimension());
  }

  private void refused(String message, Map<String, Npy> arrays, CsvOptions options)
      throws IOException {
    Path file = file(arrays);
    DataException e = assertThrows(DataException.class, () -> NpzMeasurements.read(file, options));
    assertEquals(true, e.getMessage().contains(message), e.getMessage());
  }
}
