package org.flowline.neuralode.training;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.flowline.neuralode.data.Archive;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.data.Npy;
import org.flowline.odesolvers.Checkpoint;
import org.flowline.odesolvers.Stats;

/// A checkpoint of a training in a file: a [TrainingState] as an [Archive] of `.npy` arrays. After
/// a crash the file is a complete one, this or the previous one. A SHA-256 checksum covers
/// all parts.
///
/// @param settings a text of the caller, such as the options of the training
/// @param more arrays of the caller, by name
public record TrainingFile(TrainingState state, String settings, Map<String, double[]> more) {
  private static final String FORMAT = "flowline-training 4";
  private static final String CHECKSUM = "checksum";
  private static final String OTHERS = "more/";
  private static final String SUFFIX = ".npy";

  public TrainingFile {
    more = Map.copyOf(more);
  }

  /// Writes the file atomically, with the [Checkpoint#light] part of the solve's checkpoint.
  ///
  /// @throws DataException if it cannot be written; the previous file remains
  public void write(Path file) {
    SequencedMap<String, byte[]> parts = new LinkedHashMap<>();
    parts.put("format", FORMAT.getBytes(StandardCharsets.UTF_8));
    parts.put("settings", settings.getBytes(StandardCharsets.UTF_8));
    Checkpoint solve = state.solve().light();
    put(parts, "times", solve.times());
    put(parts, "state", solve.y());
    put(parts, "control", solve.control());
    put(parts, "stepper", solve.stepper());
    put(parts, "watch", solve.detector());
    put(parts, "cost", numbers(solve.stats()));
    put(parts, "cost-before", numbers(state.before()));
    put(
        parts,
        "numbers",
        solve.t(),
        solve.firstTime(),
        solve.freshSlope() ? 1 : 0,
        state.whole(),
        state.goodTime(),
        state.iteration(),
        state.bestLoss(),
        state.bestPhase(),
        state.slowdowns());
    put(parts, "good", state.good());
    put(parts, "rescue", state.rescue());
    put(parts, "best", state.best());
    put(parts, "losses", state.losses());
    more.forEach((name, values) -> put(parts, OTHERS + name, values));
    parts.put(CHECKSUM, checksum(parts));
    Archive.write(file, parts);
  }

  /// Returns the checksum of the names, lengths and bytes of all parts but the checksum.
  private static byte[] checksum(Map<String, byte[]> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parts.forEach(
          (name, bytes) -> {
            if (!name.equals(CHECKSUM)) {
              digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
              digest.update(bytes);
            }
          });
      return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256, which every Java platform has, is missing", e);
    }
  }

  private static void put(Map<String, byte[]> parts, String name, double... values) {
    parts.put(name + SUFFIX, Npy.of(values).bytes());
  }

  /// Reads a file of [#write], to the same bits.
  ///
  /// @throws DataException if there is none, or it is damaged or of another version
  public static TrainingFile read(Path file) {
    Parts parts = new Parts(file, Archive.read(file, Archive.USUAL_LIMIT));
    try {
      return parts.content();
    } catch (IllegalArgumentException e) {
      throw new DataException("%s: is not a checkpoint: %s", file, e.getMessage());
    }
  }

  private static double[] numbers(Stats stats) {
    return new double[] {
      stats.evaluations(),
      stats.jacobians(),
      stats.factorisations(),
      stats.accepted(),
      stats.rejected(),
      stats.lastStep(),
      stats.nextStep(),
      stats.stiffness()
    };
  }

  private record Parts(Path file, Map<String, byte[]> parts) {
    TrainingFile content() {
      if (!text("format").equals(FORMAT)) {
        throw new DataException(
            file + ": is not a checkpoint of this version; resume with the program that wrote it");
      }
      if (!Arrays.equals(part(CHECKSUM), checksum(parts))) {
        throw new DataException(
            file + ": its checksum is another, so that it was damaged or changed; train again");
      }
      double[] numbers = numbers("numbers", 9);
      Checkpoint solve =
          new Checkpoint(
              numbers("times", 2),
              new double[2][0],
              numbers[0],
              numbers("state"),
              stats("cost"),
              numbers[1],
              numbers[2] != 0,
              numbers("control"),
              numbers("stepper"),
              numbers("watch"),
              List.of());
      TrainingState state =
          new TrainingState(
              solve,
              (long) numbers[3],
              stats("cost-before"),
              numbers("good"),
              numbers[4],
              (int) numbers[8],
              numbers("rescue"),
              (long) numbers[5],
              numbers("best"),
              numbers[6],
              (int) numbers[7],
              numbers("losses", 2));
      Map<String, double[]> more = new LinkedHashMap<>();
      for (String name : parts.keySet()) {
        if (name.startsWith(OTHERS) && name.endsWith(SUFFIX)) {
          String own = name.substring(0, name.length() - SUFFIX.length());
          more.put(own.substring(OTHERS.length()), numbers(own));
        }
      }
      return new TrainingFile(state, text("settings"), more);
    }

    private String text(String name) {
      return new String(part(name), StandardCharsets.UTF_8);
    }

    private byte[] part(String name) {
      byte[] part = parts.get(name);
      if (part == null) {
        throw new DataException(
            file + ": is not a checkpoint, it has no \"" + name + "\"; want one that train wrote");
      }
      return part;
    }

    private double[] numbers(String name) {
      return Npy.read(file + "/" + name, part(name + SUFFIX)).values();
    }

    private double[] numbers(String name, int count) {
      double[] numbers = numbers(name);
      if (numbers.length != count) {
        throw new DataException(
            file + ": " + numbers.length + " numbers as \"" + name + "\"; want " + count);
      }
      return numbers;
    }

    private Stats stats(String name) {
      double[] n = numbers(name, 8);
      return new Stats(
          (long) n[0], (long) n[1], (long) n[2], (long) n[3], (long) n[4], n[5], n[6], n[7]);
    }
  }
}
