package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flowline.examples.cli.fit.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A second run into the folder of a finished one is refused before it computes anything.
class FinishedRunsAreKept {
  private static final String TRAIN = "train --quiet --no-report --iterations 2";

  @TempDir Path folder;

  private CommandLineRun run(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private static void refused(String why, CommandLineRun run) {
    assertEquals(1, run.exitCode(), run.err());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains(why), run.err());
    assertEquals("", run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TRAIN,
        "classify --quiet --iterations 2",
        "resnet-euler",
        "gallery QuickStart",
        "lab B3"
      })
  void unlessOverwriteIsGiven(String command) throws IOException {
    assertEquals(0, run(command).exitCode());
    List<Path> files;
    try (var all = Files.list(folder.resolve("out"))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    List<byte[]> before = new ArrayList<>();
    for (Path file : files) {
      before.add(Files.readAllBytes(file));
    }
    refused("holds the results of an earlier run, such as ", run(command));
    refused("choose another folder with --out, or replace them with --overwrite", run(command));
    for (int i = 0; i < files.size(); i++) {
      assertArrayEquals(before.get(i), Files.readAllBytes(files.get(i)), files.get(i).toString());
    }
    assertEquals(0, run(command, "--overwrite").exitCode());
  }

  @Test
  void exportsToo() {
    assertEquals(0, run(TRAIN).exitCode());
    String model = folder.resolve("out").resolve("model.flowline").toString();
    String[] export = {"export", model, "--out", folder.resolve("exported").toString()};
    assertEquals(0, CommandLineRun.of(export).exitCode());
    refused("holds the results of an earlier run, such as model.npz", CommandLineRun.of(export));
  }

  /// Reading and replacing the metrics do not release the lock.
  @Test
  void aFolderHasOneTrainingAtATime() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    try (Metrics held = Metrics.open(out)) {
      Files.writeString(out.resolve("metrics.csv"), "other");
      Files.delete(out.resolve("metrics.csv"));
      refused("another training is writing there", run(TRAIN));
      assertTrue(held.iterations() == 0);
    }
    assertEquals(0, run(TRAIN).exitCode());
    assertTrue(Files.notExists(out.resolve(".flowline.lock")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"metrics.csv", ".flowline.lock"})
  void pipesInTheFolderAreRefused(String name) throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    String pipe = out.resolve(name).toString();
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe).start().waitFor() == 0, "no FIFOs here");
    } catch (IOException e) {
      assumeTrue(false, "no FIFOs here");
    }
    refused("is not a regular file; remove it", run(TRAIN));
  }
}
