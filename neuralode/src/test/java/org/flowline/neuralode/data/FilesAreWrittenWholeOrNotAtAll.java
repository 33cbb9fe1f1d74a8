package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesAreWrittenWholeOrNotAtAll {
  @TempDir Path folder;

  private static AtomicFiles.Content text(String text) {
    return file -> Files.writeString(file, text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void nothingIsLeftBesideThem() throws IOException {
    Path file = folder.resolve("a b ö.txt");
    AtomicFiles.write(file, text("one"));
    AtomicFiles.write(file, text("two"));
    assertEquals("two", Files.readString(file));
    assertEquals(List.of("a b ö.txt"), names());
  }

  @Test
  void oneThatFailsHalfWayLeavesAllAsTheyWere() throws IOException {
    SequencedMap<String, AtomicFiles.Content> contents = new LinkedHashMap<>();
    contents.put("first", text("1"));
    contents.put("second", text("2"));
    AtomicFiles.write(folder, contents);
    contents.put("first", text("changed"));
    contents.put(
        "second",
        file -> {
          Files.writeString(file, "half");
          throw new IOException("No space left on device");
        });
    DataException problem =
        assertThrows(DataException.class, () -> AtomicFiles.write(folder, contents));
    assertEquals(
        folder.resolve("second")
            + ": cannot be written: No space left on device; choose another place",
        problem.getMessage());
    assertEquals(List.of("first", "second"), names());
    assertEquals("1", Files.readString(folder.resolve("first")));
    assertEquals("2", Files.readString(folder.resolve("second")));
  }

  /// Names that a killed process leaves, of a file and of a file written within one.
  @Test
  void leftoversOfKilledWritersAreDeletedAndNothingElse() throws IOException {
    List<String> deleted =
        List.of(
            ".a.b.12345678-1234-1234-1234-123456789abc.partial",
            "..a.b.12345678-1234-1234-1234-123456789abc.partial"
                + ".abcdef00-1234-1234-1234-123456789abc.partial");
    List<String> kept =
        List.of(
            ".a.b.mine.partial",
            ".a.b.partial",
            ".axb.12345678-1234-1234-1234-123456789abc.partial",
            ".c.12345678-1234-1234-1234-123456789abc.partial",
            "a.b",
            "a.b.12345678-1234-1234-1234-123456789abc.partial");
    for (String name : Stream.concat(deleted.stream(), kept.stream()).toList()) {
      Files.writeString(folder.resolve(name), name);
    }
    AtomicFiles.deleteLeftovers(folder, List.of("a.b", "other"));
    assertEquals(kept, names());
    AtomicFiles.deleteLeftovers(folder.resolve("none"), List.of("a.b"));
  }

  /// The deleted names are the written ones.
  @Test
  void temporaryFilesHaveSuchNames() throws IOException {
    AtomicFiles.Content killed =
        part -> {
          Files.copy(Files.writeString(part, "half"), folder.resolve("copy"));
          Files.writeString(folder.resolve("name"), part.getFileName().toString());
        };
    AtomicFiles.write(folder.resolve("a"), outer -> AtomicFiles.write(outer, killed));
    Path left = folder.resolve(Files.readString(folder.resolve("name")));
    Files.move(folder.resolve("copy"), left);
    AtomicFiles.deleteLeftovers(folder, List.of("a"));
    assertFalse(Files.exists(left), left.toString());
  }

  @Test
  void theMessageSaysWhyNot() throws IOException {
    Path nowhere = folder.resolve("none").resolve("file");
    says(nowhere, "its folder is not there");
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.writeString(taken.resolve("inside"), "x");
    says(taken, "Is a directory");
    says(taken.resolve("inside").resolve("file"), "Not a directory");
    assertEquals(List.of("taken"), names());
  }

  private static void says(Path file, String why) {
    DataException problem =
        assertThrows(DataException.class, () -> AtomicFiles.write(file, text("x")));
    assertEquals(
        file + ": cannot be written: " + why + "; choose another place", problem.getMessage());
  }

  /// Concurrent writers of one file do not interfere; the last one wins.
  @Test
  void withAnyNumberOfWriters() throws Exception {
    Path file = folder.resolve("shared");
    List<String> texts =
        IntStream.range(0, 8).mapToObj(i -> Integer.toString(i).repeat(100_000)).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Stream<Callable<Void>> writers =
          texts.stream()
              .map(
                  text ->
                      () -> {
                        for (int i = 0; i < 10; i++) {
                          AtomicFiles.write(file, text(text));
                          assertTrue(texts.contains(Files.readString(file)), "a whole one");
                        }
                        return null;
                      });
      for (Future<Void> writer : threads.invokeAll(writers.toList())) {
        writer.get();
      }
    }
    assertEquals(List.of("shared"), names());
  }
}
