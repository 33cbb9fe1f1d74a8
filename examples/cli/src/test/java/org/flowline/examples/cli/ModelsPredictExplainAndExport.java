package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.Npy;
import org.flowline.neuralode.data.Npz;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `predict`, `info` and `export` of a model that `train` wrote.
class ModelsPredictExplainAndExport {
  @TempDir static Path folder;
  private static Path file;
  private static Model model;

  @BeforeAll
  static void train() {
    CommandLineRun run =
        CommandLineRun.of("train", "--iterations", "40", "--out", folder.resolve("run").toString());
    assertEquals(0, run.exitCode(), run.err());
    file = folder.resolve("run/model.flowline");
    model = Model.load(file);
  }

  private static CommandLineRun run(String command, String... more) {
    String[] words = new String[more.length + 2];
    words[0] = command;
    words[1] = file.toString();
    System.arraycopy(more, 0, words, 2, more.length);
    return CommandLineRun.of(words);
  }

  private static List<String> lines(String command, String... more) {
    CommandLineRun run = run(command, more);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    return run.out().lines().toList();
  }

  @Test
  void predictionsAreTheLibrarys() {
    List<String> lines = lines("predict", "--from", "30,4", "--at", "1900,1903.5,1920,1921");
    assertEquals("year,hare,lynx,extrapolated", lines.getFirst());
    List<double[]> values = model.predict(new double[] {30, 4}, 1900, 1903.5, 1920, 1921);
    String[] last = lines.get(4).split(",", -1);
    assertEquals("1921.0", last[0]);
    assertArrayEquals(
        values.get(3), new double[] {Double.parseDouble(last[1]), Double.parseDouble(last[2])});
    assertTrue(lines.get(1).endsWith(",") && last[3].startsWith("year"), lines.toString());
  }

  @Test
  void timesAreDenseOrFromALaterStart() {
    List<String> dense = lines("predict", "--from", "30,4");
    assertEquals(102, dense.size());
    assertTrue(dense.get(1).startsWith("1900.0,") && dense.get(101).startsWith("1920.0,"));
    List<String> later =
        lines("predict", "--from", "30,4", "--start", "1950", "--to", "1951", "--points", "3");
    assertEquals(4, later.size());
    assertTrue(later.get(2).startsWith("1950.5,") && later.get(2).endsWith("year"), later.get(2));
    // The field does not depend on time.
    double[] half = model.predict(new double[] {30, 4}, 1900, 1900.5, 1901).get(1);
    assertEquals(half[0], Double.parseDouble(later.get(2).split(",")[1]), 1e-6);
    List<String> backwards = lines("predict", "--from", "30,4", "--at", "1899.5,1899");
    assertTrue(backwards.get(1).startsWith("1899.5,"), backwards.toString());
  }

  @Test
  void severalStatesAreSeveralTrajectories() throws IOException {
    List<String> lines =
        lines("predict", "--from", "30,4", "--from", "500,4", "--to", "1901", "--points", "2");
    assertEquals("trajectory,year,hare,lynx,extrapolated", lines.getFirst());
    assertTrue(lines.get(1).startsWith("1,1900.0,") && lines.get(1).endsWith(","), lines.get(1));
    assertTrue(
        lines.get(3).startsWith("2,1900.0,") && lines.get(3).endsWith(",hare"), lines.get(3));
    Path states = Files.writeString(folder.resolve("states"), "--from 30,4\n--from 500,4\n");
    assertEquals(lines, lines("predict", "@" + states, "--to", "1901", "--points", "2"));
    JsonNode report =
        run("predict", "--from", "500,4", "--from", "30,4", "--at", "1901", "--json").json();
    assertEquals("[\"hare\",\"lynx\"]", report.get("components").toString());
    assertEquals(2, report.get("trajectories").size());
    JsonNode second = report.get("trajectories").get(1);
    double[] values = model.predict(new double[] {30, 4}, 1900, 1901).get(1);
    assertEquals(values[1], second.get("values").get(0).get(1).asDouble());
    assertEquals("[[]]", second.get("extrapolated").toString());
  }

  @Test
  void predictionsGoToAFileWhole() throws IOException {
    Path out = folder.resolve("deeper/out.csv");
    assertEquals(List.of(), lines("predict", "--from", "30,4", "--out", out.toString()));
    assertEquals(lines("predict", "--from", "30,4"), Files.readAllLines(out));
    refused(1, "is a folder; give a file with --out", "--from", "30,4", "--out", folder.toString());
  }

