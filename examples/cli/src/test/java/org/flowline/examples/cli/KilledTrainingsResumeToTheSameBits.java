package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training that is killed at random moments and resumed each time ends with the same model and
/// losses, to the last bit, as one without interruption: with batches of segments, a cosine
/// schedule and validation, whose states are all restored. `-Dflowline.kills=100` kills more often.
class KilledTrainingsResumeToTheSameBits {
  private static final int KILLS = Integer.getInteger("flowline.kills", 5);

  private static final String ITERATIONS = "600";

  @TempDir Path folder;

  private static Process started(Path errors, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("-Djava.awt.headless=true", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Flowline.class.getName());
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(errors.toFile())
        .start();
  }

  private static String[] train(Path out) {
    String words =
        "train --quiet --no-report --iterations %s --checkpoint-every 7 --segments 4 --batch 2 --validation 0.15"
            + " --validate-every 5 --patience 400 --schedule cosine --out";
    return (words.formatted(ITERATIONS) + " " + out).split(" ");
  }

  private static String[] overwriting(Path out) {
    return Stream.concat(Arrays.stream(train(out)), Stream.of("--overwrite"))
        .toArray(String[]::new);
  }

  @Test
  void wheneverTheyAreKilled() throws Exception {
    Path plain = folder.resolve("plain");
    Path killed = folder.resolve("killed");
    Path errors = folder.resolve("errors");
    long start = System.nanoTime();
    assertEquals(0, started(errors, train(plain)).waitFor(), Files.readString(errors));
    int whole = (int) ((System.nanoTime() - start) / 1_000_000);
    SplittableRandom random = new SplittableRandom();
    int kills = 0;
    int resumed = 0;
    while (kills < KILLS) {
      boolean resumes = Files.exists(killed.resolve("checkpoint.flowline"));
      resumed += resumes ? 1 : 0;
      Process process =
          resumes
              ? started(errors, "train", "--quiet", "--no-report", "--resume", killed.toString())
              : started(errors, overwriting(killed));
      if (process.waitFor(random.nextInt(whole / 10, whole), TimeUnit.MILLISECONDS)) {
        assertEquals(0, process.exitValue(), Files.readString(errors));
        assertSame(plain, killed); // complete before the kill; the next run starts from scratch
      } else {
        process.destroyForcibly().waitFor();
        kills++;
      }
    }
    boolean resumes = Files.exists(killed.resolve("checkpoint.flowline"));
    CommandLineRun last =
        resumes
            ? CommandLineRun.of("train", "--quiet", "--no-report", "--resume", killed.toString())
            : CommandLineRun.of(overwriting(killed));
    assertEquals(0, last.exitCode(), last.err());
    assertSame(plain, killed);
    assertTrue(resumed > 0, "some trainings were killed after a checkpoint");
    assertTrue(Files.notExists(killed.resolve("checkpoint.flowline")), "removed at the end");
    try (Stream<Path> files = Files.list(killed)) {
      assertEquals(
          List.of(), files.map(Path::toString).filter(name -> name.endsWith(".partial")).toList());
    }
  }

