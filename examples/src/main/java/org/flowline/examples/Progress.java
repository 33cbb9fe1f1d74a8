package org.flowline.examples;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.flowline.neuralode.training.Trainer;

/// Shows how training goes, on standard error: a bar on a terminal, else a line for every tenth of
/// the way.
interface Progress extends Trainer.Observer, AutoCloseable {

  @Override
  void close();

  static Progress of(long iterations, PrintWriter err) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal ? new Bar(iterations) : new Lines(iterations, err);
  }

  private static String shown(double loss) {
    return String.format(Locale.ROOT, "loss %.3e", loss);
  }

  /// A progress bar with the current loss.
  final class Bar implements Progress {
    private static final int MILLISECONDS = 100;
    private static final int COLUMNS = 100;
    private final ProgressBar bar;

    Bar(long iterations) {
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
        bar.setExtraMessage(shown(loss));
      }
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /// Plain lines, for logs.
  final class Lines implements Progress {
    private final long iterations;
    private final PrintWriter err;

    Lines(long iterations, PrintWriter err) {
      this.iterations = iterations;
      this.err = err;
    }

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      long done = iteration + 1;
      if (done * 10 / iterations > iteration * 10 / iterations) {
        err.println("iteration " + done + " of " + iterations + ": " + shown(loss));
      }
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
