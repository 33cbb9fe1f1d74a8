package org.flowline.neuralode;

import java.util.Arrays;
import java.util.function.IntFunction;

/// A batch cut into shards of rows, which are evaluated and pulled back on several cores:
///
///     f(t, Y; θ) = [f(t, Y₁; θ); f(t, Y₂; θ); …]        θ̄ = θ̄₁ + θ̄₂ + …
///
/// The shards depend on the batch alone, and their parts of `θ̄` are summed in their order: the
/// numbers are the same to the last bit whatever the number of threads. They differ from those of
/// one field on the whole batch by the rounding of that sum.
///
/// It pays where an evaluation takes longer than some 20 µs. Like any
/// field it is for one thread at a time. Evaluating allocates nothing.
public final class ShardedField implements DifferentiableField {

  /// Rows of a shard by default: enough for matrix products to run at full speed.
  private static final int ROWS = 128;

  private final Shard[] shards;
  private final int threads;
  private final Crew.Work parts = this::part;
  private final int dimension;
  private final int parameters;

  private ShardedField(Shard[] shards, int threads) {
    this.shards = shards;
    this.threads = Math.min(threads, shards.length);
    this.dimension = Arrays.stream(shards).mapToInt(shard -> shard.field.dimension()).sum();
    this.parameters = shards[0].field.parameterCount();
  }

  /// A field on so many rows from the fields on the shards' rows, 128 each but for the last, on all
  /// cores.
  ///
  /// @param fieldOnRows a new field on a batch of so many rows; all must have the same parameters
  /// @throws IllegalArgumentException if there is no row, or their parameters differ in number
  public static ShardedField of(int rows, IntFunction<? extends DifferentiableField> fieldOnRows) {
    return of(rows, ROWS, Runtime.getRuntime().availableProcessors(), fieldOnRows);
  }

  /// A field on so many rows, `rowsPerShard` in each shard but for the last, on so many threads.
  ///
  /// @throws IllegalArgumentException if one of the numbers is not positive, or the parameters
  ///     differ in number
  public static ShardedField of(
      int rows,
      int rowsPerShard,
      int threads,
      IntFunction<? extends DifferentiableField> fieldOnRows) {
    if (rows < 1 || rowsPerShard < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "sharded field: %d rows, %d per shard, %d threads; want at least 1 of each"
              .formatted(rows, rowsPerShard, threads));
    }
    int count = (rows + rowsPerShard - 1) / rowsPerShard;
    Shard[] shards = new Shard[count];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      DifferentiableField field =
          fieldOnRows.apply(Math.min(rowsPerShard, rows - i * rowsPerShard));
      if (i > 0 && field.parameterCount() != shards[0].field.parameterCount()) {
        throw new IllegalArgumentException(
            "sharded field: shard %d has %d parameters, the first has %d; want the same"
                .formatted(i, field.parameterCount(), shards[0].field.parameterCount()));
      }
      shards[i] = new Shard(field, offset);
      offset += field.dimension();
    }
    return new ShardedField(shards, threads);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public boolean pure() {
    return Arrays.stream(shards).allMatch(shard -> shard.field.pure());
  }

  @Override
  public int parameterCount() {
    return parameters;
  }

  @Override
  public void bind(double[] theta) {
    for (Shard shard : shards) {
      shard.field.bind(theta);
    }
  }

  @Override
  public double[] parameters() {
    return shards[0].field.parameters();
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    run(Work.EVALUATE, t, y, null, dydt, null);
  }

  @Override
  public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    run(Work.PULL_BACK, t, y, a, null, yBar);
    return summed(thetaBar);
  }

  @Override
  public double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    run(Work.BOTH, t, y, a, dydt, yBar);
    return summed(thetaBar);
  }

  private double summed(double[] thetaBar) {
    double timeBar = 0;
    for (Shard shard : shards) {
      timeBar += shard.timeBar;
      StepCotangents.add(thetaBar, shard.thetaBar, 0);
    }
    return timeBar;
  }

  /// Thread `k` of `n` takes the shards `k, k + n, …`.
  private void run(Work work, double t, double[] y, double[] a, double[] dydt, double[] yBar) {
    for (Shard shard : shards) {
      shard.set(work, t, y, a, dydt, yBar);
    }
    Crew.COMMON.run(parts, threads);
  }

  private void part(int k) {
    for (int i = k; i < shards.length; i += threads) {
      shards[i].work();
    }
  }

  /// What a shard is to do.
  private enum Work {
    EVALUATE,
    PULL_BACK,
    BOTH
  }

  /// A part of the batch.
  private static final class Shard {
    private final DifferentiableField field;
    private final int offset;
    private final double[] y;
    private final double[] a;
    private final double[] dydt;
    private final double[] yBar;
    private final double[] thetaBar;
    private double timeBar;

    private Work work;
    private double t;
    private double[] allY;
    private double[] allA;
    private double[] allDydt;
    private double[] allYBar;

    Shard(DifferentiableField field, int offset) {
      this.field = field;
      this.offset = offset;
      int n = field.dimension();
      this.y = new double[n];
      this.a = new double[n];
      this.dydt = new double[n];
      this.yBar = new double[n];
      this.thetaBar = new double[field.parameterCount()];
    }

    void set(Work work, double t, double[] y, double[] a, double[] dydt, double[] yBar) {
      this.work = work;
      this.t = t;
      this.allY = y;
      this.allA = a;
      this.allDydt = dydt;
      this.allYBar = yBar;
    }

    void work() {
      int n = y.length;
      System.arraycopy(allY, offset, y, 0, n);
      if (work == Work.EVALUATE) {
        field.evaluate(t, y, dydt);
      } else {
        System.arraycopy(allA, offset, a, 0, n);
        Arrays.fill(thetaBar, 0);
        timeBar =
            work == Work.BOTH
                ? field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar)
                : field.pullback(t, y, a, yBar, thetaBar);
        System.arraycopy(yBar, 0, allYBar, offset, n);
      }
      if (work != Work.PULL_BACK) {
        System.arraycopy(dydt, 0, allDydt, offset, n);
      }
    }
  }
}