  /// Compares all files but the seconds of the metrics.
  private static void assertSame(Path expected, Path folder) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(expected.resolve(model(expected))),
        Files.readAllBytes(folder.resolve(model(expected))));
    assertEquals(
        Files.readString(expected.resolve("predictions.csv")),
        Files.readString(folder.resolve("predictions.csv")));
    assertEquals(metrics(expected), metrics(folder));
  }

  private static String model(Path folder) {
    return new File(folder.toFile(), "model.json").exists() ? "model.json" : "model.flowline";
  }

  private static List<String> metrics(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("metrics.csv")).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  /// Sends SIGINT, or SIGTERM where the parent process ignores SIGINT, as background shells do.
  private static void interrupted(Process process, Path folder) throws Exception {
    FileTime before = Files.getLastModifiedTime(folder.resolve("checkpoint.flowline"));
    while (Files.getLastModifiedTime(folder.resolve("checkpoint.flowline")).equals(before)) {
      assertTrue(process.isAlive());
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    String pid = Long.toString(process.pid());
    Path status = Path.of("/proc", pid, "status");
    boolean ignored =
        Files.exists(status)
            && Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    assertEquals(0, new ProcessBuilder("kill", ignored ? "-TERM" : "-INT", pid).start().waitFor());
    assertEquals(ignored ? 143 : 130, process.waitFor());
  }

  @Test
  void aStoppedTrainingKeepsItsBestModelAndResumes() throws Exception {
    Path plain = folder.resolve("plain");
    Path stopped = folder.resolve("stopped");
    Path errors = folder.resolve("errors");
    String[] words = train(stopped);
    words[4] = "15000";
    Process process = started(errors, words);
    while (Files.notExists(stopped.resolve("checkpoint.flowline"))) {
      assertTrue(process.isAlive(), Files.readString(errors));
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }

    CommandLineRun second = CommandLineRun.of(words);
    assertEquals(1, second.exitCode());
    assertTrue(second.err().contains("another training is writing there"), second.err());

    process.destroy();
    assertEquals(143, process.waitFor(), Files.readString(errors));
    interrupted(
        started(errors, "train", "--quiet", "--no-report", "--resume", stopped.toString()),
        stopped);
    assertTrue(
        Files.readString(errors).contains("continue with --resume"), Files.readString(errors));
    assertTrue(Files.exists(stopped.resolve(model(stopped))));

    CommandLineRun restarted = CommandLineRun.of(words);
    assertEquals(1, restarted.exitCode());
    assertTrue(restarted.err().contains("holds a training that was stopped"), restarted.err());
    CommandLineRun other =
        CommandLineRun.of("train", "--resume", stopped.toString(), "--rate", "0.1");
    assertEquals(2, other.exitCode());
    assertTrue(other.err().contains("--rate: --resume uses the settings"), other.err());
    Path none = Files.createDirectories(plain);
    CommandLineRun nothing = CommandLineRun.of("train", "--resume", none.toString());
    assertEquals(1, nothing.exitCode());
    assertTrue(nothing.err().contains("no checkpoint.flowline to resume"), nothing.err());
  }

  private static String[] shorter(Path out) {
    String[] words = train(out);
    words[4] = "300";
    return words;
  }

  @Test
  void diagnosticsAfterAResumeNameTheirFirstIteration() throws Exception {
    Path plain = folder.resolve("plain");
    Path killed = folder.resolve("killed");
    Path errors = folder.resolve("errors");
    assertEquals(0, CommandLineRun.of(shorter(plain)).exitCode());
    Process process = started(errors, shorter(killed));
    while (Files.notExists(killed.resolve("checkpoint.flowline"))) {
      assertTrue(process.isAlive(), Files.readString(errors));
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly().waitFor();
    resumesElsewhere(plain, killed);
    CommandLineRun rest =
        CommandLineRun.of("train", "--quiet", "--resume", killed.toString(), "--diagnostics");
    assertEquals(0, rest.exitCode(), rest.err());
    assertTrue(rest.out().contains("; all of the above from iteration "), rest.out());
    String first = Files.readAllLines(killed.resolve("sharpness.csv")).get(1);
    int from = Integer.parseInt(first.substring(0, first.indexOf(',')));
    assertTrue(from > 0 && from % 7 == 0, first);
    assertTrue(rest.out().contains("from iteration " + from + " on"), rest.out());
    assertSame(plain, killed);
  }

  /// Resumes into another folder; the stopped training is not changed.
  private void resumesElsewhere(Path plain, Path killed) throws IOException {
    String elsewhere = folder.resolve("elsewhere").toString();
    CommandLineRun moved =
        CommandLineRun.of(
            "train", "--quiet", "--no-report", "--resume", killed.toString(), "--out", elsewhere);
    assertEquals(0, moved.exitCode(), moved.err());
    assertSame(plain, Path.of(elsewhere));
    assertTrue(Files.exists(killed.resolve("checkpoint.flowline")));
    assertTrue(Files.notExists(killed.resolve("model.flowline")));
  }
}
