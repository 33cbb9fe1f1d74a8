package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flowline.neuralode.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of Unix nanoseconds is the same training as the file that counts from 0, bit for bit; its
/// times return as they were written. The first prediction is the given state.
class ExactTimesReachPredictions {
  private static final long ORIGIN = 1_700_000_000_000_000_001L;

  @TempDir Path folder;

  private Path rows(long origin) throws IOException {
    StringBuilder text = new StringBuilder("t,a,u\n");
    for (int i = 0; i < 20; i++) {
      text.append(origin + 300L * i).append(',').append(Math.cos(0.3 * i)).append(",0.1\n");
    }
    return Files.writeString(folder.resolve(origin + ".csv"), text);
  }

  private CommandLineRun run(String... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(0, run.exitCode(), run.err());
    return run;
  }

  private double loss(long origin, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("train", "--quiet", "--json", "--iterations", "5"));
    words.addAll(List.of("--data", rows(origin).toString(), "--input", "u"));
    words.addAll(List.of("--out", folder.resolve("out" + origin).toString()));
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new)).json().get("loss").asDouble();
  }

  @Test
  void toTheLastBit() throws IOException {
    assertEquals(loss(0), loss(ORIGIN));
    Path model = folder.resolve("out" + ORIGIN + "/model.flowline");
    assertEquals("NUMBER from " + ORIGIN, Model.load(model).variables().clock().toString());
    List<String> rows = Files.readAllLines(folder.resolve("out" + ORIGIN + "/predictions.csv"));
    assertTrue(rows.get(2).startsWith(ORIGIN + 300 + ","), rows.get(2));
    assertTrue(run("info", model.toString()).out().contains("from " + ORIGIN + " to "));
    String at = ORIGIN + "," + (ORIGIN + 1) + "," + (ORIGIN + 2);
    String plan = rows(ORIGIN).toString();
    List<String> came =
        run("predict", model.toString(), "--from", "0.3", "--at", at, "--input-data", plan)
            .out()
            .lines()
            .toList();
    assertEquals(ORIGIN + ",0.3,", came.get(1));
    Path zero = folder.resolve("out0/model.flowline");
    List<String> wanted =
        run(
                "predict",
                zero.toString(),
                "--from",
                "0.3",
                "--at",
                "0,1,2",
                "--input-data",
                rows(0).toString())
            .out()
            .lines()
            .toList();
    for (int i = 1; i < 4; i++) {
      assertEquals(wanted.get(i).split(",", 2)[1], came.get(i).split(",", 2)[1]);
      assertTrue(came.get(i).startsWith(ORIGIN + i - 1 + ","), came.get(i));
    }
  }

  @Test
  void unlessTheyAreTheSameInTheModel() throws IOException {
    loss(0);
    String model = folder.resolve("out0/model.flowline").toString();
    String plan = rows(0).toString();
    double unit = Model.load(Path.of(model)).scaling().unit();
    double time = 1000;
    while (time / unit != Math.nextUp(time) / unit) {
      time++;
    }
    String at = time + "," + Math.nextUp(time);
    CommandLineRun run =
        CommandLineRun.of("predict", model, "--from", "1", "--input-data", plan, "--at", at);
    assertEquals(1, run.exitCode(), run.err());
    assertTrue(run.err().contains("too close together to tell apart"), run.err());
  }

  @Test
  void codesForMissingValuesAreSuspectedAloud() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "t,a\n0,1\n1,2\n2,-9999\n3,3\n");
    String[] words = {"train", "--quiet", "--no-report", "--iterations", "1e0", "--data"};
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(file.toString(), "--validation", "30%", "--out", folder.resolve("o").toString()));
    String said = run(all.toArray(String[]::new)).err();
    assertTrue(said.contains("column \"a\" has 1 times -9999"), said);
    assertTrue(said.contains("--missing=-9999"), said);
    all.addAll(List.of("--overwrite", "--missing=-9999"));
    assertEquals("", run(all.toArray(String[]::new)).err());
  }
}
