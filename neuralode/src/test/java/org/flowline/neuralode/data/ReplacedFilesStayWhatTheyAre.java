package org.flowline.neuralode.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFilesStayWhatTheyAre {
  @TempDir Path folder;

  @BeforeEach
  void unix() {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
  }

  private static void write(Path file, String text) {
    AtomicFiles.write(file, path -> Files.writeString(path, text));
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "old");
  }

  private void holds(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void symbolicLinksLeadToTheSameFile() throws IOException {
    Path file = file("file");
    Path there = Files.createDirectory(folder.resolve("folder"));
    Path link = Files.createSymbolicLink(there.resolve("link"), Path.of("../second"));
    Files.createSymbolicLink(folder.resolve("second"), Path.of("file"));
    write(link, "new");
    assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(folder.resolve("second")));
    assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    assertEquals("new", Files.readString(file));
    holds("file", "folder", "second");
    Files.delete(file);
    write(link, "created");
    assertEquals("created", Files.readString(file));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    String message = assertThrows(DataException.class, () -> write(loop, "x")).getMessage();
    assertTrue(message.contains("Too many levels of symbolic links"), message);
  }

  @Test
  void leftoversBesideTheTargetOfALinkAreDeleted() throws IOException {
    Path there = Files.createDirectory(folder.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("link"), there.resolve("file"));
    Path left = there.resolve(".file.12345678-1234-1234-1234-123456789abc.partial");
    Files.createFile(left);
    AtomicFiles.deleteLeftovers(folder, List.of("link"));
    assertTrue(Files.notExists(left));
  }

  @Test
  void hardLinksNameTheSameFile() throws IOException {
    Path one = file("one");
    Path two = Files.createLink(folder.resolve("two"), one);
    write(two, "n");
    assertTrue(Files.isSameFile(one, two));
    assertEquals("n", Files.readString(one));
    holds("one", "two");
  }

  @Test
  void modesAndOwnersAreKept() throws IOException {
    Path file = file("file");
    for (String mode : List.of("rw-------", "rw-rw----", "rwxr-x---")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      write(file, mode);
      assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertEquals(mode, Files.readString(file));
    }
    try {
      Files.setAttribute(file, "unix:uid", 12345);
    } catch (IOException e) {
      return; // only the superuser may
    }
    write(file, "new");
    assertEquals(Map.of("uid", 12345), Files.readAttributes(file, "unix:uid"));
  }

  @Test
  void filesThatMayNotBeWrittenAreNotReplaced() throws IOException {
    Path file = file("file");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    assumeTrue(!Files.isWritable(file), "this user may write everything");
    String message = assertThrows(DataException.class, () -> write(file, "x")).getMessage();
    assertEquals(file + ": cannot be written: no permission; choose another place", message);
    assertEquals("old", Files.readString(file));
  }

  @Test
  void pipesAndDevicesGetTheBytes() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(run("mkfifo", pipe.toString()), "no FIFOs here");
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                return e.toString();
              }
            });
    write(pipe, "through");
    assertEquals("through", read.get(60, TimeUnit.SECONDS));
    holds("pipe");
    Path device = folder.resolve("zero");
    assumeTrue(run("mknod", device.toString(), "c", "1", "5"), "only the superuser may");
    write(device, "gone");
    Path link = Files.createSymbolicLink(folder.resolve("link"), device);
    Archive.write(link, Map.of("part", new byte[9]));
    assertTrue(Files.readAttributes(device, BasicFileAttributes.class).isOther());
    holds("link", "pipe", "zero");
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such command here
    }
  }

  /// An interrupt closes the channel of the thread that writes.
  @Test
  void interruptedThreadsWriteAllOfIt() throws IOException {
    Path file = folder.resolve("file");
    try {
      Thread.currentThread().interrupt();
      Archive.write(file, Map.of("part", new byte[9]));
      assertTrue(Thread.interrupted(), "still interrupted");
      int[] calls = {0};
      AtomicFiles.write(
          file,
          part -> {
            if (calls[0]++ < 2) {
              Thread.currentThread().interrupt();
            }
            Files.writeString(part, "whole");
          });
      assertTrue(Thread.interrupted(), "still interrupted");
    } finally {
      Thread.interrupted();
    }
    assertEquals("whole", Files.readString(file));
    holds("file");
  }
}
