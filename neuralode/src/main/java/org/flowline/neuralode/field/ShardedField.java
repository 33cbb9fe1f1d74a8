package org.flowline.neuralode.field;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.nn.Layer;
import org.flowline.odesolvers.field.Breakpoints;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;

/// A batch divided into shards of rows, which are evaluated and pulled back in parallel:
///
///     f(t, Y; θ) = [f(t, Y₁; θ); f(t, Y₂; θ); …]        θ̄ = θ̄₁ + θ̄₂ + …
///
/// The shards depend on the batch alone, and their parts of `θ̄` are summed in order: the results
/// have the same bits for any number of threads. They differ from one field on the whole batch by
/// the rounding of that sum.
///
/// Explicit Runge–Kutta solves and the reverse sweep of the discrete adjoint divide their own
/// arithmetic among the same threads, see [ParallelField]; the sum over shards is divided by ranges
/// of θ. Rows must not depend on each other.
///
/// Worthwhile where an evaluation takes longer than some 20 µs. Not thread-safe. An evaluation
/// allocates nothing.
public final class ShardedField implements CachingField, ParallelField {

  /// The smallest default number of rows per shard, enough for matrix products at full speed.
  private static final int ROWS = 128;

  /// The largest number of shards.
  private static final int MOST = 1 << 14;

  private final Shard[] shards;
  private final ThreadTeam team;
  private final ThreadTeam.Work each = this::each;
  private final ThreadTeam.Work sum = this::sum;
  private final int dimension;
  private final int parameters;

  /// −1 before its first use.
  private int slots = -1;

  /// The arguments of the current call.
  private Work work;

  private int slot;
  private double t;
  private double[] y;
  private double[] a;
  private double[] dydt;
  private double[] yBar;
  private double[] thetaBar;

  private ShardedField(Shard[] shards, int threads) {
    this.shards = shards;
    this.team = ThreadTeam.of(Math.min(threads, shards.length));
    this.dimension = Arrays.stream(shards).mapToInt(shard -> shard.field.dimension()).sum();
    this.parameters = shards[0].field.parameterCount();
  }

  /// The autonomous field `dy/dt = layer(y; θ)`, see [NeuralField#of(Layer, int, int)], on all
  /// cores from 256 rows on.
  public static ShardedField of(Layer layer, int rows, int columns) {
    return of(rows, count -> NeuralField.of(layer, count, columns));
  }

  /// A field on this many rows from fields on the shards' rows, on all cores. Batches of 256 rows
  /// and more are divided into shards of 128 rows or slightly more each but for the last.
  ///
  /// @param fieldOnRows creates a field on this many rows; all must have the same parameters
  /// @throws IllegalArgumentException if there is no row, two fields are identical, or their
  ///     numbers of parameters differ
  public static ShardedField of(int rows, IntFunction<? extends DifferentiableField> fieldOnRows) {
    int count = Math.max(1, rows / ROWS);
    int rowsPerShard = Math.max(1, Math.ceilDiv(rows, count));
    return of(rows, rowsPerShard, Runtime.getRuntime().availableProcessors(), fieldOnRows);
  }

