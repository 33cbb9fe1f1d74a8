package org.flowline.examples.cli.fit;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.flowline.neuralode.training.Trainer;

/// Shows how training goes, on standard error: a bar on a terminal, else lines.
public interface Progress extends Trainer.Observer, AutoCloseable {

  @Override
  void close();

  /// @param metrics what has been measured so far, this training's
  static Progress of(long iterations, Metrics metrics, PrintWriter err) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal ? new Bar(iterations, metrics) : new Lines(iterations, metrics, err);
  }

  /// Shows nothing.
  static Progress none() {
    return new Progress() {
      @Override
      public void iteration(long iteration, double loss, double[] theta) {}

      @Override
      public void close() {}
    };
  }

  private static String shown(double loss, Metrics metrics) {
    StringBuilder shown = new StringBuilder(String.format(Locale.ROOT, "loss %.3e", loss));
    if (!metrics.part().isEmpty()) {
      shown.append(" (").append(metrics.part()).append(')');
    }
    if (!Double.isNaN(metrics.validation())) {
      shown.append(String.format(Locale.ROOT, ", validation %.3e", metrics.validation()));
    }
    shown.append(String.format(Locale.ROOT, ", nfe %,d", metrics.evaluations()));
    if (metrics.rejected() > 0) {
      shown.append(String.format(Locale.ROOT, ", rejected %,d", metrics.rejected()));
    }
    if (!Double.isNaN(metrics.rate())) {
      shown.append(String.format(Locale.ROOT, ", rate %.2g", metrics.rate()));
    }
    return shown.toString();
  }

  /// A progress bar with the current loss.
  final class Bar implements Progress {
    private static final int MILLISECONDS = 100;
    private static final int COLUMNS = 100;
    private final ProgressBar bar;
    private final Metrics metrics;

    Bar(long iterations, Metrics metrics) {
      this.metrics = metrics;
      bar =
          new ProgressBarBuilder()
              .setTaskName("training")
              .setInitialMax(iterations)
              .setUpdateIntervalMillis(MILLISECONDS)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
              .setStyle(ProgressBarStyle.UNICODE_BLOCK)
              .build();
    }

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      bar.stepTo(iteration + 1);
      if (iteration % 50 == 0) {
        bar.setExtraMessage(shown(loss, metrics));
      }
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /// Plain lines, for logs: of a long training also one every half a minute.
  final class Lines implements Progress {
    private static final long LONGEST = 30_000_000_000L;
    private final long iterations;
    private final Metrics metrics;
    private final PrintWriter err;

    /// When this process began, and behind how many iterations.
    private final long start = System.nanoTime();

    private final long before;

    private long said = start;

    Lines(long iterations, Metrics metrics, PrintWriter err) {
      this.metrics = metrics;
      this.before = metrics.iterations();
      this.iterations = iterations;
      this.err = err;
    }

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      long done = iteration + 1;
      long now = System.nanoTime();
      if (done * 10 / iterations > iteration * 10 / iterations || now - said > LONGEST) {
        said = now;
        double left = (now - start) / 1e9 * (iterations - done) / (done - before);
        err.printf(
            Locale.ROOT,
            "iteration %d of %d: %s, %.0f s left%n",
            done,
            iterations,
            shown(loss, metrics),
            Math.max(0, left));
      }
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
