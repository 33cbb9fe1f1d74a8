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

/// Keeps the state of a training in its folder every so many iterations, and where it is told to
/// stop. A folder with a checkpoint is one of a training that is not at its end.
///
/// @param settings what it was started with
/// @param judge whose state is saved, too
/// @param data tells the data it was started with from others
public record RunCheckpoints(
    Path folder,
    long every,
    String settings,
    double data,
    Metrics metrics,
    Optional<EarlyStopping> judge,
    StopSignal signal)
    implements Trainer.Checkpoints {
  private static final String NAME = "checkpoint.flowline";

  public static Path in(Path folder) {
    return folder.resolve(NAME);
  }

  /// @throws DataException if the folder holds a training that can go on
  public static void requireNone(Path folder) {
    if (Files.exists(in(folder))) {
      throw new DataException(
          folder
              + ": holds a training that was stopped; go on with --resume "
              + folder
              + ", choose another folder with --out, or remove its "
              + NAME);
    }
  }

  /// Removes what earlier processes left behind when they were killed. For the one that has the
  /// folder now.
  public static void sweep(Path folder) {
    AtomicFiles.deleteLeftovers(folder, List.of(NAME));
  }

  public static TrainingFile read(Path folder) {
    if (!Files.exists(in(folder))) {
      throw new DataException(
          folder + ": no " + NAME + " to resume from: finished, or stopped before the first one");
    }
    return TrainingFile.read(in(folder));
  }

  @Override
  public boolean due(long iterations) {
    return iterations % every == 0 || signal.stopped();
  }

  @Override
  public boolean goesOn(TrainingState state) {
    Map<String, double[]> more = new LinkedHashMap<>();
    more.put("metrics", metrics.history());
    more.put("data", new double[] {data});
    judge.ifPresent(judging -> more.put("judge", judging.saveState()));
    new TrainingFile(state, settings, more).write(in(folder));
    return !signal.stopped();
  }

  /// The training in this folder is at its end.
  public static void remove(Path folder) {
    try {
      Files.deleteIfExists(in(folder));
    } catch (IOException e) {
      throw new DataException(
          in(folder) + ": cannot be removed, though the training is at its end");
    }
  }
}
