package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.flowline.neuralode.data.CsvMeasurements;
import org.flowline.neuralode.data.CsvOptions;
import org.flowline.neuralode.data.Npz;
import org.flowline.neuralode.data.TimeSeries;
import org.flowline.neuralode.model.Architecture;
import org.flowline.neuralode.model.Model;
import org.flowline.neuralode.nn.Activation;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `predict`, `info` and `export` of a model with everything: dates, an input, second order, a an
/// augmented component, time.
class PredictionsTakeDatesAndInputs {
  private static final String CSV =
      """
      day,level,rain
      2024-02-28,1.5,0
      2024-02-29,2.5,10
      2024-03-02,1.0,30
      """;

  @TempDir static Path folder;
  private static Path file;
  private static Model model;

  @BeforeAll
  static void save() {
    file = folder.resolve("model.flowline");
    model =
        Model.untrained(
            CsvMeasurements.read(
                "rain", new StringReader(CSV), CsvOptions.usual().withInputs(List.of("rain"))),
            new Architecture(List.of(4), Activation.TANH).withOrder(2).withAugment(1).withTime(),
            new SplittableRandom(1));
    model.save(file);
  }

  private static CommandLineRun run(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, file.toString()));
    words.addAll(Arrays.asList(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private static String inputs(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void fromAFileOfInputsWithDates() throws IOException {
    String driving = inputs("rain.csv", "day,rain,note\n2024-02-28,0,1\n2024-03-01,40,2\n");
    CommandLineRun run =
        run("predict", "--from", "2", "--input-data", driving, "--at", "2024-02-29,2024-03-05");
    assertEquals(0, run.exitCode(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals("day,level,extrapolated", lines.getFirst());
    List<double[]> expected =
        model.predict(
            new double[] {2},
            new TimeSeries(
                "day",
                List.of("rain"),
                new double[] {19781, 19783},
                List.of(new double[] {0}, new double[] {40})),
            19781,
            19782,
            19787);
    String[] first = lines.get(1).split(",", -1);
    assertEquals("2024-02-29", first[0]);
    assertEquals(expected.get(1)[0], Double.parseDouble(first[1]));
    String[] last = lines.get(2).split(",", -1);
    assertEquals("2024-03-05", last[0]);
    assertEquals(expected.get(2)[0], Double.parseDouble(last[1]));
    assertTrue(
        last[2].startsWith("day") && last[2].endsWith("rain"), "after the end of the inputs");
    // The default times are the ones of the inputs; the last rain exceeds the 30 of the training.
    List<String> dense =
        run("predict", "--from", "2", "--input-data", driving, "--points", "3")
            .out()
            .lines()
            .toList();
    assertTrue(dense.get(1).startsWith("2024-02-28,2.0,"), dense.toString());
    assertTrue(dense.get(3).startsWith("2024-03-01,") && dense.get(3).endsWith("rain"));
    assertEquals(
        "[\"2024-02-29\"]",
        run("predict", "--from", "2", "--input-data", driving, "--at", "2024-02-29", "--json")
            .json()
            .get("trajectories")
            .get(0)
            .get("times")
            .toString());
  }

  @Test
  void mistakesGetOneClearLine() throws IOException {
    String driving = inputs("good.csv", "day,rain\n2024-02-28,0\n2024-03-01,40\n");
    refused(2, "the model has the inputs rain; give their values with --input-data");
    refused(
        2,
        "--at: \"1900\" is not in the format of the training data's times; want dates, like",
        "--input-data",
        driving,
        "--at",
        "1900");
    refused(
        2,
        "--to: time 2024-02-28 after 2024-02-28; want",
        "--input-data",
        driving,
        "--to",
        "2024-02-28");
    refused(1, "other.csv", "--input-data", inputs("other.csv", "day,snow\n2024-02-28,0\n"));
    refused(
        1,
        "one row only; want two or more",
        "--input-data",
        inputs("one", "day,rain\n2024-02-28,0\n"));
    refused(
        1,
        "a value of each input",
        "--input-data",
        inputs("gap", "day,rain\n2024-02-28,0\n2024-02-29,\n"));
    refused(
        1,
        "its times have another format than the training data; want DATE",
        "--input-data",
        inputs("numbers", "day,rain\n1,0\n2,3\n"));
    refused(1, "none.csv", "--input-data", folder.resolve("none.csv").toString());
  }

  private static void refused(int exitCode, String message, String... more) {
    List<String> words = new ArrayList<>(List.of("--from", "2"));
    words.addAll(Arrays.asList(more));
    CommandLineRun run = run("predict", words.toArray(String[]::new));
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void infoAndExportHaveItAll() throws IOException {
    String text = run("info").out();
    for (String part :
        List.of(
            "field       d2y/dt2 = mlp(y, dy/dt, u, t), dy/dt at the start = y W + b,"
                + " 1 augmented components from 0, hidden layers [4], tanh",
            "layer1.weight [6, 4]",
            "velocity.weight [1, 2], velocity.bias [2]",
            "day from 2024-02-28 to 2024-03-02",
            "inputs\n  rain from 0.0 to 30.0, mean 13.3333")) {
      assertTrue(text.contains(part), part + " in " + text);
    }
    assertEquals("[\"rain\"]", run("info", "--json").json().get("inputs").toString());
    Path out = folder.resolve("exported");
    assertEquals(0, run("export", "--out", out.toString()).exitCode());
    assertArrayEquals(
        new double[] {40.0 / 3},
        Npz.read(out.resolve("model.npz")).get("inputs.mean").values(),
        1e-14);
    assertTrue(Files.readString(out.resolve("model.json")).contains("\"inputs\":[\"rain\"]"));
  }
}
