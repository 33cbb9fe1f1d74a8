package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Learning does not depend on the units: for data in units of another power of 2, every weight has
/// the same bits.
class NumbersOfAnySizeAreLearned {
  private static final double[][] ROWS = {{0, 1, 5}, {1, 0.5, 3}, {2, 0.25, 4}, {4, 0.125, 2}};

  private static Model plain;

  @TempDir Path folder;

  private CommandLineRun train(String csv) throws IOException {
    Path data = Files.writeString(folder.resolve("data.csv"), csv);
    return CommandLineRun.of(
        "train",
        "--quiet",
        "--iterations",
        "30",
        "--data",
        data.toString(),
        "--overwrite",
        "--out",
        folder.resolve("out").toString());
  }

  private Model learned(String csv) throws IOException {
    CommandLineRun run = train(csv);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    return Model.load(folder.resolve("out").resolve("model.flowline"));
  }

  /// The model in unit 1, trained once.
  private Model plain() throws IOException {
    if (plain == null) {
      plain = learned(csv(1, 1));
    }
    return plain;
  }

  private static String csv(double time, double value) {
    StringBuilder csv = new StringBuilder("t,x,y\n");
    for (double[] row : ROWS) {
      csv.append(row[0] * time).append(',').append(row[1] * value).append(',');
      csv.append(row[2] * value).append('\n');
    }
    return csv.toString();
  }

  @ParameterizedTest
  @CsvSource({"0, 500", "0, -500", "1020, 0", "-1015, 0", "900, -400"})
  void toTheSameBits(int time, int value) throws IOException {
    Model plain = plain();
    Model scaled = learned(csv(Math.scalb(1.0, time), Math.scalb(1.0, value)));
    assertArrayEquals(plain.theta(), scaled.theta());
    double unit = Math.scalb(1.0, value);
    double[] from = {0.7, 3.5};
    double[] at = plain.predict(from, 0, 3).get(1);
    double[] there =
        scaled
            .predict(Arrays.stream(from).map(x -> x * unit).toArray(), 0, Math.scalb(3.0, time))
            .get(1);
    assertArrayEquals(Arrays.stream(at).map(x -> x * unit).toArray(), there);
  }

  /// Squares underflow, and the standard deviation is computed by another formula.
  @Test
  void whereSquaresUnderflow() throws IOException {
    double unit = Math.scalb(1.0, -1000);
    double[] end = learned(csv(1, unit)).predict(new double[] {unit, 5 * unit}, 0, 4).get(1);
    double[] want = plain().predict(new double[] {1, 5}, 0, 4).get(1);
    assertArrayEquals(want, Arrays.stream(end).map(x -> x / unit).toArray(), 1e-6);
  }

  /// A constant of any size has the deviation 1 and its exact mean.
  @ParameterizedTest
  @CsvSource({"0.1", "0", "-1e-300", "1e300", "4.9e-324", "1234567.891"})
  void constantColumns(String constant) throws IOException {
    double c = Double.parseDouble(constant);
    StringBuilder csv = new StringBuilder("t,c,x\n");
    for (int i = 0; i < 7; i++) {
      csv.append(i).append(',').append(constant).append(',').append(i % 3).append('\n');
    }
    Model model = learned(csv.toString());
    assertEquals(1, model.scaling().deviation()[0]);
    assertEquals(c, model.scaling().mean()[0]);
    List<double[]> predicted = model.predict(new double[] {c, 0}, 0, 6);
    assertEquals(c, predicted.get(0)[0]);
    assertTrue(Double.isFinite(predicted.get(1)[0]) && Double.isFinite(predicted.get(1)[1]));
    learned("t,x\n0," + constant + "\n1," + constant + "\n5," + constant + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          't,x~0,1e300~1,2e300~'   | column "x" has numbers whose squares overflow; choose a larger unit
          't,x~0,1e308~1,1e308~'   | column "x" has numbers whose squares overflow; choose a larger unit
          't,x~-1e308,1~1e308,2~'  | column "t" has numbers whose squares overflow; choose a larger unit
          't,x~0,1~4.9e-324,2~'    | column "t" has times too close together; choose a smaller unit
          """)
  void orRefusedInOneLine(String csv, String message) throws IOException {
    CommandLineRun run = train(csv.replace('~', '\n'));
    assertEquals(1, run.exitCode(), run.err());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }
}