  @Test
  void infoSaysEverything() {
    String text = String.join("\n", lines("info"));
    for (String part :
        List.of(
            "hidden layers [16], tanh",
            "parameters [82]: layer1.weight [2, 16], layer1.bias [16]",
            "TSIT5, rtol 1.0E-5, atol 1.0E-6",
            "year from 1900.0 to 1920.0",
            "hare from 7.6 to 77.4",
            "metric      rmse = ",
            "setting     iterations = 40",
            "setting     data = lynx-hare.csv")) {
      assertTrue(text.contains(part), part + " in " + text);
    }
    JsonNode json = run("info", "--json").json();
    assertEquals(82, json.get("parameter_count").asInt());
    assertEquals("[16]", json.get("architecture").get("hidden").toString());
    assertEquals(1920, json.get("provenance").get("to").asDouble());
    assertTrue(json.get("provenance").get("metrics").get("rmse").asDouble() > 0);
  }

  /// The exported numbers alone, by the formula in the help, give the field.
  @Test
  void exportsAreEnoughForOtherTools() throws IOException {
    Path out = folder.resolve("exported");
    lines("export", "--out", out.toString());
    SequencedMap<String, Npy> arrays = Npz.read(out.resolve("model.npz"));
    double[] y = {30, 4};
    double[] z = new double[2];
    for (int i = 0; i < 2; i++) {
      z[i] =
          (y[i] - arrays.get("scaling.mean").values()[i])
              / arrays.get("scaling.deviation").values()[i];
    }
    double[] inner = layer(arrays, "layer1", z);
    for (int i = 0; i < inner.length; i++) {
      inner[i] = Math.tanh(inner[i]);
    }
    double[] slope = new double[2];
    model.field().evaluate(0, z, slope);
    assertArrayEquals(slope, layer(arrays, "layer2", inner), 1e-14);
    JsonNode json =
        JsonMapper.builder().build().readTree(Files.readString(out.resolve("model.json")));
    JsonNode weight = json.get("parameters").get("layer2.weight");
    assertEquals("[16,2]", weight.get("shape").toString());
    assertEquals(arrays.get("layer2.weight").values()[31], weight.get("values").get(31).asDouble());
  }

  private static double[] layer(Map<String, Npy> arrays, String name, double[] x) {
    double[] out = arrays.get(name + ".bias").values();
    double[] weight = arrays.get(name + ".weight").values();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < out.length; j++) {
        out[j] += x[i] * weight[i * out.length + j];
      }
    }
    return out;
  }

  @Test
  void nd4jReadsTheParameters() throws IOException {
    Path npy = folder.resolve("weight.npy");
    Files.write(npy, Archive.read(file, Archive.USUAL_LIMIT).get("parameters/layer1.weight.npy"));
    INDArray weight = Nd4j.createFromNpyFile(npy.toFile());
    assertArrayEquals(new long[] {2, 16}, weight.shape());
    double[] theta = model.theta();
    for (int i = 0; i < 32; i++) {
      assertEquals(theta[i], weight.getDouble(i / 16, i % 16));
    }
  }

  @Test
  void mistakesGetOneClearLine() throws IOException {
    refused(2, "--from: 1 values; want 2, for hare, lynx", "--from", "30");
    refused(2, "--from: \"x\" is not a number; want numbers with commas", "--from", "30,x");
    refused(2, "--from: \"\" is not a number", "--from", "30,");
    refused(2, "--from: NaN; want a finite number", "--from", "30,NaN");
    refused(2, "Missing required option: '--from=A,B,...'");
    refused(
        2, "--at together with --to or --points", "--from", "30,4", "--at", "1901", "--to", "3");
    refused(2, "time 1901.0 after 1902.0; want times", "--from", "30,4", "--at", "1902,1901");
    refused(2, "want times that lead away from the start", "--from", "30,4", "--at", "1900");
    refused(2, "--to: time 1900.0 after 1900.0", "--from", "30,4", "--to", "1900");
    refused(2, "--points: 1; want 2 or more", "--from", "30,4", "--points", "1");
    refused(2, "--to: Infinity; want a finite", "--from", "30,4", "--to", "Infinity");
    for (String command : List.of("info", "export")) {
      CommandLineRun none = CommandLineRun.of(command, folder.resolve("none").toString());
      assertEquals(1, none.exitCode());
      assertTrue(none.err().contains("none: no such file"), none.err());
      assertEquals(2, CommandLineRun.of(command).exitCode());
      Path text = Files.writeString(folder.resolve("text"), "{}");
      CommandLineRun wrong = CommandLineRun.of(command, text.toString());
      assertEquals(1, wrong.exitCode());
      assertTrue(wrong.err().contains("is not a whole zip file"), wrong.err());
      assertEquals(1, wrong.errorLines().size(), wrong.err());
    }
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private static void refused(int exitCode, String message, String... more) {
    CommandLineRun run = run("predict", more);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void helpHasAnExample() {
    for (String command : List.of("predict", "info", "export")) {
      CommandLineRun help = CommandLineRun.of(command, "--help");
      assertEquals(0, help.exitCode());
      assertTrue(
          help.out().contains("Example:  flowline " + command + " out/train/model.flowline"));
    }
  }
}
