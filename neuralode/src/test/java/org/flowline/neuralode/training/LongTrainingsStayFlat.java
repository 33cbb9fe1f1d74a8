package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The memory in use does not grow with the iterations. `-Dflowline.soak=100000` makes as many,
/// tells memory and speed as it goes, and also requires that the speed lasts.
class LongTrainingsStayFlat {
  private static final boolean SOAK = Integer.getInteger("flowline.soak") != null;
  private static final int ITERATIONS = Integer.getInteger("flowline.soak", 3000);
  private static final int PARTS = 50;
  private static final int FIFTH = PARTS / 5;

  /// Measures memory at the end of each part, and within it.
  private static final class Watch implements Trainer.Observer {
    private final int each = ITERATIONS / PARTS;
    private final double[] megabytes = new double[PARTS];
    private final double[] micros = new double[PARTS];
    private long since = System.nanoTime();

    @Override
    public void iteration(long iteration, double loss, double[] theta) {
      int part = (int) ((iteration + 1) / each) - 1;
      if ((iteration + 1) % each == 0 && part < PARTS) {
        micros[part] = (System.nanoTime() - since) / 1e3 / each;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        megabytes[part] = (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
        since = System.nanoTime();
      }
    }
  }

  @Test
  void inMemoryAndSpeed() {
    Watch watch = new Watch();
    double[] start = new SplittableRandom(1).doubles(Losses.network().dimension(), -1, 1).toArray();
    Trainer.Result result =
        Trainer.of(Losses.network(), Optimizer.adam(1e-3))
            .withObserver(watch)
            .train(start, watch.each * PARTS);
    assertTrue(result.status().succeeded(), result.status().message());
    double[] memory = new double[5];
    double[] time = new double[5];
    for (int fifth = 0; fifth < 5; fifth++) {
      memory[fifth] = median(watch.megabytes, fifth);
      time[fifth] = median(watch.micros, fifth);
      System.out.printf(
          Locale.ROOT,
          "%d iterations: %.2f MB, %.1f µs each%n",
          (fifth + 1) * FIFTH * watch.each,
          memory[fifth],
          time[fifth]);
    }
    // Compiled code and collected noise; a leak of one state per iteration of 10⁵ would be 10 MB.
    assertTrue(memory[4] < memory[0] + 2, "MB " + Arrays.toString(memory));
    if (SOAK) {
      // In the first fifth the compiler is at work; medians, as others use the machine, too.
      assertTrue(time[4] <= 1.5 * time[1], "µs " + Arrays.toString(time));
    }
  }

  private static double median(double[] values, int fifth) {
    double[] sorted = Arrays.copyOfRange(values, fifth * FIFTH, (fifth + 1) * FIFTH);
    Arrays.sort(sorted);
    return (sorted[(FIFTH - 1) / 2] + sorted[FIFTH / 2]) / 2;
  }
}
