package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training resumes from a file to the same bits; a file that is cut or has a flipped bit is
/// refused in one line, or has the same content.
class CheckpointsAreWholeOrRefused {
  @TempDir Path folder;
  private Path file;
  private TrainingState state;

  @BeforeEach
  void write() throws IOException {
    Trainer.Checkpoints stop =
        new Trainer.Checkpoints() {
          @Override
          public boolean due(long iterations) {
            return iterations == 5;
          }

          @Override
          public boolean save(TrainingState reached) {
            state = reached;
            return false;
          }
        };
    trainer().withCheckpoints(stop).train(start(), 9);
    file = folder.resolve("checkpoint.flowline");
    new TrainingFile(state, "ɑ: 1", Map.of("history", new double[] {1, Double.NaN, -0.0}))
        .write(file);
  }

  private static Trainer trainer() {
    return Trainer.of(Losses.network(), Optimizer.adam(0.02)).withRetries(2);
  }

  private static double[] start() {
    return new SplittableRandom(1).doubles(Losses.network().dimension(), -1, 1).toArray();
  }

  @Test
  void trainingGoesOnFromThem() throws IOException {
    TrainingFile read = TrainingFile.read(file);
    assertEquals("ɑ: 1", read.settings());
    assertArrayEquals(new double[] {1, Double.NaN, -0.0}, read.more().get("history"));
    Trainer.Result expected = trainer().train(start(), 9);
    Trainer.Result result = trainer().resume(read.state(), 9);
    assertArrayEquals(expected.last(), result.last());
    assertEquals(expected.stats(), result.stats());
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing is left beside it");
    }
  }

  @Test
  void damagedOnesAreRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(4);
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] damaged = whole.clone();
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      } else {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try {
        TrainingFile read = TrainingFile.read(file);
        assertArrayEquals(state.solve().y(), read.state().solve().y());
        assertArrayEquals(state.best(), read.state().best());
      } catch (DataException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains(file.getFileName().toString()), e.getMessage());
      }
    }
    assertTrue(refused > 1000, "refused " + refused);
  }

  /// Replaces a part, with the checksum of all others or without it.
  private void altered(String part, byte[] bytes, boolean checked) throws Exception {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>(Archive.read(file, 1 << 20));
    parts.put(part, bytes);
    if (checked) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parts.remove("checksum");
      parts.forEach(
          (name, all) -> {
            digest.update((name + "\n" + all.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(all);
          });
      String hex = HexFormat.of().formatHex(digest.digest());
      parts.put("checksum", hex.getBytes(StandardCharsets.UTF_8));
    }
    Archive.write(file, parts);
  }

  /// An archive with consistent checksums of its own, as an editor of zip files writes it.
  @Test
  void alteredOnesAreRefused() throws Exception {
    byte[] good = Files.readAllBytes(file);
    for (String part : Archive.read(file, 1 << 20).sequencedKeySet()) {
      altered(
          part,
          part.endsWith(".npy") ? Npy.of(new double[] {1, 2}).bytes() : new byte[] {'x'},
          false);
      String message = message(file);
      assertTrue(message.contains("checksum") || message.contains("version"), message);
      Files.write(file, good);
    }
  }

  /// The checksum is right, the numbers are not.
  @Test
  void impossibleOnesAreRefused() throws Exception {
    byte[] good = Files.readAllBytes(file);
    for (String part : Archive.read(file, 1 << 20).sequencedKeySet()) {
      for (double[] numbers :
          new double[][] {{}, {Double.NaN}, {1, 2, 3}, {Double.NaN, Double.NaN}, {-1, 0}}) {
        if (!part.endsWith(".npy") || part.startsWith("more/")) {
          continue;
        }
        altered(part, Npy.of(numbers).bytes(), true);
        try {
          trainer().resume(TrainingFile.read(file).state(), 9);
        } catch (DataException | IllegalArgumentException e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
        Files.write(file, good);
      }
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path none = folder.resolve("none");
    assertTrue(message(none).contains("no such file"), message(none));
    Path text = Files.writeString(folder.resolve("text"), "hello");
    assertTrue(message(text).contains("is not a whole zip file"), message(text));
  }

  private static String message(Path file) {
    return assertThrows(DataException.class, () -> TrainingFile.read(file)).getMessage();
  }
}
