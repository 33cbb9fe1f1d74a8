package org.flowline.neuralode.field;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.flowline.neuralode.CachingField;
import org.flowline.neuralode.DifferentiableField;
import org.flowline.neuralode.NeuralField;
import org.flowline.neuralode.Vectors;
import org.flowline.neuralode.nn.Layer;
import org.flowline.odesolvers.field.ParallelField;
import org.flowline.odesolvers.field.ThreadTeam;

/// A batch cut into shards of rows, which are evaluated and pulled back on several cores:
///
///     f(t, Y; θ) = [f(t, Y₁; θ); f(t, Y₂; θ); …]        θ̄ = θ̄₁ + θ̄₂ + …
///
/// The shards depend on the batch alone, and their parts of `θ̄` are summed in their order: the
/// numbers are the same to the last bit whatever the number of threads. They differ from those of
/// one field on the whole batch by the rounding of that sum.
///
/// Explicit Runge–Kutta solves and the discrete adjoint's sweep share their own arithmetic on such
/// states among the same threads, see [ParallelField], and the sum over shards is shared by ranges
/// of θ. Rows must not depend on each other, as those of a layer do not; a field that mixes them
/// cannot be cut.
///
/// It pays where an evaluation takes longer than some 20 µs. Like any field it is for one caller at
/// a time. Evaluating allocates nothing.
public final class ShardedField implements CachingField, ParallelField {

  /// Rows of a shard by default, at least: enough for matrix products to run at full speed. Hence
  /// batches of twice as many are cut.
  private static final int ROWS = 128;

  private final Shard[] shards;
  private final ThreadTeam team;
  private final ThreadTeam.Work each = this::each;
  private final ThreadTeam.Work sum = this::sum;
  private final int dimension;
  private final int parameters;

  /// Known when first asked for; −1 before.
  private int slots = -1;

  private double[] thetaBar;

  private ShardedField(Shard[] shards, int threads) {
    this.shards = shards;
    this.team = ThreadTeam.of(Math.min(threads, shards.length));
    this.dimension = Arrays.stream(shards).mapToInt(shard -> shard.field.dimension()).sum();
    this.parameters = shards[0].field.parameterCount();
  }

  /// The autonomous field `dy/dt = layer(y; θ)` as [NeuralField#of(Layer, int, int)] has it, with θ
  /// = 0 until [#bind] is called; on all cores from 256 rows on.
  public static ShardedField of(Layer layer, int rows, int columns) {
    return of(rows, count -> NeuralField.of(layer, count, columns));
  }

  /// A field on so many rows from the fields on the shards' rows, on all cores. Batches of 256 rows
  /// and more are cut, into shards of 128 rows or some more each but for the last.
  ///
  /// @param fieldOnRows a new field on a batch of so many rows; all must have the same parameters
  /// @throws IllegalArgumentException if there is no row, two fields are the same one, or their
  ///     parameters differ in number
  public static ShardedField of(int rows, IntFunction<? extends DifferentiableField> fieldOnRows) {
    int count = Math.max(1, rows / ROWS);
    int rowsPerShard = Math.max(1, (rows + count - 1) / count);
    return of(rows, rowsPerShard, Runtime.getRuntime().availableProcessors(), fieldOnRows);
  }

  /// A field on so many rows, `rowsPerShard` in each shard but for the last, on so many threads.
  ///
  /// @throws IllegalArgumentException if one of the numbers is not positive, two fields are the
  ///     same
  ///     one, or their parameters differ in number
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
      for (int j = 0; j < i; j++) {
        if (shards[j].field == field) {
          throw new IllegalArgumentException(
              "sharded field: shards %d and %d are the same field; want a new one for each, as of fork()"
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

  /// As many as a shard has, divided by the number of shards: all together take no more memory than
  /// one of them may. None where a shard's field keeps nothing.
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
    run(Work.KEEP, t, y, null, dydt, null);
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
    run(Work.PULL_BACK_KEPT, t, y, a, null, yBar);
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
          "sharded field: slot %d of %d; want one from 0 on".formatted(slot, slots()));
    }
    for (Shard shard : shards) {
      shard.slot = slot;
    }
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

  /// Each parameter's parts are added in the order of the shards.
  private void sum(int k, int parts) {
    int from = ThreadTeam.rangeStart(parameters, k, parts);
    int to = ThreadTeam.rangeStart(parameters, k + 1, parts);
    for (Shard shard : shards) {
      Vectors.axpy(1, shard.thetaBar, 0, thetaBar, from, to);
    }
  }

  private void run(Work work, double t, double[] y, double[] a, double[] dydt, double[] yBar) {
    for (Shard shard : shards) {
      shard.set(work, t, y, a, dydt, yBar);
    }
    team.run(each);
  }

  /// A thread's shards are neighbours, so that they lie in the range of the state it works on.
  private void each(int k, int parts) {
    for (int i = shards.length * k / parts; i < shards.length * (k + 1) / parts; i++) {
      shards[i].work();
    }
  }

  /// What a shard is to do.
  private enum Work {
    EVALUATE,
    KEEP,
    PULL_BACK,
    PULL_BACK_KEPT,
    BOTH
  }

  /// A part of the batch.
  private static final class Shard {
    private final DifferentiableField field;

    /// The same field where it can keep evaluations, or null.
    private final CachingField keeping;

    private final int offset;
    private final double[] y;
    private final double[] a;
    private final double[] dydt;
    private final double[] yBar;

    /// Whether a pullback overwrites `thetaBar` instead of adding to it.
    private final boolean overwrites;

    private final double[] thetaBar;
    private double timeBar;

    private Work work;
    private int slot;
    private double t;
    private double[] allY;
    private double[] allA;
    private double[] allDydt;
    private double[] allYBar;

    Shard(DifferentiableField field, int offset) {
      this.field = field;
      this.keeping = field instanceof CachingField able ? able : null;
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

    void set(Work work, double t, double[] y, double[] a, double[] dydt, double[] yBar) {
      this.work = work;
      this.t = t;
      this.allY = y;
      this.allA = a;
      this.allDydt = dydt;
      this.allYBar = yBar;
    }

    int slots() {
      return keeping == null ? 0 : keeping.slots();
    }

    void work() {
      int n = y.length;
      System.arraycopy(allY, offset, y, 0, n);
      if (allA != null) {
        System.arraycopy(allA, offset, a, 0, n);
        if (!overwrites) {
          Arrays.fill(thetaBar, 0);
        }
      }
      switch (work) {
        case EVALUATE -> field.evaluate(t, y, dydt);
        case KEEP -> keeping.evaluateAndCache(slot, t, y, dydt);
        case PULL_BACK -> timeBar = field.pullback(t, y, a, yBar, thetaBar);
        case PULL_BACK_KEPT -> timeBar = keeping.pullbackCached(slot, t, y, a, yBar, thetaBar);
        case BOTH -> timeBar = field.evaluateAndPullback(t, y, a, dydt, yBar, thetaBar);
      }
      if (allDydt != null) {
        System.arraycopy(dydt, 0, allDydt, offset, n);
      }
      if (allYBar != null) {
        System.arraycopy(yBar, 0, allYBar, offset, n);
      }
    }
  }
}
