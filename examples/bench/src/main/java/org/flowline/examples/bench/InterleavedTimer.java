package org.flowline.examples.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/// Times tasks interleaved, so that noise of the machine affects all of them equally: each round
/// runs every task once, with a gauge of the machine before each. Reports medians over the rounds.
final class InterleavedTimer {
  /// The time to spend.
  ///
  /// @param warmUpNanos the limit of the warm-up, which ends earlier once times no longer fall
  /// @param roundsNanos the limit of the rounds, of which there is at least one
  /// @param sampleNanos the time of one task in one round: short tasks are repeated
  record Budget(long warmUpNanos, long roundsNanos, long sampleNanos) {
    private static final double LONGEST_SAMPLE = 1e6;

    /// About this long in all; at least one round with one run of each task.
    static Budget ofSeconds(double seconds) {
      double nanos = 1e9 * seconds;
      double sample = Math.min(LONGEST_SAMPLE, nanos / 10_000);
      return new Budget((long) (0.4 * nanos), (long) (0.6 * nanos), (long) sample);
    }

    /// A tenth of this budget.
    Budget tenth() {
      return new Budget(warmUpNanos / 10, roundsNanos / 10, sampleNanos);
    }
  }

  private static final int MOST_ROUNDS = 1_000;

  /// Two passes in a row that take more than this fraction of the previous one end the warm-up.
  private static final double FASTER = 0.98;

  /// The time of one task in a pass of the warm-up, in samples.
  private static final int WARM_UP_SAMPLES = 30;

  private final List<Runnable> works;
  private final DoubleSupplier gauge;
  private final Budget budget;
  private final double[][] samples;
  private final double[] gauged;
  private int rounds;

  private InterleavedTimer(List<Runnable> works, DoubleSupplier gauge, Budget budget) {
    this.works = works;
    this.gauge = gauge;
    this.budget = budget;
    this.samples = new double[works.size()][MOST_ROUNDS];
    this.gauged = new double[works.size() * MOST_ROUNDS];
  }

  /// Times tasks for about this long, without a gauge.
  static InterleavedTimer of(List<Runnable> works, double seconds) {
    return of(works, () -> 0, Budget.ofSeconds(seconds));
  }

  static InterleavedTimer of(List<Runnable> works, DoubleSupplier gauge, Budget budget) {
    InterleavedTimer rounds = new InterleavedTimer(works, gauge, budget);
    rounds.measure(rounds.warmUp());
    return rounds;
  }

  int rounds() {
    return rounds;
  }

  /// The median time of one run of this task, in nanoseconds.
  double nanos(int work) {
    return median(samples[work], rounds);
  }

  /// The shortest time of one run of this task, in nanoseconds.
  double fastestNanos(int work) {
    return Arrays.stream(samples[work], 0, rounds).min().orElseThrow();
  }

  /// The median of the gauge.
  double gauge() {
    return median(gauged, rounds * works.size());
  }

  /// Runs all tasks until they no longer get faster.
  ///
  /// @return the number of runs of each task in a sample
  private int[] warmUp() {
    long start = System.nanoTime();
    double[] fastest = new double[works.size()];
    double before = Double.POSITIVE_INFINITY;
    for (int slow = 0; slow < 2 && System.nanoTime() - start < budget.warmUpNanos; ) {
      double total = 0;
      for (int i = 0; i < fastest.length; i++) {
        gauge.getAsDouble();
        fastest[i] = warm(works.get(i));
        total += Math.log(fastest[i]);
      }
      // The geometric mean weights short and long tasks equally.
      double mean = Math.exp(total / fastest.length);
      slow = mean < FASTER * before ? 0 : slow + 1;
      before = mean;
    }
    int[] repeats = new int[fastest.length];
    Arrays.setAll(
        repeats, i -> (int) Math.max(1, budget.sampleNanos / Math.max(1, fastest[i] + 1)));
    return repeats;
  }

  /// Doubles the number of runs until they fill the time, and returns the time of one of the last.
  private double warm(Runnable work) {
    for (int repeats = 1; ; repeats *= 2) {
      double nanos = time(work, repeats);
      if (nanos * repeats >= WARM_UP_SAMPLES * budget.sampleNanos / 2.0) {
        return nanos;
      }
    }
  }

  private void measure(int[] repeats) {
    long start = System.nanoTime();
    do {
      for (int i = 0; i < repeats.length; i++) {
        gauged[rounds * repeats.length + i] = gauge.getAsDouble();
        if (budget.sampleNanos > 0) {
          works.get(i).run(); // reloads its data into the cache
        }
        samples[i][rounds] = time(works.get(i), repeats[i]);
      }
      rounds++;
    } while (rounds < MOST_ROUNDS && System.nanoTime() - start < budget.roundsNanos);
  }

  /// The mean time of this many runs, in nanoseconds.
  static double time(Runnable work, int repeats) {
    long start = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      work.run();
    }
    return Math.max(1, System.nanoTime() - start) / (double) repeats;
  }

  private static double median(double[] values, int count) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  }
}
