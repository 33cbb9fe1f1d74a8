package org.flowline.neuralode.dynamics;

import java.util.Arrays;
import java.util.List;
import org.flowline.autodiff.Var;

/// Measured inputs `u(t)`, interpolated between their times, for a [ControlledField]. Constant
/// before the first and after the last.
///
/// With `s = (t − tᵢ)/hᵢ` for `tᵢ ≤ t < tᵢ₊₁`:
///
///     linear   u = uᵢ + s Δuᵢ
///     cubic    u = uᵢ + s²(3 − 2s) Δuᵢ + s(1 − s)² hᵢ mᵢ − s²(1 − s) hᵢ mᵢ₊₁
///
/// with slopes `mᵢ` from parabolas through three neighbours, at the ends from their interval. An
/// evaluation costs O(log K) for `K` times. Steps end at the times, see
/// [org.flowline.neuralode.NeuralField#breakpoints()].
public final class Signal {
  private final int width;
  private final double[] knots;
  private final double[][] coefficients;

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
    this.width = values.getFirst().length;
    this.knots = times.clone();
    this.coefficients = new double[smooth ? 4 : 2][(times.length + 1) * width];
    for (int j = 0; j < width; j++) {
      coefficients[0][j] = values.getFirst()[j];
      coefficients[0][times.length * width + j] = values.getLast()[j];
      for (int i = 0; i + 1 < times.length; i++) {
        double h = times[i + 1] - times[i];
        double change = values.get(i + 1)[j] - values.get(i)[j];
        double start = smooth ? h * slope(times, values, i, j) : change;
        int at = (i + 1) * width + j;
        coefficients[0][at] = values.get(i)[j];
        coefficients[1][at] = start;
        if (smooth) {
          double end = h * slope(times, values, i + 1, j);
          coefficients[2][at] = 3 * change - 2 * start - end;
          coefficients[3][at] = start + end - 2 * change;
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
    return t.piecewise(knots, coefficients).reshape(1, width);
  }
}
