package org.flowline.odesolvers.field;

import java.util.random.RandomGenerator;

/// One path `W(t)` of as many independent Wiener processes as [#dimension], on `[t0, t1]`:
///
///     W(t0) = 0        W(b) − W(a) ~ N(0, b − a)        independent of all before a
///
/// The path is frozen: the seed alone determines `W(t)` at every `t`, to the bit, for any order of
/// calls and any step size. Lévy's construction: with `Z ~ N(0, 1)` hashed from the seed and the
/// node,
///
///     W((a + b)/2) = (W(a) + W(b))/2 + √(b − a)/2 · Z
///
/// down to cells of `2⁻³² (t1 − t0)`, each with one more `Z`: values at times in different cells
/// have the joint law of Brownian motion. Normal numbers are by [RandomGenerator#nextGaussian].
/// Lévy (1948), §1.
///
/// @param seed identifies the path
/// @param dimension number of processes
public record BrownianPath(long seed, int dimension, double t0, double t1) {

  private static final int LEVELS = 32;

  /// @throws IllegalArgumentException if the dimension is not positive, or `t0 < t1` does not hold
  ///     of two finite times
  public BrownianPath {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "BrownianPath: dimension %s, want at least 1".formatted(dimension));
    }
    if (!(t0 < t1 && Double.isFinite(t1 - t0))) {
      throw new IllegalArgumentException(
          "BrownianPath: from %s to %s, want finite times t0 < t1; a solve may go either way"
              .formatted(t0, t1));
    }
  }

  /// Returns the path of this seed.
  ///
  /// @throws IllegalArgumentException as the constructor
  public static BrownianPath of(long seed, int dimension, double t0, double t1) {
    return new BrownianPath(seed, dimension, t0, t1);
  }

  /// Checks that the path covers a solve between these times, in either direction.
  ///
  /// @throws IllegalArgumentException if the solve would leave the path
  public void requireCovered(double start, double end) {
    if (!(t0 <= Math.min(start, end) && Math.max(start, end) <= t1)) {
      throw new IllegalArgumentException(
          "BrownianPath: from %s to %s, want one that covers the solve from %s to %s"
              .formatted(t0, t1, start, end));
    }
  }

  /// Returns `W(t)` in a new array; a [Reader] is faster for many times.
  ///
  /// @throws IllegalArgumentException if `t` is outside the path
  public double[] at(double t) {
    double[] w = new double[dimension];
    reader().value(t, w);
    return w;
  }

  /// Returns a reader of this path, with its own workspace.
  public Reader reader() {
    return new Reader(this);
  }

  /// Reads the path and caches the bisection of the last time, so that times close to each other
  /// are cheap: at most 32 normal numbers per process, 2 on average over the nodes of a dyadic
  /// grid. For one thread.
  public static final class Reader {

    private final BrownianPath path;
    private final NodeHash hash = new NodeHash();

    /// Values at the ends of the intervals that contain the last time, by level.
    private final double[][] left;

    private final double[][] right;

    /// Half the square root of the length of an interval, by level.
    private final double[] spread = new double[LEVELS + 1];

    private long cell;
    private int depth;

    private Reader(BrownianPath path) {
      this.path = path;
      this.left = new double[LEVELS + 1][path.dimension];
      this.right = new double[LEVELS + 1][path.dimension];
      double length = path.t1 - path.t0;
      for (int level = 0; level <= LEVELS; level++) {
        spread[level] = Math.sqrt(length) / 2 * Math.pow(2, -level / 2.0);
      }
      hash.node(path.seed, 0);
      for (int j = 0; j < path.dimension; j++) {
        right[0][j] = Math.sqrt(length) * hash.normal(j);
      }
    }

    /// Overwrites `w` with `W(t)`.
    ///
    /// @throws IllegalArgumentException if `t` is outside the path
    public void value(double t, double[] w) {
      if (!(path.t0 <= t && t <= path.t1)) {
        throw new IllegalArgumentException(
            "BrownianPath: time %s is outside [%s, %s], want a path as long as the solve"
                .formatted(t, path.t0, path.t1));
      }
      double position = (t - path.t0) / (path.t1 - path.t0) * (1L << LEVELS);
      long next = Math.min((long) position, (1L << LEVELS) - 1);
      double theta = position - next;
      int level = theta == 0 ? LEVELS - Math.min(LEVELS, Long.numberOfTrailingZeros(next)) : LEVELS;
      descend(next, level);
      double[] from = left[level];
      double[] to = right[level];
      if (theta == 0) {
        System.arraycopy(from, 0, w, 0, path.dimension);
      } else if (theta == 1) {
        System.arraycopy(to, 0, w, 0, path.dimension);
      } else {
        double deviation = 2 * spread[LEVELS] * Math.sqrt(theta * (1 - theta));
        hash.node(path.seed, (1L << LEVELS) | next);
        for (int j = 0; j < path.dimension; j++) {
          w[j] = from[j] + theta * (to[j] - from[j]) + deviation * hash.normal(j);
        }
      }
    }

    /// Sets `left` and `right` for the intervals that contain a cell, down to a level.
    private void descend(long next, int level) {
      int shared = Long.numberOfLeadingZeros(cell ^ next) - (Long.SIZE - LEVELS);
      int from = Math.min(depth, shared);
      for (int above = from; above < level; above++) {
        split(above, next >>> (LEVELS - above), (next >>> (LEVELS - 1 - above) & 1) == 0);
      }
      cell = next;
      depth = Math.max(from, level);
    }

    /// Bisects the interval of one level and keeps its first or second half.
    private void split(int level, long index, boolean first) {
      double[] a = left[level];
      double[] b = right[level];
      double[] halfA = left[level + 1];
      double[] halfB = right[level + 1];
      hash.node(path.seed, (1L << level) | index);
      for (int j = 0; j < path.dimension; j++) {
        double middle = (a[j] + b[j]) / 2 + spread[level] * hash.normal(j);
        halfA[j] = first ? a[j] : middle;
        halfB[j] = first ? middle : b[j];
      }
    }
  }

  /// Normal numbers by node: SplitMix64 seeded with a hash of the node, as in `SplittableRandom`,
  /// without an object per node. Steele, Lea & Flood (2014).
  private static final class NodeHash implements RandomGenerator {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long node;
    private long state;

    void node(long seed, long index) {
      node = mix(mix(seed + GOLDEN) + index * GOLDEN);
    }

    double normal(int process) {
      state = mix(node ^ (process * GOLDEN));
      return nextGaussian();
    }

    @Override
    public long nextLong() {
      state += GOLDEN;
      return mix(state);
    }

    private static long mix(long z) {
      long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
      return b ^ (b >>> 31);
    }
  }
}
