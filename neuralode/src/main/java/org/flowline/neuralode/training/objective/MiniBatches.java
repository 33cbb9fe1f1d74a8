package org.flowline.neuralode.training.objective;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.flowline.neuralode.Costs;
import org.flowline.neuralode.TwiceDifferentiableObjective;
import org.flowline.odesolvers.Status;

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
public final class MiniBatches implements TwiceDifferentiableObjective {

  /// A loss on some of many samples and its gradient.
  @FunctionalInterface
  public interface Samples {
    /// Returns the loss on these samples at `theta` and its gradient.
    ///
    /// @param samples their numbers, counted from 0
    /// @param gradient overwritten
    double gradient(int[] samples, double[] theta, double[] gradient);

    /// Returns the loss alone, to the same bits.
    default double loss(int[] samples, double[] theta) {
      return gradient(samples, theta, new double[theta.length]);
    }

    /// The cost so far.
    default Costs costs() {
      return Costs.NONE;
    }

    /// The status of the solve that failed in the last evaluation, if one did.
    default Optional<Status> failure() {
      return Optional.empty();
    }
  }

  /// Samples whose loss has a Hessian.
  public interface TwiceDifferentiableSamples extends Samples {
    /// The Hessian of the loss on these samples at `theta`, which is copied.
    Curvature hessian(int[] samples, double[] theta);
  }

  private final int dimension;
  private final int count;
  private final int size;
  private final double interval;
  private final long seed;
  private final Samples samples;
  private final int[] order;
  private long shuffled = -1;

  private MiniBatches(
      int dimension, int count, int size, double interval, long seed, Samples samples) {
    this.dimension = dimension;
    this.count = count;
    this.size = size;
    this.interval = interval;
    this.seed = seed;
    this.samples = samples;
    this.order = new int[count];
  }

  /// Returns the objective with all of `count` samples in every batch; see [#withSize].
  ///
  /// @param dimension the length of θ
  /// @throws IllegalArgumentException if there are no samples
  public static MiniBatches of(int dimension, int count, Samples samples) {
    require("samples", count, count >= 1, "1 or more");
    return new MiniBatches(dimension, count, count, 1, 0, samples);
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
    return new MiniBatches(dimension, count, size, interval, seed, samples);
  }

  /// Returns these batches in the random order of another seed.
  public MiniBatches withSeed(long seed) {
    return new MiniBatches(dimension, count, size, interval, seed, samples);
  }

  private static void require(String what, double came, boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("mini-batches: " + what + " " + came + "; want " + wanted);
    }
  }

  /// The numbers of the samples in use at `tau`.
  public int[] batch(double tau) {
    int perEpoch = (count + size - 1) / size;
    long number = iteration(tau, interval);
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
  public boolean varies() {
    return size < count;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public double gradient(double tau, double[] theta, double[] gradient) {
    return samples.gradient(batch(tau), theta, gradient);
  }

  @Override
  public double loss(double tau, double[] theta) {
    return samples.loss(batch(tau), theta);
  }

  @Override
  public Costs costs() {
    return samples.costs();
  }

  @Override
  public Optional<Status> failure() {
    return samples.failure();
  }

  @Override
  public boolean hasHessian() {
    return samples instanceof TwiceDifferentiableSamples;
  }

  /// The Hessian on the batch at `tau`.
  ///
  /// @throws IllegalArgumentException if the samples have none
  @Override
  public Curvature hessian(double tau, double[] theta) {
    if (!(samples instanceof TwiceDifferentiableSamples curved)) {
      throw new IllegalArgumentException(
          "mini-batches: samples without second derivatives; want TwiceDifferentiableSamples, such"
              + " as a TrajectoriesObjective");
    }
    return curved.hessian(batch(tau), theta);
  }
}
