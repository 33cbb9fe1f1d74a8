package org.flowline.examples.cli.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flowline.neuralode.data.AtomicFiles;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Trainer;
import org.flowline.neuralode.training.TrainingFile;
import org.flowline.neuralode.training.TrainingState;

/// The checkpoint of a training, written to its folder every few iterations and when a signal stops
/// it, and removed when the training is complete.
///
/// @param settings of the run
/// @param data a checksum of the data
/// @param earlyStopping validates the held-out data; its state is saved under the key `judge`
public record RunCheckpoints(
    Path folder,
    long every,
    String settings,
    double data,
    Metrics metrics,
    Optional<EarlyStopping> earlyStopping,
    StopSignal signal)
    implements Trainer.Checkpoints {
  private static final String NAME = "checkpoint.flowline";

  /// Returns the checkpoint's file.
  public static Path in(Path folder) {
    return folder.resolve(NAME);
  }

  /// Requires a folder without a checkpoint.
  ///
  /// @throws DataException if there is one
  public static void requireNone(Path folder) {
    if (Files.exists(in(folder))) {
      throw new DataException(
          "%s: holds a training that was stopped; continue it with --resume %s, choose another folder with --out, or replace it with --overwrite"
              .formatted(folder, folder));
    }
  }

  /// Removes temporary files of killed processes; for the holder of the folder's lock.
  public static void sweep(Path folder) {
    AtomicFiles.deleteLeftovers(folder, List.of(NAME));
  }

  /// Reads the checkpoint of a folder.
  ///
  /// @throws DataException if there is none
  public static TrainingFile read(Path folder) {
    if (!Files.exists(in(folder))) {
      throw new DataException(
          "%s: no %s to resume from: the training is complete, or was stopped before the first one"
              .formatted(folder, NAME));
    }
    return TrainingFile.read(in(folder));
  }

  @Override
  public boolean due(long iterations) {
    return iterations % every == 0 || signal.stopped();
  }

  @Override
  public boolean save(TrainingState state) {
    Map<String, double[]> more = new LinkedHashMap<>();
    more.put("metrics", metrics.history());
    more.put("data", new double[] {data});
    earlyStopping.ifPresent(stopping -> more.put("judge", stopping.saveState()));
    new TrainingFile(state, settings, more).write(in(folder));
    return !signal.stopped();
  }

  /// Removes the checkpoint of a complete or replaced training.
  public static void remove(Path folder) {
    try {
      Files.deleteIfExists(in(folder));
    } catch (IOException e) {
      throw new DataException(in(folder) + ": cannot be removed; remove it by hand");
    }
  }
}
