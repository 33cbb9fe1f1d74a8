package org.flowline.neuralode.dynamics;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Shape;
import org.flowline.autodiff.Var;

/// Measured inputs `u(t)`, interpolated between their times, for a [ControlledField]. Constant
/// before the first and after the last.
///
/// With `sᵢ = (t − tᵢ)/hᵢ` clamped to `[0, 1]`, a sum over all intervals:
///
///     linear   u = u₀ + Σ sᵢ Δuᵢ
///     cubic    u = u₀ + Σ s²(3 − 2s) Δuᵢ + s(1 − s)² hᵢ mᵢ − s²(1 − s) hᵢ mᵢ₊₁
///
/// with slopes `mᵢ` from parabolas through three neighbours, at the ends from their interval. An
/// evaluation costs O(K) for `K` times. At kinks of `u` (of the linear one at every time, of the
/// cubic one in its second derivative) adaptive steps are rejected; see `withStops`.
public final class Signal {
  private final int intervals;
  private final int width;
  private final double[] starts;
  private final double[] inverse;
  private final double[] first;
  private final double[] changes;

  /// `hᵢ mᵢ` and `hᵢ mᵢ₊₁`; null if linear.
  private final double[] startSlopes;

  private final double[] endSlopes;

  private Signal(double[] times, List<double[]> values, boolean smooth) {
    boolean fits = times.length >= 2 && times.length == values.size();
    for (int i = 0; fits && i < times.length; i++) {
      fits =
          (i == 0 || times[i] > times[i - 1])
              && values.get(i).length == values.getFirst().length
              && Arrays.stream(values.get(i)).allMatch(Double::isFinite);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "signal: %s times and %s rows; want two or more increasing times and as many finite rows of equal length"
              .formatted(times.length, values.size()));
    }
    this.intervals = times.length - 1;
    this.width = values.getFirst().length;
    this.starts = Arrays.copyOf(times, intervals);
    this.inverse = new double[intervals];
    this.first = values.getFirst().clone();
    this.changes = new double[intervals * width];
    this.startSlopes = smooth ? new double[intervals * width] : null;
    this.endSlopes = smooth ? new double[intervals * width] : null;
    for (int i = 0; i < intervals; i++) {
      double h = times[i + 1] - times[i];
      inverse[i] = 1 / h;
      for (int j = 0; j < width; j++) {
        changes[i * width + j] = values.get(i + 1)[j] - values.get(i)[j];
        if (smooth) {
          startSlopes[i * width + j] = h * slope(times, values, i, j);
          endSlopes[i * width + j] = -h * slope(times, values, i + 1, j);
        }
      }
    }
  }

  /// Linear interpolation of the values.
  ///
  /// @throws IllegalArgumentException unless there are two or more increasing times and as many
  ///     finite rows of equal length
  public static Signal linear(double[] times, List<double[]> values) {
    return new Signal(times, values, false);
  }

  /// Cubic Hermite interpolation of the values, with a continuous slope.
  ///
  /// @throws IllegalArgumentException under the conditions of [#linear]
  public static Signal cubic(double[] times, List<double[]> values) {
    return new Signal(times, values, true);
  }

  private static double slope(double[] times, List<double[]> values, int i, int j) {
    int last = times.length - 1;
    if (i == 0 || i == last) {
      return chord(times, values, i == 0 ? 0 : last - 1, j);
    }
    double before = times[i] - times[i - 1];
    double after = times[i + 1] - times[i];
    return (after * chord(times, values, i - 1, j) + before * chord(times, values, i, j))
        / (before + after);
  }

  private static double chord(double[] times, List<double[]> values, int i, int j) {
    return (values.get(i + 1)[j] - values.get(i)[j]) / (times[i + 1] - times[i]);
  }

  /// The number of inputs.
  public int width() {
    return width;
  }

  /// `u(t)`, of shape `[1, width]`, for a scalar `t`.
  public Var at(Var t) {
    Shape row = Shape.of(1, intervals);
    Shape matrix = Shape.of(intervals, width);
    Var s =
        t.reshape(1, 1)
            .broadcast(row)
            .sub(t.constant(row, starts))
            .mul(t.constant(row, inverse))
            .clamp(0, 1);
    Var u = t.constant(Shape.of(1, width), first);
    if (startSlopes == null) {
      return u.add(s.matmul(t.constant(matrix, changes)));
    }
    Var rest = s.neg().add(1);
    Var change = s.square().mul(s.mul(-2).add(3));
    return u.add(change.matmul(t.constant(matrix, changes)))
        .add(s.mul(rest.square()).matmul(t.constant(matrix, startSlopes)))
        .add(s.square().mul(rest).matmul(t.constant(matrix, endSlopes)));
  }
}
