package org.flowline.neuralode.training.objective;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.flowline.neuralode.ForwardingObjective;
import org.flowline.neuralode.Objective;

/// An objective on mini-batches of samples; the batch is a function of training time alone:
///
///     L(τ, θ) = loss of batch ⌊τ/h⌋
///
/// An epoch passes over all samples in a random order of its own, so that runs from the same seed
/// get the same batches, also after a resume. The batch is the same within a step. The last batch
/// of an epoch may be smaller.
///
/// The best θ of a [org.flowline.neuralode.training.Trainer.Result] is then the best for one batch;
/// use [org.flowline.neuralode.training.EarlyStopping] with the loss of all samples, or of others.
///
/// Not thread-safe.
public final class MiniBatches implements ForwardingObjective {

  /// A loss of some of many samples.
  @FunctionalInterface
  public interface Samples {
    /// Returns the loss on these samples.
    ///
    /// @param numbers of the samples, counted from 0
    Objective objective(int[] numbers);
  }

  private final int count;
  private final int size;
  private final double interval;
  private final long seed;
  private final Samples samples;
  private final int[] order;
  private long shuffled = -1;

  /// The curriculum with a phase for each iteration.
  private final Curriculum batches;

  private static final int MOST = 1 << 28;

  private MiniBatches(int count, int size, double interval, long seed, Samples samples) {
    this.count = count;
    this.size = size;
    this.interval = interval;
    this.seed = seed;
    this.samples = samples;
    this.order = new int[count];
    this.batches =
        Curriculum.of(
            tau -> (int) iteration(tau, interval),
            number -> samples.objective(batch((long) number)));
  }

  /// Returns the objective with all of `count` samples in every batch; see [#withSize].
  ///
  /// @throws IllegalArgumentException if there are no samples, or more than 2²⁸
  public static MiniBatches of(int count, Samples samples) {
    require("samples", count, count >= 1 && count <= MOST, "1 … " + MOST);
    return new MiniBatches(count, count, 1, 0, samples);
  }

  /// Returns these samples in batches of `size`, a new batch after each `interval` of training
  /// time.
  ///
  /// @param interval for one batch in each iteration
  ///     [org.flowline.neuralode.training.Optimizer#interval], which with momentum is not η
  /// @throws IllegalArgumentException unless the size is between 1 and all, and the interval
  ///     positive
  public MiniBatches withSize(int size, double interval) {
    require("size", size, size >= 1 && size <= count, "1 … " + count);
    require("interval", interval, interval > 0, "a number above 0");
    return new MiniBatches(count, size, interval, seed, samples);
  }

  /// Returns these batches in the random order of another seed.
  public MiniBatches withSeed(long seed) {
    return new MiniBatches(count, size, interval, seed, samples);
  }

  private static void require(String what, Number came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("mini-batches: " + what + " " + came + "; want " + wanted);
    }
  }

  /// The numbers of the samples in use at `tau`.
  public int[] batch(double tau) {
    return batch(iteration(tau, interval));
  }

  private int[] batch(long number) {
    int perEpoch = Math.ceilDiv(count, size);
    long epoch = Math.floorDiv(number, perEpoch);
    if (epoch != shuffled) {
      shuffle(epoch);
    }
    int from = Math.floorMod(number, perEpoch) * size;
    return Arrays.copyOfRange(order, from, Math.min(count, from + size));
  }

  /// The iteration at this training time.
  static long iteration(double tau, double interval) {
    // A step's start is k·h up to rounding, which must not fall into the previous iteration.
    return (long) Math.floor(tau / interval + 1e-6);
  }

  /// Random numbers for each `number`. Seeds that differ by multiples of this generator's increment
  /// would give the same numbers, shifted.
  static SplittableRandom random(long seed, long number) {
    return new SplittableRandom(seed + number * 0xD1342543DE82EF95L);
  }

  /// Shuffles by Fisher and Yates.
  private void shuffle(long epoch) {
    Arrays.setAll(order, i -> i);
    SplittableRandom random = random(seed, epoch);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    shuffled = epoch;
  }

  @Override
  public Objective objective() {
    return batches;
  }

  /// The batches are one phase.
  @Override
  public int phase(double tau) {
    return 0;
  }

  @Override
  public boolean varies() {
    return size < count;
  }
}
