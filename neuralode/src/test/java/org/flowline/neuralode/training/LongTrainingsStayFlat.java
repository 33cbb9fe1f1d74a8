package org.flowline.neuralode.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The memory in use does not grow with the iterations. `-Dflowline.soak=100000` makes as many, and
/// tells memory and speed of each tenth.
class LongTrainingsStayFlat {
  private static final int ITERATIONS = Integer.getInteger("flowline.soak", 3000);
  private static final int PARTS = 10;

  @Test
  void inMemory() {
    long[] used = new long[PARTS + 1];
    long[] nanos = new long[PARTS + 1];
    int each = ITERATIONS / PARTS;
    Trainer.Observer watch =
        new Trainer.Observer() {
          @Override
          public void iteration(long iteration, double loss, double[] theta) {
            if (iteration % each == 0 && iteration / each <= PARTS) {
              int part = (int) (iteration / each);
              System.gc();
              Runtime runtime = Runtime.getRuntime();
              used[part] = runtime.totalMemory() - runtime.freeMemory();
              nanos[part] = System.nanoTime();
            }
          }
        };
    double[] start = new SplittableRandom(1).doubles(Losses.network().dimension(), -1, 1).toArray();
    Trainer.Result result =
        Trainer.of(Losses.network(), Optimizer.adam(1e-3))
            .withObserver(watch)
            .train(start, each * PARTS + 1);
    assertTrue(result.status().succeeded(), result.status().message());
    for (int part = 1; part <= PARTS; part++) {
      System.out.printf(
          Locale.ROOT,
          "%d iterations: %.2f MB, %.1f µs each%n",
          part * each,
          used[part] / 1e6,
          (nanos[part] - nanos[part - 1]) / 1e3 / each);
    }
    // Compiled code and collected noise; a leak of one state per iteration of 10⁵ would be 10 MB.
    assertTrue(used[PARTS] < used[1] + 2_000_000, "grew from " + used[1] + " to " + used[PARTS]);
  }
}
