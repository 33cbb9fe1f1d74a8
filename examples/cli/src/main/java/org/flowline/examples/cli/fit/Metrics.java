package org.flowline.examples.cli.fit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import org.flowline.examples.cli.report.Curves;
import org.flowline.neuralode.data.DataException;
import org.flowline.neuralode.training.Trainer;

/// The numbers of a training, written to `metrics.csv` as it goes, of a long one every so many
/// iterations. The file is locked while the training runs, so that a folder holds one at a time;
/// the lock is gone with the process, however it ended.
public final class Metrics implements Trainer.Observer, AutoCloseable {
  private static final long MOST = 20_000;
  private static final int COLUMNS = 7;

  /// Of a history before its rows.
  private static final int NUMBERS = 5;

  /// What is measured beside the loss.
  ///
  /// @param evaluations of the field and its pullback so far, by this process
  /// @param validation the last loss on other data; NaN without
  /// @param rates of each iteration, before anything slows the training
  /// @param part what the loss is of at present; nothing where it is of all there is
  record Source(
      LongSupplier evaluations,
      DoubleSupplier validation,
      LongToDoubleFunction rates,
      Supplier<String> part) {}

  private final Path file;
  private final FileChannel channel;
  private final List<double[]> rows = new ArrayList<>();
  private long every = 1;
  private Source source;
  private long evaluationsBefore;
  private double secondsBefore;
  private long iterations;
  private double speed = 1;
  private long rejected;
  private long start;

  private Metrics(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the folder.
  ///
  /// @throws DataException if another training has it
  public static Metrics open(Path folder) {
    Path file = folder.resolve("metrics.csv");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new DataException(
            folder + ": another training is writing there; choose another folder with --out");
      }
      return new Metrics(file, channel);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written; choose another folder with --out");
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  /// Begins, or goes on behind what [#history] was.
  void begin(long planned, Source source, double[] history) {
    this.every = (planned + MOST - 1) / MOST;
    this.source = source;
    this.start = System.nanoTime();
    StringBuilder text = new StringBuilder("iteration,loss,validation,nfe,rejected,rate,seconds\n");
    if (history.length > 0) {
      iterations = (long) history[0];
      rejected = (long) history[1];
      evaluationsBefore = (long) history[2];
      secondsBefore = history[3];
      speed = history[4];
    }
    for (int i = NUMBERS; i + COLUMNS <= history.length; i += COLUMNS) {
      double[] row = new double[COLUMNS];
      System.arraycopy(history, i, row, 0, COLUMNS);
      rows.add(row);
      text.append(line(row));
    }
    try {
      channel.truncate(0);
    } catch (IOException e) {
      throw unwritable();
    }
    write(text.toString());
  }

  /// All of this, for [#begin].
  double[] history() {
    double[] history = new double[NUMBERS + COLUMNS * rows.size()];
    history[0] = iterations;
    history[1] = rejected;
    history[2] = evaluations();
    history[3] = seconds();
    history[4] = speed;
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, history, NUMBERS + COLUMNS * i, COLUMNS);
    }
    return history;
  }

  @Override
  public void iteration(long iteration, double loss, double[] theta) {
    iterations = iteration + 1;
    if (iteration % every == 0) {
      double[] row = {iteration, loss, validation(), evaluations(), rejected, rate(), seconds()};
      rows.add(row);
      write(line(row));
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
    return String.format(
        Locale.ROOT,
        "%d,%s,%s,%d,%d,%s,%.3f\n",
        (long) row[0],
        row[1],
        numberOrNothing(row[2]),
        (long) row[3],
        (long) row[4],
        numberOrNothing(row[5]),
        row[6]);
  }

  private static String numberOrNothing(double number) {
    return Double.isNaN(number) ? "" : Double.toString(number);
  }

  private void write(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable();
    }
  }

  private DataException unwritable() {
    return new DataException(file + ": cannot be written; is the disk full?");
  }

  /// How the training went until now.
  ///
  /// @param measure what kind of loss it is
  /// @param note on what the losses are of
  public Curves curves(String measure, String note) {
    return new Curves(column(0), column(1), column(2), column(3), measure, note);
  }

  private double[] column(int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /// The number of iterations made, by all processes of the training.
  public long iterations() {
    return iterations;
  }

  /// The last loss on other data; NaN without.
  double validation() {
    return source.validation().getAsDouble();
  }

  /// What the loss is of at present; nothing where it is of all there is.
  String part() {
    return source.part().get();
  }

  /// The learning rate of the last iteration; NaN where there is none.
  double rate() {
    return speed * source.rates().applyAsDouble(Math.max(0, iterations - 1));
  }

  /// Steps made in vain.
  long rejected() {
    return rejected;
  }

  /// Evaluations of the field and its pullback, by all of them.
  long evaluations() {
    return evaluationsBefore + source.evaluations().getAsLong();
  }

  double seconds() {
    return secondsBefore + (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unwritable();
    }
  }
}
