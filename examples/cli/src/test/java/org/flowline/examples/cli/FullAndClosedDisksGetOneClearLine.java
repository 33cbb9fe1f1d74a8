package org.flowline.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writes to small disks in memory, if the user may mount them.
class FullAndClosedDisksGetOneClearLine {
  @TempDir Path folder;
  private Path disk;
  private Path model;

  @BeforeEach
  void model() throws IOException {
    disk = Files.createDirectory(folder.resolve("disk"));
    Path out = folder.resolve("my run ü");
    CommandLineRun run = train(out);
    assertEquals(0, run.exitCode(), run.err());
    model = out.resolve("model.flowline");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  private static CommandLineRun train(Path out) {
    return CommandLineRun.of("train", "--quiet", "--iterations", "2", "--out", out.toString());
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // no such command here
    }
  }

  private void mount(String how) throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", how, "tmpfs", disk.toString()),
        "this user may not mount a small disk");
  }

  private static void refused(String why, CommandLineRun run) {
    assertEquals(1, run.exitCode(), run.err());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains("cannot be written: " + why), run.err());
    assertEquals("", run.out());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(disk)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void ifTheDiskIsFull() throws Exception {
    mount("size=12k");
    String full = "No space left on device";
    CommandLineRun first = train(disk);
    refused(full, first);
    assertTrue(first.err().endsWith("; the model is kept in " + disk + "\n"), first.err());
    assertEquals(List.of("metrics.csv", "model.flowline"), files());
    assertEquals(
        0, CommandLineRun.of("info", disk.resolve("model.flowline").toString()).exitCode());
    Files.delete(disk.resolve("metrics.csv"));
    Files.delete(disk.resolve("model.flowline"));
    Files.write(disk.resolve("filler"), new byte[8 << 10]);
    String[] export = {"export", model.toString(), "--out", disk.toString()};
    refused(full, CommandLineRun.of(export));
    Path csv = Files.writeString(disk.resolve("p.csv"), "before");
    String[] predict = {
      "predict", model.toString(), "--from", "30,4", "--points", "1000", "--out", csv.toString()
    };
    refused(full, CommandLineRun.of(predict));
    assertEquals("before", Files.readString(csv));
    assertEquals(List.of("filler", "p.csv"), files());
    assertEquals(0, CommandLineRun.of("info", model.toString()).exitCode());
  }

  @Test
  void ifTheDiskIsForReadingOnly() throws Exception {
    mount("size=64k");
    Files.copy(model, disk.resolve("model.flowline"));
    assumeTrue(run("mount", "-o", "remount,ro", disk.toString()), "it cannot be closed");
    String closed = "Read-only file system";
    String there = disk.resolve("model.flowline").toString();
    refused(closed, train(disk));
    refused(closed, CommandLineRun.of("export", there, "--out", disk.toString()));
    String csv = disk.resolve("p.csv").toString();
    refused(closed, CommandLineRun.of("predict", there, "--from", "30,4", "--out", csv));
    assertEquals(0, CommandLineRun.of("info", there).exitCode());
    assertEquals(List.of("model.flowline"), files());
  }

  @Test
  void ifTheUserMayNotWriteThere() throws Exception {
    assertTrue(disk.toFile().setWritable(false));
    assumeTrue(!Files.isWritable(disk), "this user may write everywhere");
    refused("no permission", train(disk));
    refused("no permission", CommandLineRun.of("export", model + "", "--out", disk.toString()));
  }
}