  /// A field on this many rows, `rowsPerShard` in each shard but for the last, on this many
  /// threads.
  ///
  /// @throws IllegalArgumentException if one of the numbers is not positive, there are more than
  ///     2¹⁴ shards, two fields are identical, or their numbers of parameters differ
  public static ShardedField of(
      int rows,
      int rowsPerShard,
      int threads,
      IntFunction<? extends DifferentiableField> fieldOnRows) {
    if (rows < 1 || rowsPerShard < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "sharded field: %s rows, %s per shard, %s threads; want at least 1 of each"
              .formatted(rows, rowsPerShard, threads));
    }
    int count = Math.ceilDiv(rows, rowsPerShard);
    if (count > MOST) {
      throw new IllegalArgumentException(
          "sharded field: %s shards; want at most %s, with more rows in each"
              .formatted(count, MOST));
    }
    Shard[] shards = new Shard[count];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      DifferentiableField field =
          fieldOnRows.apply(Math.min(rowsPerShard, rows - i * rowsPerShard));
      if (i > 0 && field.parameterCount() != shards[0].field.parameterCount()) {
        throw new IllegalArgumentException(
            "sharded field: shard %s has %s parameters, the first has %s; want the same"
                .formatted(i, field.parameterCount(), shards[0].field.parameterCount()));
      }
      for (int j = 0; j < i; j++) {
        if (shards[j].field == field) {
          throw new IllegalArgumentException(
              "sharded field: shards %s and %s are the same field; want a new one for each, as of fork()"
                  .formatted(j, i));
        }
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
  public Breakpoints breakpoints() {
    return Breakpoints.union(Arrays.stream(shards).map(shard -> shard.field.breakpoints()));
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
  public ThreadTeam team() {
    return team;
  }

  /// {@inheritDoc}
  ///
  /// The slots of a shard divided by the number of shards, so that all caches together are within
  /// the limit of one; 0 if a shard's field has no cache.
  @Override
  public int slots() {
    if (slots < 0) {
      slots = Arrays.stream(shards).mapToInt(Shard::slots).min().orElseThrow() / shards.length;
    }
    return slots;
  }

  @Override
  public void evaluate(double t, double[] y, double[] dydt) {
    run(Work.EVALUATE, t, y, null, dydt, null);
  }

  @Override
  public void evaluateAndCache(int slot, double t, double[] y, double[] dydt) {
    setSlot(slot);
    run(Work.CACHE, t, y, null, dydt, null);
  }

  @Override
  public double pullback(double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    run(Work.PULL_BACK, t, y, a, null, yBar);
    return summed(thetaBar);
  }

  @Override
  public double pullbackCached(
      int slot, double t, double[] y, double[] a, double[] yBar, double[] thetaBar) {
    setSlot(slot);
    run(Work.PULL_BACK_CACHED, t, y, a, null, yBar);
    return summed(thetaBar);
  }

  @Override
  public double evaluateAndPullback(
      double t, double[] y, double[] a, double[] dydt, double[] yBar, double[] thetaBar) {
    run(Work.BOTH, t, y, a, dydt, yBar);
    return summed(thetaBar);
  }

  private void setSlot(int slot) {
    if (slot < 0 || slot >= slots()) {
      throw new IllegalArgumentException(
          "sharded field: slot %s of %s; want one from 0 on".formatted(slot, slots()));
    }
    this.slot = slot;
  }

  private double summed(double[] thetaBar) {
    this.thetaBar = thetaBar;
    team.on(parameters).run(sum);
    double timeBar = 0;
    for (Shard shard : shards) {
      timeBar += shard.timeBar;
    }
    return timeBar;
  }

  /// Sums the parts of a range of parameters in the order of the shards.
  private void sum(int k, int parts) {
    int from = ThreadTeam.rangeStart(parameters, k, parts);
    int to = ThreadTeam.rangeStart(parameters, k + 1, parts);
    for (Shard shard : shards) {
      Vectors.axpy(1, shard.thetaBar, 0, thetaBar, from, to);
    }
  }

  private void run(Work work, double t, double[] y, double[] a, double[] dydt, double[] yBar) {
    this.work = work;
    this.t = t;
    this.y = y;
    this.a = a;
    this.dydt = dydt;
    this.yBar = yBar;
    team.run(each);
  }

  /// Runs neighbouring shards, which lie in the thread's range of the state.
  private void each(int k, int parts) {
    for (int i = shards.length * k / parts; i < shards.length * (k + 1) / parts; i++) {
      shards[i].work(this);
    }
  }

  /// The operation of a call.
  private enum Work {
    EVALUATE,
    CACHE,
    PULL_BACK,
    PULL_BACK_CACHED,
    BOTH
  }

  /// A part of the batch.
  private static final class Shard {
    private final DifferentiableField field;

    /// The field if it has a cache, or null.
    private final CachingField caching;

    private final int offset;
    private final double[] y;
    private final double[] a;
    private final double[] dydt;
    private final double[] yBar;

    /// True if a pullback overwrites `thetaBar` instead of accumulating.
    private final boolean overwrites;

    private final double[] thetaBar;
    private double timeBar;

    Shard(DifferentiableField field, int offset) {
      this.field = field;
      this.caching = field instanceof CachingField able ? able : null;
      this.offset = offset;
      int n = field.dimension();
      this.y = new double[n];
      this.a = new double[n];
      this.dydt = new double[n];
      this.yBar = new double[n];
      this.overwrites = field instanceof NeuralField;
      this.thetaBar =
          field instanceof NeuralField neural
              ? neural.thetaPart()
              : new double[field.parameterCount()];
    }

    int slots() {
      return caching == null ? 0 : caching.slots();
    }

    void work(ShardedField all) {
      int n = y.length;
      double t = all.t;
      System.arraycopy(all.y, offset, y, 0, n);
      if (all.a != null) {
        System.arraycopy(all.a, offset, a, 0, n);
        if (!overwrites) {
          Arrays.fill(thetaBar, 0);
        }
      }
      switch (all.work) {
        case EVALUATE -> field.evaluate(t, y, dydt);
        case CACHE -> caching.evaluateAndCache(all.slot, t, y, dydt);
        case PULL_BACK -> timeBar = field.pullback(t, y, a, yBar, thetaBar);
        case PULL_BACK_CACHED ->
            timeBar = caching.pullbackCached(all.slot, t, y, a, yBar, thetaBar);
        case BOTH -> timeBar = field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
      }
      if (all.dydt != null) {
        System.arraycopy(dydt, 0, all.dydt, offset, n);
      }
      if (all.yBar != null) {
        System.arraycopy(yBar, 0, all.yBar, offset, n);
      }
    }
  }
}
