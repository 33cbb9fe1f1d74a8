package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Trains on files of several trajectories, with chosen columns, gaps, dates and inputs, and on
/// folders of files; validates on held-out data.
///
/// The data are `x' = −x/2` from several starts, `y = 2x`, so that predictions have a closed form.
class TrainingsTakeWhatFilesHold {
  private static final double[] STARTS = {1, 2, 3, 4, 5};

  @TempDir Path folder;

  private static String decay(double start, double t) {
    return String.format(Locale.ROOT, "%.12f", start * Math.exp(-t / 2));
  }

  /// A gap in every third row of `y`, but for the first.
  private static String rows(double start, String prefix) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      double t = 0.5 * i;
      rows.append(prefix).append(t).append(';').append(decay(start, t)).append(';');
      rows.append(i % 3 == 1 ? "" : decay(2 * start, t)).append(";unused\n");
    }
    return rows.toString();
  }

  private JsonNode train(String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--quiet", "--no-report", "--json"));
    words.addAll(List.of("--overwrite", "--out", folder.resolve("out").toString()));
    words.addAll(List.of(more));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertEquals(0, run.exitCode(), run.err());
    return run.json();
  }

  private Path grouped() throws IOException {
    StringBuilder text = new StringBuilder("run;hour;x;y;note\n");
    for (double start : STARTS) {
      text.append(rows(start, "r" + start + ";"));
    }
    return Files.writeString(folder.resolve("runs.csv"), text);
  }

  @Test
  void groupsColumnsAndGaps() throws IOException {
    String[] columns = {"--group", "run", "--time", "hour", "--columns", "x,y", "--delimiter", ";"};
    List<String> words = new ArrayList<>(List.of(columns));
    words.addAll(List.of("--data", grouped().toString(), "--iterations", "600"));
    words.addAll(List.of("--validation", "0.2", "--validate-by", "trajectory"));
    JsonNode report = train(words.toArray(String[]::new));
    assertTrue(report.get("rmse").asDouble() < 0.1, report.toString());
    assertTrue(report.get("validation").asDouble() < 0.02, report.toString());
    Model model = Model.load(folder.resolve("out/model.flowline"));
    assertEquals(List.of("x", "y"), model.names());
    assertEquals("hour", model.timeName());
    // A start that is in no trajectory.
    double[] end = model.predict(new double[] {2.5, 5}, 0, 3).get(1);
    assertArrayEquals(new double[] {2.5 * Math.exp(-1.5), 5 * Math.exp(-1.5)}, end, 0.15);
  }

  @Test
  void batchesOfTrajectoriesKeepTheBestOverAll() throws IOException {
    JsonNode report =
        train(
            "--data",
            grouped().toString(),
            "--group",
            "run",
            "--columns",
            "x,y",
            "--batch",
            "2",
            "--iterations",
            "900",
            "--schedule",
            "cosine");
    assertTrue(report.get("rmse").asDouble() < 0.1, report.toString());
    assertTrue(report.path("validation").isMissingNode(), "all of the data was learned from");
  }

  @Test
  void foldersOfFilesAreTheSameTrajectories() throws IOException {
    Path many = Files.createDirectories(folder.resolve("many"));
    for (double start : STARTS) {
      Files.writeString(many.resolve("r" + start + ".csv"), "hour;x;y;note\n" + rows(start, ""));
    }
    JsonNode files = train("--data", many.toString(), "--columns", "x,y", "--iterations", "30");
    JsonNode groups =
        train(
            "--data",
            grouped().toString(),
            "--group",
            "run",
            "--time",
            "hour",
            "--columns",
            "x,y",
            "--iterations",
            "30");
    assertEquals(groups.get("loss").asDouble(), files.get("loss").asDouble());
  }

  /// `x' = u − x` under a step of `u`, by the day.
  @Test
  void datesAndInputs() throws IOException {
    StringBuilder text = new StringBuilder("day,x,u\n");
    double x = 0;
    for (int day = 0; day < 40; day++) {
      double u = day / 10 % 2;
      text.append(LocalDate.of(2024, 2, 20).plusDays(day)).append(',').append(x).append(',');
      text.append(u).append('\n');
      double next = (day + 1) / 10 % 2;
      // Inputs are straight lines from row to row: x' = a + bt − x/2, solved exactly.
      double b = next - u;
      double steady = 2 * u - 4 * b;
      x = steady + 2 * b + (x - steady) * Math.exp(-0.5);
    }
    Path file = Files.writeString(folder.resolve("driven.csv"), text);
    String[] words = {
      "--data", file.toString(), "--input", "u", "--iterations", "800", "--horizon", "0.3"
    };
    JsonNode report = train(words);
    assertTrue(report.get("rmse").asDouble() < 0.1, report.toString());
    assertEquals(List.of("u"), Model.load(folder.resolve("out/model.flowline")).inputs());
  }

  @Test
  void patienceEndsATrainingThatBecomesNoBetter() throws IOException {
    JsonNode report =
        train(
            "--data",
            grouped().toString(),
            "--group",
            "run",
            "--columns",
            "x,y",
            "--validation",
            "0.3",
            "--validate-every",
            "5",
            "--patience",
            "60",
            "--iterations",
            "20000");
    int made = report.get("iterations").asInt();
    assertTrue(made < 20_000, report.toString());
    List<String> metrics = Files.readAllLines(folder.resolve("out/metrics.csv"));
    assertEquals("iteration,loss,validation,nfe,rejected,rate,seconds", metrics.getFirst());
    double best = Double.POSITIVE_INFINITY;
    int since = 0;
    for (String line : metrics.subList(1, metrics.size())) {
      double validation = Double.parseDouble(line.split(",")[2]);
      since = validation < best ? Integer.parseInt(line.split(",")[0]) : since;
      best = Math.min(best, validation);
    }
    assertEquals(best, report.get("validation").asDouble(), "the best model is kept");
    assertTrue(Files.notExists(folder.resolve("out/checkpoint.flowline")), "at its end");
  }
}
