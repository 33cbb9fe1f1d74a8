package org.flowline.examples.cli.fit;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.flowline.examples.cli.report.Text;
import org.flowline.neuralode.training.Trainer;

/// The progress of a training on standard error: a bar on a terminal, else lines.
public interface Progress extends Trainer.Observer, AutoCloseable {

  @Override
  default void close() {}

  /// Returns a bar or lines; a progress that is not shown if `quiet`.
  ///
  /// @param metrics of the training, shown with the loss
  static Progress of(boolean quiet, long iterations, Metrics metrics, PrintWriter err) {
    if (quiet) {
      return (_, _, _) -> {};
    }
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal ? new Bar(iterations, metrics) : new Lines(iterations, metrics, err);
  }

  private static String shown(double loss, Metrics metrics) {
    String part = metrics.part();
    return Text.format("loss %.3e", loss)
        + (part.isEmpty() ? "" : " (" + part + ")")
        + shown(", validation %.3e", metrics.validation())
        + Text.format(", nfe %,d", metrics.evaluations())
        + (metrics.rejected > 0 ? Text.format(", rejected %,d", metrics.rejected) : "")
        + shown(", rate %.2g", metrics.rate());
  }

  private static String shown(String format, double value) {
    return Double.isNaN(value) ? "" : Text.format(format, value);
  }

  /// A progress bar with the current loss.
  final class Bar implements Progress {
    private final ProgressBar bar;
    private final Metrics metrics;

    Bar(long iterations, Metrics metrics) {
      this.metrics = metrics;
      bar =
          new ProgressBarBuilder()
              .setTaskName("training")
              .setInitialMax(iterations)
              .setUpdateIntervalMillis(100)
              .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
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

  /// Lines for logs: one for each tenth of the training, and one every half a minute.
  final class Lines implements Progress {
    private static final long LONGEST = 30_000_000_000L;
    private final long iterations;
    private final Metrics metrics;
    private final PrintWriter err;
    private final long before;
    private final long start = System.nanoTime();
    private long last = start;

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
      if (done * 10 / iterations > iteration * 10 / iterations || now - last > LONGEST) {
        last = now;
        double left = (now - start) / 1e9 * (iterations - done) / (done - before);
        err.println(
            Text.format(
                "iteration %d of %d: %s, %.0f s left",
                done, iterations, shown(loss, metrics), Math.max(0, left)));
        err.flush();
      }
    }
  }
}
