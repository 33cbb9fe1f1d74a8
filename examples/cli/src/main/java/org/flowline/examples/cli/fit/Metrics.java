package org.flowline.examples.cli.fit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.flowline.examples.cli.report.Curves;
import org.flowline.examples.cli.report.Text;
import org.flowline.examples.pictures.Picture;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.Objective;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.training.EarlyStopping;
import org.flowline.neuralode.training.Trainer;

/// The metrics of a training, written to `metrics.csv` during the run; long trainings write every
/// k-th iteration. The lock `.flowline.lock` reserves the folder; it ends with the process.
public final class Metrics implements Trainer.Observer, AutoCloseable {
  private static final long MOST = 20_000;
  private static final int COLUMNS = 7;
  private static final String LOCK = ".flowline.lock";

  /// Numbers of a [#history] that precede its rows.
  private static final int TOTALS = 5;

  /// The sources of the quantities besides the loss.
  ///
  /// @param trained whose costs are counted
  /// @param rates of each iteration, before slowdowns
  /// @param part the stage of the curriculum in words; empty for whole trajectories
  record Source(
      Objective trained,
      Optional<EarlyStopping> validation,
      LongToDoubleFunction rates,
      Supplier<String> part) {}

  private final Path file;
  private final FileChannel lock;
  private final List<double[]> rows = new ArrayList<>();
  private long every = 1;
  private OutputStream out;
  private Source source;
  private long evaluationsBefore;
  private double secondsBefore;
  private long iterations;
  private double speed = 1;
  long rejected;
  private long start;

  private Metrics(Path folder, FileChannel lock) {
    this.file = folder.resolve("metrics.csv");
    this.lock = lock;
  }

  /// Locks a folder for a training.
  ///
  /// @throws DataException if another training holds the lock
  public static Metrics open(Path folder) {
    Path file = folder.resolve(LOCK);
    requireNoPipe(file);
    try {
      while (true) {
        FileChannel lock =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<Object> opened = key(file);
        if (!isLocked(lock)) {
          lock.close();
          throw new DataException(
              folder + ": another training is writing there; choose another folder with --out");
        }
        if (opened.isPresent() && opened.equals(key(file))) {
          return new Metrics(folder, lock);
        }
        lock.close(); // the previous holder has removed the file
      }
    } catch (IOException e) {
      throw DataException.unwritable(file, e, "choose another folder with --out");
    }
  }

  private static Optional<Object> key(Path file) {
    try {
      var now = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(String.valueOf(now.fileKey()));
    } catch (IOException e) {
      return Optional.empty(); // not there
    }
  }

  /// Opening a FIFO would wait for its reader.
  private static void requireNoPipe(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DataException(
          file + ": is not a regular file; remove it, or choose another folder with --out");
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process holds it
    }
  }

  /// Begins a file, with the rows of a [#history].
  void begin(long planned, Source source, double[] history) {
    this.every = (planned + MOST - 1) / MOST;
    this.source = source;
    this.start = System.nanoTime();
    if (history.length > 0) {
      if (history.length < TOTALS || (history.length - TOTALS) % COLUMNS != 0) {
        throw new DataException(
            "%s: the checkpoint has %s numbers for it; start a new training", file, history.length);
      }
      iterations = (long) history[0];
      rejected = (long) history[1];
      evaluationsBefore = (long) history[2];
      secondsBefore = history[3];
      speed = history[4];
    }
    StringBuilder text = new StringBuilder("iteration,loss,validation,nfe,rejected,rate,seconds\n");
    for (int i = TOTALS; i + COLUMNS <= history.length; i += COLUMNS) {
      rows.add(Arrays.copyOfRange(history, i, i + COLUMNS));
      text.append(line(rows.getLast()));
    }
    requireNoPipe(file);
    try {
      out = new FileOutputStream(file.toFile()); // not a channel, which an interrupt would close
    } catch (IOException e) {
      throw unwritable(e);
    }
    write(text.toString());
  }

  /// Returns totals and rows, for [#begin].
  double[] history() {
    DoubleStream totals = DoubleStream.of(iterations, rejected, evaluations(), seconds(), speed);
    return DoubleStream.concat(totals, rows.stream().flatMapToDouble(Arrays::stream)).toArray();
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    iterations = iteration + 1;
    if (iteration % every == 0) {
      rows.add(
          new double[] {iteration, loss, validation(), evaluations(), rejected, rate(), seconds()});
      write(line(rows.getLast()));
    }
  }

  @Override
  public void rejected(long iteration, double tau, double h) {
    rejected++;
  }

  @Override
  public void slowed(long iteration, double speed) {
    this.speed = speed;
  }

  private static String line(double[] row) {
    return Text.format(
        "%.0f,%s,%s,%.0f,%.0f,%s,%.3f\n",
        row[0], row[1], numberOrNothing(row[2]), row[3], row[4], numberOrNothing(row[5]), row[6]);
  }

  private static String numberOrNothing(double number) {
    return Double.isNaN(number) ? "" : Double.toString(number);
  }

  private void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private DataException unwritable(IOException e) {
    return DataException.unwritable(file, e, "choose another folder with --out");
  }

  /// Returns pictures of the losses and of the cost.
  ///
  /// @param measure the name of the loss
  /// @param note for the caption
  public List<Picture> curves(String measure, String note) {
    return new Curves(rows, measure, note).pictures();
  }

  /// Returns the number of iterations, including those before a resume.
  public long iterations() {
    return iterations;
  }

  /// The last validation loss; NaN without any.
  double validation() {
    return source.validation.map(EarlyStopping::last).orElse(Double.NaN);
  }

  String part() {
    return source.part().get();
  }

  /// The learning rate of the last iteration; NaN where a tolerance chooses the steps.
  double rate() {
    return speed * source.rates().applyAsDouble(Math.max(0, iterations - 1));
  }

  /// Evaluations of the field and its pullback, including those before a resume.
  long evaluations() {
    Costs costs = source.trained.costs();
    return evaluationsBefore + costs.evaluations() + costs.pullbacks();
  }

  double seconds() {
    return secondsBefore + (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    try (lock;
        OutputStream _ = out) {
      Files.deleteIfExists(file.resolveSibling(LOCK)); // before another can lock it
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
