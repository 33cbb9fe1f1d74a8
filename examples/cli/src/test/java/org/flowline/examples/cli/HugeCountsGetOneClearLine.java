package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that exceed memory are refused before they are started, or end in one line. Counts that
/// cost no memory have no limit.
class HugeCountsGetOneClearLine {
  private static final String HUGE = Integer.toString(Integer.MAX_VALUE);

  @TempDir Path folder;
  private String model;

  @BeforeEach
  void model() {
    Path out = folder.resolve("run");
    model = out.resolve("model.flowline").toString();
    String[] words = {
      "train", "--quiet", "--no-report", "--iterations", "1", "--out", out.toString()
    };
    assertEquals(0, CommandLineRun.of(words).exitCode());
  }

  private static void refused(String message, String... words) {
    CommandLineRun run = CommandLineRun.of(words);
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void ofPoints() {
    refused(
        "--points: 2000000000; want 1000000 or fewer for each state",
        "predict",
        model,
        "--from",
        "30,4",
        "--points",
        "2000000000");
    refused(
        "--points: 500001; want 500000 or fewer for each state",
        "predict",
        model,
        "--from",
        "30,4",
        "--from",
        "31,4",
        "--points",
        "500001");
  }

  @Test
  void ofWeights() {
    refused(
        "--width 10000, --depth 16: 1500000000 weights between hidden layers; want 4000000 or fewer",
        "train",
        "--width",
        "10000",
        "--depth",
        "16");
  }

  /// Early stopping ends the training.
  @Test
  void butNotOfIterations() {
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "--quiet",
            "--json",
            "--iterations",
            HUGE,
            "--checkpoint-every",
            HUGE,
            "--horizon",
            "1",
            "--validation",
            "0.3",
            "--validate-every",
            "1",
            "--patience",
            "3",
            "--schedule",
            "cosine",
            "--out",
            folder.resolve("huge").toString());
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.json().get("iterations").asLong() < 100_000, run.out());
  }

  @Test
  void orOfMemoryThatIsNotThere() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx32m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Flowline.class.getName(), "predict", model, "--from", "30,4"));
    command.addAll(List.of("--points", "1000000"));
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    assertEquals(1, process.waitFor());
    assertEquals("", out);
    String err = Files.readString(errors);
    assertTrue(
        err.contains("flowline: out of memory at 3")
            && err.contains("; reduce the problem, or set "),
        err);
    assertEquals(1, err.lines().filter(line -> !line.startsWith("WARNING: ")).count(), err);
  }
}
